import { createHash } from 'node:crypto';
import type { StorageApi, TableShape } from '@caruso/storage-manager/contract';
import { chunks } from './chunks.js';
import type { Comparables } from './match.js';

const RECORDS = 'caruso_match_record';
const BLOCKS = 'caruso_match_block';
const STATES = 'caruso_match_index';
/** Most stored records that one is held against, and most of one block: those that share most blocks with it. */
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

  /** Keeps records under their blocking keys; `fresh` ones were not there before. */
  async put(
    object: string,
    records: readonly { key: string; record: Comparables; blocks: readonly string[]; fresh: boolean }[],
  ): Promise<void> {
    const known = records.filter(({ key }) => key.length <= LONGEST_KEY);
    await this.remove(
      object,
      known.flatMap(({ key, fresh }) => (fresh ? [] : [key])),
    );
    const found = known.filter(({ blocks }) => blocks.length > 0);
    if (found.length === 0) return;
    await this.#storage.insertRows(this.database, {
      table: BLOCKS,
      columns: ['object', 'block', 'record'],
      rows: found.flatMap(({ key, blocks }) => [...new Set(blocks.map(hash))].map((block) => [object, block, key])),
    });
    await this.#storage.insertRows(this.database, {
      table: RECORDS,
      columns: ['object', 'record', 'compared'],
      rows: found.map(({ key, record }) => [object, key, JSON.stringify([...record])]),
    });
  }

  async remove(object: string, records: readonly string[]): Promise<void> {
    for (const some of chunks(records)) {
      for (const table of [BLOCKS, RECORDS])
        await this.#storage.query(this.database, (knex) =>
          knex(table).where({ object }).whereIn('record', some).delete(),
        );
    }
  }

  async clear(object: string): Promise<void> {
    await this.#storage.query(this.database, (knex) => knex(BLOCKS).where({ object }).delete());
    await this.#storage.query(this.database, (knex) => knex(RECORDS).where({ object }).delete());
  }

  /** For each list of blocks the records that share one of them, those that share most first. */
  async candidates(
    object: string,
    blocks: readonly (readonly string[])[],
  ): Promise<{ key: string; compared: Comparables }[][]> {
    const hashed = blocks.map((some) => [...new Set(some.map(hash))]);
    const members = await this.#members(object, [...new Set(hashed.flat())]);
    const near = hashed.map((some) => {
      const shared = new Map<string, number>();
      for (const block of some) for (const key of members.get(block) ?? []) shared.set(key, (shared.get(key) ?? 0) + 1);
      return [...shared]
        .sort(([a, most], [b, other]) => other - most || (a < b ? -1 : 1))
        .slice(0, MOST_CANDIDATES)
        .map(([key]) => key);
    });
    const compared = await this.#compared(object, [...new Set(near.flat())]);
    return near.map((keys) =>
      keys.flatMap((key) => {
        const found = compared.get(key);
        return found === undefined ? [] : [{ key, compared: found }];
      }),
    );
  }

  /** The first records of each block. */
  async #members(object: string, blocks: readonly string[]): Promise<Map<string, string[]>> {
    const members = new Map<string, string[]>();
    for (const some of chunks(blocks)) {
      const rows = await this.#storage.rows<{ block: string; record: string }>(
        this.database,
        `select block, record from (
           select block, record, row_number() over (partition by block order by record) as place
           from ${BLOCKS} where object = ? and block in (${places(some)})
         ) near where place <= ${MOST_CANDIDATES}`,
        [object, ...some],
      );
      for (const { block, record } of rows) {
        const known = members.get(block);
        if (known === undefined) members.set(block, [record]);
        else known.push(record);
      }
    }
    return members;
  }

  async #compared(object: string, keys: readonly string[]): Promise<Map<string, Comparables>> {
    const compared = new Map<string, Comparables>();
    for (const some of chunks(keys)) {
      const rows = await this.#storage.rows<{ record: string; compared: string }>(
        this.database,
        `select record, compared from ${RECORDS} where object = ? and record in (${places(some)})`,
        [object, ...some],
      );
      for (const row of rows) compared.set(row.record, new Map(JSON.parse(row.compared) as [string, string][]));
    }
    return compared;
  }
}

function places(values: readonly string[]): string {
  return values.map(() => '?').join(', ');
}

/** Blocks are found, never read: a hash is as long for every one, and tells nothing. */
function hash(block: string): string {
  return createHash('sha256').update(block).digest('base64url').slice(0, 22);
}
