import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { JSONParser } from '@streamparser/json';
import { CsvError, parse } from 'csv-parse';
import type { Format } from './contract.js';
import { fileUnreadable } from './errors.js';
import { refuseBomb } from './zip-size.js';

/** One row of a file. */
export interface TableRow {
  /** Of the file; of JSON the number of the record. */
  line: number;
  /** By the name of the column. */
  cells: Record<string, unknown>;
}

const MOST_ROWS = 1_000_000;
const MOST_COLUMNS = 500;
const LONGEST_CELL = 200_000;
/** Bytes of one record of a CSV file: what an unclosed quotation mark may swallow. */
const LONGEST_RECORD = 5_000_000;

/**
 * Reads a file row by row, as it is asked for. Throws FILE_UNREADABLE, which names the line.
 *
 * @param path of the file; it is read more than once, to find out how it is written
 */
export async function* readTable(path: string, format: Format): AsyncGenerator<TableRow> {
  const rows = format === 'csv' ? readCsv(path) : format === 'xlsx' ? readXlsx(path) : readJson(path);
  let count = 0;
  for await (const row of rows) {
    if (++count > MOST_ROWS) throw fileUnreadable(`line ${row.line}`, `there are more than ${MOST_ROWS} rows`);
    const entries = Object.entries(row.cells);
    refuseWide(row.line, entries.length);
    for (const [column, cell] of entries) {
      if (typeof cell === 'string' && cell.length > LONGEST_CELL)
        throw fileUnreadable(`line ${row.line}, column '${column}'`, `a cell has more than ${LONGEST_CELL} characters`);
    }
    if (entries.some(([, cell]) => cell !== null && cell !== '')) yield row;
  }
}

async function* readCsv(path: string): AsyncGenerator<TableRow> {
  const { encoding, sample } = await sniff(path);
  const parser = parse({
    bom: true,
    delimiter: delimiterOf(sample),
    relax_column_count: true,
    info: true,
    max_record_size: LONGEST_RECORD,
  });
  const stream = createReadStream(path);
  const decoder = new TextDecoder(encoding);
  // The parser knows no Windows code page, so the text is decoded before it.
  stream.on('data', (chunk) => {
    if (!parser.write(decoder.decode(chunk as Buffer, { stream: true }))) {
      stream.pause();
      parser.once('drain', () => stream.resume());
    }
  });
  stream.on('end', () => parser.end(decoder.decode()));
  stream.on('error', (error) => parser.destroy(error));
  let columns: string[] | undefined;
  // The line on which the record before ended.
  let last = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      // Empty lines count, so that the number of a line is that of an editor.
      refuseWide(last + 1, record.length);
      if (columns !== undefined) yield { line: last + 1, cells: cellsOf(columns, record) };
      else if (record.some((name) => name !== '')) columns = columnNames(record);
      last = info.lines;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw fileUnreadable(`line ${String(error['lines'] ?? last + 1)}`, csvReason(error));
  } finally {
    stream.destroy();
  }
}

function csvReason(error: CsvError): string {
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') return 'a quotation mark is not closed';
  if (error.code === 'CSV_MAX_RECORD_SIZE') return 'one record is longer than 5 MB: a quotation mark is not closed';
  return error.message;
}

async function* readXlsx(path: string): AsyncGenerator<TableRow> {
  await refuseBomb(path);
  const { default: ExcelJS } = await import('exceljs');
  const book = new ExcelJS.stream.xlsx.WorkbookReader(path, {
    worksheets: 'emit',
    sharedStrings: 'cache',
    styles: 'cache',
    hyperlinks: 'ignore',
    entries: 'ignore',
  });
  try {
    for await (const sheet of book) {
      let columns: string[] | undefined;
      for await (const row of sheet) {
        const cells = Array.isArray(row.values) ? row.values.slice(1) : [];
        refuseWide(row.number, cells.length);
        const values = cells.map(plainCell);
        if (columns === undefined) columns = columnNames(values.map((value) => String(value ?? '')));
        else yield { line: row.number, cells: cellsOf(columns, values) };
      }
      // The first sheet is the table; others are notes.
      return;
    }
  } catch (error) {
    throw isOurs(error) ? error : fileUnreadable('the workbook', `it is no XLSX file (${String(error).slice(0, 200)})`);
  }
}

