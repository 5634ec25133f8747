import type { StorageApi, TableShape } from '@caruso/storage-manager/contract';

/** Every mail as it came, and every mail that went out. */
const table: TableShape = {
  name: 'caruso_mail',
  kind: 'table',
  columns: [
    { name: 'id', type: 'text', nullable: false, length: 400 },
    { name: 'channel', type: 'text', nullable: false, length: 60 },
    { name: 'state', type: 'text', nullable: false, length: 20 },
    { name: 'at', type: 'datetime', nullable: false },
    { name: 'sender', type: 'text', nullable: true, length: 400 },
    { name: 'recipients', type: 'json', nullable: true },
    { name: 'raw', type: 'binary', nullable: true },
    { name: 'interaction', type: 'text', nullable: true, length: 60 },
    { name: 'message_id', type: 'text', nullable: true, length: 400 },
  ],
  primaryKey: ['id'],
  uniques: [],
  indexes: [['channel', 'state']],
  foreignKeys: [],
};

/** `received` waits to be processed; `kept` could not be, or only in part; `sent` went out. */
export type MailState = 'received' | 'processed' | 'kept' | 'sent';

export interface StoredMail {
  id: string;
  sender: string | null;
  recipients: string[];
  raw: Buffer;
}

/** The mails of one channel in the main database. */
export class MailStore {
  readonly #storage: StorageApi;
  readonly #channel: string;

  constructor(storage: StorageApi, channel: string) {
    this.#storage = storage;
    this.#channel = channel;
  }

  async prepare(): Promise<void> {
    await this.#storage.migrate(await this.#storage.plan('main', [table]));
  }

  /** Resolves once the mail is safe. */
  async received(mail: StoredMail, at: string): Promise<void> {
    await this.#insert({
      id: mail.id,
      state: 'received',
      at: this.#storage.encode('main', 'datetime', at),
      sender: mail.sender,
      recipients: this.#storage.encode('main', 'json', mail.recipients),
      raw: this.#storage.encode('main', 'binary', mail.raw.toString('base64')),
    });
  }

  /** Ids of what waits to be processed, the oldest first. */
  async waiting(): Promise<string[]> {
    const rows = await this.#storage.query<{ id: string }[]>('main', (knex) =>
      knex('caruso_mail')
        .select('id')
        .where({ channel: this.#channel, state: 'received' })
        .orderBy(['at', 'id'])
        .limit(100),
    );
    return rows.map((row) => row.id);
  }

  async read(id: string): Promise<StoredMail | null> {
    const [row] = await this.#storage.query<Record<string, unknown>[]>('main', (knex) =>
      knex('caruso_mail').select('id', 'sender', 'recipients', 'raw').where({ id, channel: this.#channel }),
    );
    if (row === undefined) return null;
    const recipients = this.#storage.decode('main', 'json', row.recipients);
    return {
      id,
      sender: typeof row.sender === 'string' ? row.sender : null,
      recipients: Array.isArray(recipients) ? recipients.map(String) : [],
      raw: Buffer.from(String(this.#storage.decode('main', 'binary', row.raw) ?? ''), 'base64'),
    };
  }

  async settle(id: string, state: MailState, interaction: string | null, messageId: string | null): Promise<void> {
    await this.#storage.query('main', (knex) =>
      knex('caruso_mail')
        .where({ id })
        .update({ state, interaction, message_id: messageId?.slice(0, 400) ?? null }),
    );
  }

  /** The Message-ID under which a message went out, or null where it did not. */
  async sentAs(message: string): Promise<string | null> {
    const [row] = await this.#storage.query<{ message_id: string }[]>('main', (knex) =>
      knex('caruso_mail')
        .select('message_id')
        .where({ id: sentId(message), channel: this.#channel, state: 'sent' }),
    );
    return row?.message_id ?? null;
  }

  async sent(message: string, mail: { at: string; to: string; interaction: string; messageId: string }): Promise<void> {
    await this.#insert({
      id: sentId(message),
      state: 'sent',
      at: this.#storage.encode('main', 'datetime', mail.at),
      recipients: this.#storage.encode('main', 'json', [mail.to]),
      interaction: mail.interaction,
      message_id: mail.messageId,
    });
  }

  /** How many mails are in each state. */
  async counts(): Promise<Record<string, number>> {
    const rows = await this.#storage.query<{ state: string; count: number | string }[]>('main', (knex) =>
      knex('caruso_mail').select('state').count({ count: '*' }).where({ channel: this.#channel }).groupBy('state'),
    );
    return Object.fromEntries(rows.map((row) => [row.state, Number(row.count)]));
  }

  async #insert(row: Record<string, unknown>): Promise<void> {
    await this.#storage.query('main', (knex) => knex('caruso_mail').insert({ channel: this.#channel, ...row }));
  }
}

function sentId(message: string): string {
  return `sent~${message}`;
}
