import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import ExcelJS from 'exceljs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Format } from './contract.js';
import { readTable, type TableRow } from './read-table.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'caruso-table-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function read(content: string | Buffer, format: Format): Promise<TableRow[]> {
  const file = path.join(folder, 'file');
  writeFileSync(file, content);
  const rows: TableRow[] = [];
  for await (const row of readTable(file, format)) rows.push(row);
  return rows;
}

describe('a CSV file', () => {
  it('has its lines, also behind a cell with several, and no empty ones', async () => {
    expect(await read('name,note\nAda,"one\ntwo"\n\nBob,three\n', 'csv')).toEqual([
      { line: 2, cells: { name: 'Ada', note: 'one\ntwo' } },
      { line: 5, cells: { name: 'Bob', note: 'three' } },
    ]);
  });

  it.each([
    ['commas', 'a,b\n1,"x;y"\n'],
    ['semicolons', 'a;b\n1;"x;y"\n'],
    ['tabs', 'a\tb\n1\tx;y\n'],
    ['a byte order mark', '\ufeffa,b\r\n1,x;y\r\n'],
    ['UTF-16', Buffer.from('\ufeffa;b\n1;"x;y"\n', 'utf16le')],
  ])('may be written with %s', async (_, content) => {
    expect((await read(content, 'csv')).map(({ cells }) => cells)).toEqual([{ a: '1', b: 'x;y' }]);
  });

  it('that is not UTF-8 was written by Windows', async () => {
    expect((await read(Buffer.from('naam\nAndr\xe9 \x80\n', 'latin1'), 'csv'))[0]?.cells).toEqual({ naam: 'André €' });
  });

  it('may have columns of the same name, of none, and cells too many', async () => {
    expect((await read('a,,a\n1,2,3,4\n', 'csv'))[0]?.cells).toEqual({
      a: '1',
      'Column 2': '2',
      'a (2)': '3',
      'Column 4': '4',
    });
  });

  it('with an open quotation mark is told with its line', async () => {
    await expect(read('a,b\n1,2\n3,"4\n5,6\n', 'csv')).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: expect.stringMatching(/^line \d+: a quotation mark is not closed/),
    });
  });
});

describe('a JSON file', () => {
  it.each([
    ['a list', '[{"a":1,"b":{"c":2}},\n {"a":"x"}]'],
    ['a record a line', '{"a":1,"b":{"c":2}}\n\n{"a":"x"}\n'],
  ])('is %s', async (_, content) => {
    expect((await read(content, 'json')).map(({ cells }) => cells)).toEqual([{ a: 1, b: { c: 2 } }, { a: 'x' }]);
  });

  it.each([
    ['[{"a":1},{"a":', /record 2: the file ends/],
    ['[{"a":1},2]', /record 2: it is no object/],
    ['[{"a":1}}', /record 2: it is no JSON/],
    ['{"a":1}\n{"a"\n', /line 2: it is no JSON/],
  ])('%j is told with its place', async (content, message) => {
    await expect(read(content, 'json')).rejects.toThrow(message);
  });

  it('cannot smuggle a prototype in', async () => {
    const [row] = await read('[{"__proto__":{"admin":true},"a":1}]', 'json');
    expect(row?.cells).toEqual({ a: 1 });
    expect(Object.getPrototypeOf(row?.cells)).toBe(Object.prototype);
  });
});

describe('a workbook', () => {
  it('has typed cells, what formulas came to, and the first sheet alone', async () => {
    const book = new ExcelJS.Workbook();
    const sheet = book.addWorksheet('Customers');
    sheet.addRow(['name', 'since', 'value', 'sum', 'rich']);
    sheet.addRow([
      'Ada',
      new Date(Date.UTC(2026, 0, 31)),
      12.5,
      { formula: 'C2*2', result: 25 },
      { richText: [{ text: 'a' }, { text: 'b' }] },
    ]);
    sheet.getColumn(2).numFmt = 'yyyy-mm-dd';
    book.addWorksheet('Notes').addRow(['not', 'this']);
    const rows = await read(Buffer.from(await book.xlsx.writeBuffer()), 'xlsx');
    expect(rows).toEqual([
      { line: 2, cells: { name: 'Ada', since: new Date(Date.UTC(2026, 0, 31)), value: 12.5, sum: 25, rich: 'ab' } },
    ]);
  });

  it('that is none is told', async () => {
    await expect(read('not a zip', 'xlsx')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  it('that is a bomb is not unpacked', async () => {
    await expect(read(bomb(), 'xlsx')).rejects.toThrow(/unpacked it would have \d+ MB/);
  });
});

/** A zip file of one entry whose directory says that it unpacks to 4 GB. */
function bomb(): Buffer {
  const name = Buffer.from('xl/worksheets/sheet1.xml');
  const packed = deflateRawSync(Buffer.alloc(1000));
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(packed.length, 18);
  local.writeUInt16LE(name.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt32LE(packed.length, 20);
  entry.writeUInt32LE(0xfffffff0, 24);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(46 + name.length, 12);
  end.writeUInt32LE(30 + name.length + packed.length, 16);
  return Buffer.concat([local, name, packed, entry, name, end]);
}
