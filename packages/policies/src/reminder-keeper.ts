import type { BusinessObjects, ModelApi } from '@caruso/business-objects/contract';
import type { Client, Clock, Ids, Log, Principal } from '@caruso/service-manager/contract';
import type { JournalApi, StorageApi } from '@caruso/storage-manager/contract';
import type { Reminder } from './contract.js';
import { reminderTimeInvalid, reminderUnknown } from './errors.js';

/** The name under which this component owns Reminder in its model file. */
const owner = 'policies';

export interface ReminderParts {
  storage: StorageApi;
  journal: JournalApi;
  model: ModelApi;
  objects: Client<typeof BusinessObjects>;
  clock: Clock;
  ids: Ids;
  log: Log;
}

export interface NewReminder {
  text: string;
  at: string;
  to: string;
  about?: { object: string; key: string } | undefined;
  once?: string | undefined;
}

type Row = Record<string, unknown>;

/** Keeps reminders and fires `Reminder.due` at their time; those missed while nothing ran fire at the next start. */
export class ReminderKeeper {
  readonly #parts: ReminderParts;
  #cancel = () => {};
  #firing: Promise<void> = Promise.resolve();

  constructor(parts: ReminderParts) {
    this.#parts = parts;
  }

  async create(reminder: NewReminder): Promise<Reminder> {
    const { storage, model, ids, objects } = this.#parts;
    const at = new Date(reminder.at);
    if (Number.isNaN(at.getTime())) throw reminderTimeInvalid(reminder.at);
    const { about } = reminder;
    const record = about === undefined ? null : await objects.get(about);
    return storage.unitOfWork(async () => {
      const [known] =
        reminder.once === undefined ? [] : await model.load('Reminder', 'once = given', { given: reminder.once });
      if (known !== undefined) return reminderOf(known);
      const row: Row = {
        id: ids.next(),
        text: reminder.text,
        at: at.toISOString(),
        to: reminder.to,
        aboutObject: about?.object ?? null,
        aboutKey: about?.key ?? null,
        aboutDisplay: record?.display ?? about?.key ?? null,
        state: 'waiting',
        once: reminder.once ?? null,
      };
      await this.#write('create', 'Reminder.created', row);
      storage.afterCommit(() => this.plan());
      return reminderOf(row);
    });
  }

  /** Waiting and due reminders to the caller or one of the caller's roles, the next first. */
  async of(principal: Principal): Promise<Reminder[]> {
    const to = [`user:${principal.id}`, ...principal.roles.map((role) => `role:${role}`)];
    const rows = await this.#parts.model.load('Reminder', "state <> 'done' and to in addressees", { addressees: to });
    return rows.map(reminderOf).sort((a, b) => (a.at < b.at ? -1 : 1));
  }

  async done(id: string, principal: Principal): Promise<Reminder> {
    const mine = await this.of(principal);
    const reminder = mine.find((each) => each.id === id);
    if (reminder === undefined) throw reminderUnknown(id);
    await this.#parts.storage.unitOfWork(() => this.#write('update', 'Reminder.done', { id, state: 'done' }));
    return { ...reminder, state: 'done' };
  }

  /** Sets the timer for the next reminder; fires at once what is due. */
  async plan(): Promise<void> {
    const { model, clock } = this.#parts;
    const waiting = await model.load('Reminder', "state = 'waiting'");
    const next = waiting.map((row) => Date.parse(String(row['at']))).sort((a, b) => a - b)[0];
    this.#cancel();
    if (next === undefined) return;
    this.#cancel = clock.after(Math.max(next - clock.now(), 0), () => {
      this.#firing = this.#firing.then(() => this.#fireDue()).catch((error: unknown) => this.#retry(error));
    });
  }

  async stop(): Promise<void> {
    this.#cancel();
    await this.#firing;
  }

  async #fireDue(): Promise<void> {
    const { storage, model, clock } = this.#parts;
    const due = await model.load('Reminder', "state = 'waiting' and at <= moment", {
      moment: new Date(clock.now()).toISOString(),
    });
    for (const row of due) {
      await storage.unitOfWork(() => this.#write('update', 'Reminder.due', { id: row['id'], state: 'due' }));
    }
    await this.plan();
  }

  #retry(error: unknown): void {
    const { clock, log } = this.#parts;
    log.error(
      { error: error instanceof Error ? error.message : String(error) },
      'reminders could not be fired; trying again in 10 s',
    );
    this.#cancel = clock.after(10_000, () => {
      this.#firing = this.#fireDue().catch((again: unknown) => this.#retry(again));
    });
  }

  async #write(operation: 'create' | 'update', type: string, values: Row): Promise<void> {
    const { model, journal } = this.#parts;
    const change = await model.write(owner, operation, 'Reminder', values);
    await journal.append({
      type,
      subject: { object: 'Reminder', key: change.key },
      data: { to: change.after?.['to'] ?? null },
      changes: [change],
    });
  }
}

function reminderOf(row: Row): Reminder {
  const { aboutObject: object, aboutKey: key, aboutDisplay: display } = row;
  return {
    id: String(row['id']),
    text: String(row['text']),
    at: String(row['at']),
    to: String(row['to']),
    about:
      typeof object === 'string' && typeof key === 'string' ? { object, key, display: String(display ?? key) } : null,
    state: row['state'] as Reminder['state'],
  };
}
