import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { AttributeDescription, BusinessObjects, ObjectRecord } from '@caruso/business-objects/contract';
import { actingAs, type Client, currentCall } from '@caruso/service-manager/contract';
import { stringify } from 'csv-stringify/sync';
import { MASK, writeCell } from './cell.js';
import type { ExportQuery, Format } from './contract.js';
import { exportImpossible } from './errors.js';

/** Records read at once. */
const PAGE = 500;

export interface ExportSetting {
  decimal: '.' | ',';
  /** Of the day of the export, for the name of the file. */
  today: string;
}

const TYPES: Readonly<Record<Format, string>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  json: 'application/json; charset=utf-8',
};

/** What the calling user may see of an object, as a file; rights hold in the statements that read each page. */
export async function exportFile(
  objects: Pick<Client<typeof BusinessObjects>, 'describe' | 'find'>,
  query: ExportQuery,
  setting: ExportSetting,
): Promise<{ fileName: string; contentType: string; bytes: AsyncIterable<Uint8Array> }> {
  const { object, format } = query;
  const { objects: described } = await objects.describe({ object });
  const attributes = described[0]?.attributes ?? [];
  const columns = (query.columns ?? attributes.filter(({ type }) => type !== 'binary').map(({ name }) => name)).map(
    (name) => {
      const found = attributes.find((each) => each.name === name);
      if (found === undefined) throw exportImpossible(object, `it has no attribute '${name.slice(0, 80)}'`);
      return found;
    },
  );
  if (columns.length === 0) throw exportImpossible(object, 'there is nothing of it that you may see');
  // The first page is read before anything is sent, so that a wrong condition is an answer and not a broken file.
  const pages = await begin(objects, query);
  const write = { csv: csvBytes, xlsx: xlsxBytes, json: jsonBytes }[format];
  return {
    fileName: `${object}-${setting.today}.${format}`,
    contentType: TYPES[format],
    bytes: write(columns, pages, setting),
  };
}

type Pages = AsyncIterable<readonly ObjectRecord[]>;

async function begin(objects: Pick<Client<typeof BusinessObjects>, 'find'>, query: ExportQuery): Promise<Pages> {
  const { object, where, params, search, sort } = query;
  const { principal } = currentCall();
  // Whoever takes the bytes may be in another call, or in none, and that would be the house's own.
  const read = (after: string | null) =>
    actingAs(principal, () =>
      objects.find({
        object,
        limit: PAGE,
        ...(where === undefined ? {} : { where }),
        ...(params === undefined ? {} : { params }),
        ...(search === undefined ? {} : { search }),
        ...(sort === undefined ? {} : { sort }),
        ...(after === null ? {} : { after }),
      }),
    );
  const first = await read(null);
  return (async function* () {
    yield first.records;
    for (let { next } = first; next !== null; ) {
      const page = await read(next);
      yield page.records;
      next = page.next;
    }
  })();
}

async function* csvBytes(
  columns: readonly AttributeDescription[],
  pages: Pages,
  setting: ExportSetting,
): AsyncGenerator<Uint8Array> {
  // Spreadsheets guess wrong without the mark, and part columns by ; where the comma is taken by decimals.
  const options = { delimiter: setting.decimal === ',' ? ';' : ',', record_delimiter: 'windows' as const };
  yield Buffer.from(`\ufeff${stringify([columns.map(({ name }) => name)], options)}`);
  for await (const records of pages) {
    const rows = records.map(({ values }) => columns.map((each) => writeCell(each, values[each.name], setting)));
    if (rows.length > 0) yield Buffer.from(stringify(rows, options));
  }
}

async function* jsonBytes(columns: readonly AttributeDescription[], pages: Pages): AsyncGenerator<Uint8Array> {
  let before = '[\n';
  for await (const records of pages) {
    const lines = records.map(({ values }) =>
      JSON.stringify(Object.fromEntries(columns.map(({ name }) => [name, values[name] ?? null]))),
    );
    if (lines.length === 0) continue;
    yield Buffer.from(before + lines.join(',\n'));
    before = ',\n';
  }
  yield Buffer.from(before === '[\n' ? '[]\n' : '\n]\n');
}

async function* xlsxBytes(columns: readonly AttributeDescription[], pages: Pages): AsyncGenerator<Uint8Array> {
  const { default: ExcelJS } = await import('exceljs');
  const through = new PassThrough();
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: through });
  const sheet = book.addWorksheet(columns.length > 0 ? 'Records' : 'Empty', {
    views: [{ state: 'frozen', ySplit: 1 }],
  });
  sheet.columns = columns.map(({ name, type }) => ({
    header: name,
    key: name,
    width: Math.max(12, name.length + 2),
    style: styleOf(type),
  }));
  const writing = (async () => {
    for await (const records of pages) {
      for (const { values } of records)
        sheet.addRow(columns.map((each) => typedCell(each, values[each.name]))).commit();
      // Rows do not pile up in memory while whoever takes the file is slow, nor when he is gone.
      if (through.writableNeedDrain) await Promise.race([once(through, 'drain'), once(through, 'close')]);
      if (through.destroyed) return;
    }
    await book.commit();
  })();
  writing.catch((error: unknown) => through.destroy(error instanceof Error ? error : new Error(String(error))));
  yield* through as AsyncIterable<Uint8Array>;
  await writing;
}

function styleOf(type: AttributeDescription['type']): { numFmt?: string } {
  if (type === 'date') return { numFmt: 'yyyy-mm-dd' };
  return type === 'money' ? { numFmt: '#,##0.00' } : {};
}

/** Cells that a reader can go on calculating with; texts are texts to a workbook, whatever they begin with. */
function typedCell(attribute: AttributeDescription, value: unknown): string | number | boolean | Date | null {
  if (value === null || value === undefined) return null;
  if (attribute.sensitive === true && value === MASK) return MASK;
  if (attribute.type === 'tags') return Array.isArray(value) && value.length > 0 ? value.join(', ') : null;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (attribute.type === 'date') return new Date(`${String(value)}T00:00:00Z`);
  if (attribute.type === 'money') {
    const { amount, currency } = value as { amount: string; currency: string };
    return currency === attribute.currency && exact(amount) ? Number(amount) : `${amount} ${currency}`;
  }
  if (attribute.type === 'decimal') return exact(String(value)) ? Number(value) : String(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A spreadsheet calculates with 15 digits. */
function exact(decimal: string): boolean {
  return decimal.replaceAll(/\D/g, '').length <= 15;
}
