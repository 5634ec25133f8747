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
    ['UTF-16 the other way round', Buffer.from('\ufeffa;b\n1;"x;y"\n', 'utf16le').swap16()],
    ['UTF-16 without a mark', Buffer.from('a;b\n1;"x;y"\n', 'utf16le')],
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

  it('with a million columns of one name is refused before a free name is looked for', async () => {
    await expect(read('a,'.repeat(1_000_000), 'csv')).rejects.toThrow('line 1: there are more than 500 columns');
  });

  it('with an open quotation mark is told with its line', async () => {
    await expect(read('a,b\n1,2\n3,"4\n5,6\n', 'csv')).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: expect.stringMatching(/^line \d+: a quotation mark is not closed/),
    });
  });
});

describe.each(['csv', 'json'] as const)('a hostile %s file', (format) => {
  const wide = (columns: number) => {
    const names = Array.from({ length: columns }, (_, at) => `c${at}`);
    return format === 'csv'
      ? `${names.join(',')}\n${names.map(() => '1').join(',')}\n`
      : JSON.stringify([Object.fromEntries(names.map((name) => [name, 1]))]);
  };

  it('with very many columns is refused', async () => {
    await expect(read(wide(100_000), format)).rejects.toThrow('line 1: there are more than 500 columns');
  });

  it('with a very long cell is refused, naming line and column', async () => {
    const long = 'x'.repeat(200_001);
    const content =
      format === 'csv' ? `name,note\nAda,b\nBob,${long}\n` : JSON.stringify([{ note: 'b' }, { note: long }]);
    await expect(read(content, format)).rejects.toThrow(
      `line ${format === 'csv' ? 3 : 2}, column 'note': a cell has more than 200000 characters`,
    );
  });

  it('with zero characters is read as it is: its rows are told one by one', async () => {
    const content = format === 'csv' ? 'name\nA\0da\n' : JSON.stringify([{ name: 'A\0da' }]);
    expect((await read(content, format))[0]?.cells).toEqual({ name: 'A\0da' });
  });

  it('that goes on without end is told as such', async () => {
    const content = format === 'csv' ? `a,b\n1,"${'x\n'.repeat(3_000_000)}` : `[{"a": "${'x'.repeat(3_000_000)}`;
    await expect(read(content, format)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});

describe('a JSON file', () => {
  it('is UTF-8, or is refused', async () => {
    await expect(read(Buffer.from('[{"a":"é"}]', 'latin1'), 'json')).rejects.toThrow('written in UTF-8');
  });

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
    // A directory that says little, over a part that comes to much.
    await expect(read(bomb(1000, 60_000_000), 'xlsx')).rejects.toThrow(/unpacked it has more than \d+ MB/);
    // A part that the directory does not name.
    const [hidden, plain] = [bomb(60_000_000, 60_000_000), bomb(1000)];
    const end = hidden.length - 22 - 46 - 24;
    plain.writeUInt32LE(end + plain.readUInt32LE(plain.length - 6), plain.length - 6);
    await expect(read(Buffer.concat([hidden.subarray(0, end), plain]), 'xlsx')).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    });
  });
});

/** A zip file of one entry, and what its directory says that it unpacks to. */
function bomb(says = 0xfffffff0, holds = 1000): Buffer {
  const name = Buffer.from('xl/worksheets/sheet1.xml');
  const packed = deflateRawSync(Buffer.alloc(holds));
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(packed.length, 18);
  local.writeUInt16LE(name.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt32LE(packed.length, 20);
  entry.writeUInt16LE(8, 10);
  entry.writeUInt32LE(says, 24);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(46 + name.length, 12);
  end.writeUInt32LE(30 + name.length + packed.length, 16);
  return Buffer.concat([local, name, packed, entry, name, end]);
}
