import type { StorageApi, TableShape } from '@caruso/storage-manager/contract';
import type { RowState } from './contract.js';
import type { TableRow } from './read-table.js';

const ROWS = 'caruso_import_row';

const table: TableShape = {
  name: ROWS,
  kind: 'table',
  columns: [
    { name: 'import', type: 'text', nullable: false, length: 60 },
    { name: 'line', type: 'integer', nullable: false },
    { name: 'state', type: 'text', nullable: false, length: 20 },
    { name: 'cells', type: 'text', nullable: false },
    { name: 'record', type: 'text', nullable: true },
    { name: 'version', type: 'text', nullable: true },
    { name: 'before', type: 'text', nullable: true },
    { name: 'problems', type: 'text', nullable: true },
  ],
  primaryKey: ['import', 'line'],
  uniques: [],
  indexes: [['import', 'state', 'line']],
  foreignKeys: [],
};

/** Rows that one statement deletes. */
const CLEARED = 1000;

export interface Problem {
  /** Null where it concerns the row as a whole. */
  column: string | null;
  message: string;
}

/** What became of a row. */
export interface Outcome {
  state: RowState;
  /** Key of the record it became, or is the same as. */
  record: string | null;
  /** Of that record, after it was stored. */
  version: string | null;
  /** Values that it had before. */
  before: Record<string, unknown> | null;
  problems: Problem[];
}

export interface ImportRow extends Outcome {
  line: number;
  cells: Record<string, unknown>;
}

interface Stored {
  line: number;
  state: RowState;
  cells: string;
  record: string | null;
  version: string | null;
  before: string | null;
  problems: string | null;
}

/** The rows of imports, and what became of each: written in the unit of work of what they became. */
export class ImportRows {
  readonly #storage: StorageApi;

  constructor(storage: StorageApi) {
    this.#storage = storage;
  }

  async prepare(): Promise<void> {
    await this.#storage.migrate(await this.#storage.plan('main', [table]));
  }

  async add(id: string, rows: readonly TableRow[]): Promise<void> {
    await this.#storage.insertRows('main', {
      table: ROWS,
      columns: ['import', 'line', 'state', 'cells'],
      rows: rows.map(({ line, cells }) => [id, line, 'read', JSON.stringify(cells)]),
    });
  }

  /** The next rows in one of some states behind a line; before it, the last ones first, with `descending`. */
  async next(
    id: string,
    states: readonly RowState[],
    limit: number,
    { from, descending }: { from: number | undefined; descending: boolean },
  ): Promise<ImportRow[]> {
    const rows = await this.#storage.query<Stored[]>('main', (knex) => {
      const query = knex(ROWS)
        .where({ import: id })
        .whereIn('state', [...states])
        .orderBy('line', descending ? 'desc' : 'asc')
        .limit(limit);
      return from === undefined ? query : query.where('line', descending ? '<' : '>', from);
    });
    return rows.map(rowOf);
  }

  async page(id: string, states: readonly RowState[] | undefined, after: number, limit: number): Promise<ImportRow[]> {
    const rows = await this.#storage.query<Stored[]>('main', (knex) => {
      const query = knex(ROWS).where({ import: id }).where('line', '>', after).orderBy('line').limit(limit);
      return states === undefined ? query : query.whereIn('state', [...states]);
    });
    return rows.map(rowOf);
  }

  /** Writes down what became of rows. */
  async settle(id: string, outcomes: readonly (readonly [ImportRow, Outcome])[]): Promise<void> {
    const columns = ['state', 'record', 'version', 'before', 'problems'];
    await this.#storage.insertRows('main', {
      table: ROWS,
      columns: ['import', 'line', 'cells', ...columns],
      rows: outcomes.map(([{ line }, { state, record, version, before, problems }]) => [
        id,
        line,
        // They are there already, and stay as they are.
        '',
        state,
        record,
        version,
        before === null ? null : JSON.stringify(before),
        problems.length === 0 ? null : JSON.stringify(problems),
      ]),
      replace: { key: ['import', 'line'], columns },
    });
  }

  /** Versions of the records that rows were taken back from, by key: of each the one after the first of its rows. */
  async undone(id: string): Promise<Map<string, string>> {
    const rows = await this.#storage.query<{ record: string; version: string }[]>('main', (knex) =>
      knex(ROWS)
        .where({ import: id, state: 'undone' })
        .whereNotNull('version')
        .select('record', 'version')
        .orderBy('line', 'desc'),
    );
    return new Map(rows.map(({ record, version }) => [record, version]));
  }

  /** Every row that was only tried is as it was read. */
  async forget(id: string): Promise<void> {
    const tried: RowState[] = ['sound', 'match', 'same', 'perhaps', 'faulty', 'refused'];
    await this.#storage.query('main', (knex) =>
      knex(ROWS).where({ import: id }).whereIn('state', tried).update({ state: 'read', record: null, problems: null }),
    );
  }

  /** Deletes all rows of an import, so many at a time as others can wait for. */
  async clear(id: string): Promise<void> {
    for (;;) {
      const [last] = await this.#storage.query<{ line: number }[]>('main', (knex) =>
        knex(ROWS)
          .where({ import: id })
          .orderBy('line')
          .offset(CLEARED - 1)
          .limit(1)
          .select('line'),
      );
      await this.#storage.query('main', (knex) => {
        const rows = knex(ROWS).where({ import: id });
        return (last === undefined ? rows : rows.where('line', '<=', last.line)).delete();
      });
      if (last === undefined) return;
    }
  }

  async counts(id: string): Promise<Partial<Record<RowState, number>>> {
    const rows = await this.#storage.query<{ state: RowState; rows: number }[]>('main', (knex) =>
      knex(ROWS).where({ import: id }).select('state').count('* as rows').groupBy('state'),
    );
    return Object.fromEntries(rows.map(({ state, rows: count }) => [state, Number(count)]));
  }
}

function rowOf(row: Stored): ImportRow {
  return {
    ...row,
    line: Number(row.line),
    cells: JSON.parse(row.cells) as Record<string, unknown>,
    before: row.before === null ? null : (JSON.parse(row.before) as Record<string, unknown>),
    problems: row.problems === null ? [] : (JSON.parse(row.problems) as Problem[]),
  };
}
