import type { StorageApi, TableShape } from '@caruso/storage-manager/contract';
import type { Moved } from './relinker.js';

const MOVES = 'caruso_merge_move';

const table: TableShape = {
  name: MOVES,
  kind: 'table',
  columns: [
    { name: 'merge', type: 'text', nullable: false, length: 60 },
    { name: 'part', type: 'integer', nullable: false },
    { name: 'moved', type: 'text', nullable: false },
  ],
  primaryKey: ['merge', 'part'],
  uniques: [],
  indexes: [],
  foreignKeys: [],
};

/** Moves in one row of the table. */
const PART = 500;

/** What merges moved, in order and however much it was, for their undoing. Works inside the running unit of work. */
export class MoveLog {
  readonly #storage: StorageApi;

  constructor(storage: StorageApi) {
    this.#storage = storage;
  }

  async prepare(): Promise<void> {
    await this.#storage.migrate(await this.#storage.plan('main', [table]));
  }

  async write(merge: string, moved: readonly Moved[]): Promise<void> {
    const parts = Array.from({ length: Math.ceil(moved.length / PART) }, (_, at) =>
      moved.slice(at * PART, (at + 1) * PART),
    );
    if (parts.length === 0) return;
    await this.#storage.insertRows('main', {
      table: MOVES,
      columns: ['merge', 'part', 'moved'],
      rows: parts.map((part, at) => [merge, at, JSON.stringify(part)]),
    });
  }

  async read(merge: string): Promise<Moved[]> {
    const rows = await this.#storage.query<{ moved: string }[]>('main', (knex) =>
      knex(MOVES).where({ merge }).orderBy('part').select('moved'),
    );
    return rows.flatMap(({ moved }) => JSON.parse(moved) as Moved[]);
  }

  /** What was undone is nobody's to undo again. */
  async remove(merge: string): Promise<void> {
    await this.#storage.query('main', (knex) => knex(MOVES).where({ merge }).delete());
  }
}