/** Formulas count as what they last came to, rich text as its text. */
function plainCell(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value ?? null;
  if ('result' in value) return plainCell(value.result);
  if ('richText' in value && Array.isArray(value.richText))
    return value.richText.map((run: { text?: string }) => run.text ?? '').join('');
  if ('text' in value) return plainCell(value.text);
  return 'error' in value ? String(value.error) : null;
}

async function* readJson(path: string): AsyncGenerator<TableRow> {
  const { sample, encoding } = await sniff(path);
  if (encoding !== 'utf-8') throw fileUnreadable('the file', 'a JSON file is written in UTF-8, and this one is not');
  // An array of records, else a record a line.
  yield* sample.trimStart().startsWith('[') ? readArray(path) : readLines(path);
}

async function* readArray(path: string): AsyncGenerator<TableRow> {
  const parser = new JSONParser({ paths: ['$.*'], keepStack: false });
  const ready: unknown[] = [];
  let failed: unknown;
  parser.onValue = ({ value }) => void ready.push(value);
  parser.onError = (error) => {
    failed ??= error;
  };
  let line = 0;
  for await (const chunk of createReadStream(path)) {
    if (failed === undefined) parser.write(chunk as Buffer);
    for (const value of ready.splice(0)) {
      line++;
      yield { line, cells: recordOf(value, line) };
    }
    if (failed !== undefined)
      throw fileUnreadable(`record ${line + 1}`, `it is no JSON (${String(failed).slice(0, 200)})`);
  }
  if (!parser.isEnded) throw fileUnreadable(`record ${line + 1}`, 'the file ends before the list does');
}

async function* readLines(path: string): AsyncGenerator<TableRow> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    line++;
    if (text.trim() === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(line === 1 ? text.replace(/^\ufeff/, '') : text);
    } catch (error) {
      throw fileUnreadable(`line ${line}`, `it is no JSON (${String(error).slice(0, 200)})`);
    }
    yield { line, cells: recordOf(value, line) };
  }
}

function recordOf(value: unknown, line: number): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw fileUnreadable(`record ${line}`, 'it is no object with attributes');
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== '__proto__'));
}

/** Throws FILE_UNREADABLE before anything is made of so many cells. */
function refuseWide(line: number, columns: number): void {
  if (columns > MOST_COLUMNS) throw fileUnreadable(`line ${line}`, `there are more than ${MOST_COLUMNS} columns`);
}

function columnNames(header: readonly string[]): string[] {
  const names = new Set<string>();
  for (const [index, given] of header.entries()) {
    const name = given.trim().slice(0, 200) || `Column ${index + 1}`;
    let free = name;
    for (let copy = 2; names.has(free); copy++) free = `${name} (${copy})`;
    names.add(free);
  }
  return [...names];
}

function cellsOf(columns: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const cells: Record<string, unknown> = {};
  for (let index = 0; index < Math.max(columns.length, values.length); index++)
    cells[columns[index] ?? `Column ${index + 1}`] = values[index] ?? null;
  return cells;
}

const SAMPLE = 64 * 1024;

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** The beginning of a file, and how it is encoded; what is neither UTF-8 nor UTF-16 was most likely written by Windows. */
async function sniff(path: string): Promise<{ encoding: Encoding; sample: string }> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SAMPLE), 0, SAMPLE, 0);
    const head = buffer.subarray(0, bytesRead);
    const encoding = utf16Of(head) ?? ((await isUtf8(path)) ? 'utf-8' : 'windows-1252');
    return { encoding, sample: new TextDecoder(encoding).decode(head) };
  } finally {
    await file.close();
  }
}

/** UTF-16 by its mark, or without one by the zeros that half of its bytes are in Western texts. */
function utf16Of(head: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  for (const [at, byte] of head.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (even + odd < head.length / 4) return undefined;
  return odd > even * 10 ? 'utf-16le' : even > odd * 10 ? 'utf-16be' : undefined;
}

async function isUtf8(path: string): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of createReadStream(path)) decoder.decode(chunk as Buffer, { stream: true });
    decoder.decode();
    return true;
  } catch {
    return false;
  }
}

/** The sign that parts the first line most often, outside of quotation marks. */
function delimiterOf(sample: string): string {
  const [first = ''] = sample.replaceAll(/"[^"]*"/g, '').split(/\r?\n/);
  const counted = [',', ';', '\t', '|'].map((sign) => ({ sign, count: first.split(sign).length }));
  return counted.reduce((best, each) => (each.count > best.count ? each : best)).sign;
}

function isOurs(error: unknown): boolean {
  return error instanceof Error && error.name === 'CarusoError';
}
