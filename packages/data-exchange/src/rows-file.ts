import { stringify } from 'csv-stringify/sync';
import { escaped } from './cell.js';
import type { FileOut, RowState } from './contract.js';
import type { ImportRow, ImportRows } from './import-rows.js';

/** Rows read at once. */
const PAGE = 500;

/** Rows of an import as they came, with what is said of them in columns behind. */
export function rowsFile(
  rows: Pick<ImportRows, 'page'>,
  { id, fileName, columns }: { id: string; fileName: string; columns: readonly string[] },
  states: readonly RowState[] | undefined,
  decimal: '.' | ',',
): FileOut {
  const options = { delimiter: decimal === ',' ? ';' : ',', record_delimiter: 'windows' as const };
  const line = ({ line: number, state, cells, problems }: ImportRow) => [
    ...columns.map((column) => textOf(Object.hasOwn(cells, column) ? cells[column] : null)),
    String(number),
    state,
    escaped(problems.map(({ column, message }) => (column === null ? message : `${column}: ${message}`)).join('; ')),
  ];
  async function* bytes(): AsyncGenerator<Uint8Array> {
    const names = ['line', 'state', 'problems'].map((name) => (columns.includes(name) ? `import ${name}` : name));
    yield Buffer.from(`\ufeff${stringify([[...columns.map(escaped), ...names]], options)}`);
    for (let after = 0; ; ) {
      const page = await rows.page(id, states, after, PAGE);
      const last = page.at(-1);
      if (last === undefined) return;
      yield Buffer.from(stringify(page.map(line), options));
      after = last.line;
    }
  }
  const base = fileName.replace(/\.[^.]*$/, '');
  return { fileName: `${base}-rows.csv`, contentType: 'text/csv; charset=utf-8', bytes: bytes() };
}

function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  return escaped(typeof cell === 'object' ? JSON.stringify(cell) : String(cell));
}
