import { createHash } from 'node:crypto';
import type { StorageApi, TableShape } from '@caruso/storage-manager/contract';
import type { Comparables } from './match.js';

const RECORDS = 'caruso_match_record';
const BLOCKS = 'caruso_match_block';
const STATES = 'caruso_match_index';
/** Most stored records that one is held against: those that share most blocks with it. */
const MOST_CANDIDATES = 100;
/** What an index of every database can still hold of a key. */
const LONGEST_KEY = 400;

const text = (name: string, length: number) => ({ name, type: 'text' as const, nullable: false, length });
const table = (
  name: string,
  columns: TableShape['columns'],
  primaryKey: string[],
  indexes: string[][],
): TableShape => ({
  name,
  kind: 'table',
  columns,
  primaryKey,
  uniques: [],
  indexes,
  foreignKeys: [],
});

const tables: TableShape[] = [
  // The compared values lie beside the keys, so that candidates of a database that is down, or slow, are still compared.
  table(
    RECORDS,
    [text('object', 100), text('record', LONGEST_KEY), { name: 'compared', type: 'text', nullable: false }],
    ['object', 'record'],
    [],
  ),
  table(
    BLOCKS,
    [text('object', 100), text('block', 22), text('record', LONGEST_KEY)],
    ['object', 'block', 'record'],
    [['object', 'record']],
  ),
  table(
    STATES,
    [
      text('object', 100),
      text('fingerprint', 22),
      { name: 'position', type: 'text', nullable: true },
      { name: 'complete', type: 'integer', nullable: false, default: 0 },
    ],
    ['object'],
    [],
  ),
];

export interface IndexState {
  fingerprint: string;
  /** Where the next page of a building begins. */
  position: string | null;
  complete: boolean;
}

/** The stored blocking keys of one database, maintained in the unit of work of each record. */
export class MatchIndex {
  readonly #storage: StorageApi;
  readonly database: string;

  constructor(storage: StorageApi, database: string) {
    this.#storage = storage;
    this.database = database;
  }

  async prepare(): Promise<void> {
    await this.#storage.migrate(await this.#storage.plan(this.database, tables));
  }

  async state(object: string): Promise<IndexState | undefined> {
    const [row] = await this.#storage.query<{ fingerprint: string; position: string | null; complete: number }[]>(
      this.database,
      (knex) => knex(STATES).where({ object }),
    );
    return row === undefined ? undefined : { ...row, complete: Number(row.complete) === 1 };
  }

  async setState(object: string, state: IndexState): Promise<void> {
    const row = { ...state, complete: state.complete ? 1 : 0 };
    await this.#storage.query(this.database, (knex) =>
      knex(STATES)
        .insert({ object, ...row })
        .onConflict('object')
        .merge(row),
    );
  }

  /** Two records that are the same are entered one after the other, so that the second meets the first. */
  async lock(object: string): Promise<void> {
    if (this.#storage.dialect(this.database) === 'sqlite') return;
    await this.#storage.query(this.database, (knex) => knex(STATES).select('object').where({ object }).forUpdate());
  }

  /** @param fresh the record was not there before */
  async put(
    object: string,
    record: string,
    compared: Comparables,
    blocks: readonly string[],
    fresh = false,
  ): Promise<void> {
    if (record.length > LONGEST_KEY) return;
    if (!fresh) await this.remove(object, record);
    if (blocks.length === 0) return;
    const rows = [...new Set(blocks.map(hash))].map((block) => ({ object, block, record }));
    await this.#storage.query(this.database, (knex) => knex(BLOCKS).insert(rows));
    const row = { object, record, compared: JSON.stringify([...compared]) };
    await this.#storage.query(this.database, (knex) => knex(RECORDS).insert(row));
  }

  async remove(object: string, record: string): Promise<void> {
    await this.#storage.query(this.database, (knex) => knex(BLOCKS).where({ object, record }).delete());
    await this.#storage.query(this.database, (knex) => knex(RECORDS).where({ object, record }).delete());
  }

  async clear(object: string): Promise<void> {
    await this.#storage.query(this.database, (knex) => knex(BLOCKS).where({ object }).delete());
    await this.#storage.query(this.database, (knex) => knex(RECORDS).where({ object }).delete());
  }

  /** Records that share a block, those that share most of them first. */
  async candidates(object: string, blocks: readonly string[]): Promise<{ key: string; compared: Comparables }[]> {
    if (blocks.length === 0) return [];
    const hashes = [...new Set(blocks.map(hash))];
    const places = (count: number) => Array.from({ length: count }, () => '?').join(', ');
    // Prepared once for all records with as many keys: this is asked for each record that is entered.
    const near = await this.#storage.rows<{ record: string }>(
      this.database,
      `select record from ${BLOCKS} where object = ? and block in (${places(hashes.length)})
       group by record order by count(*) desc, record limit ${MOST_CANDIDATES}`,
      [object, ...hashes],
    );
    if (near.length === 0) return [];
    const rows = await this.#storage.rows<{ record: string; compared: string }>(
      this.database,
      `select record, compared from ${RECORDS} where object = ? and record in (${places(near.length)})`,
      [object, ...near.map(({ record }) => record)],
    );
    return rows.map(({ record, compared }) => ({
      key: record,
      compared: new Map(JSON.parse(compared) as [string, string][]),
    }));
  }
}

/** Blocks are found, never read: a hash is as long for every one, and tells nothing. */
function hash(block: string): string {
  return createHash('sha256').update(block).digest('base64url').slice(0, 22);
}
