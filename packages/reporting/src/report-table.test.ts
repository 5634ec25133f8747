import ExcelJS from 'exceljs';
import { describe, expect, test } from 'vitest';
import type { Report } from './compile-reports.js';
import { toCsv, toXlsx } from './export-table.js';
import type { HistoryRow } from './history.js';
import type { Metric, SimpleMetric, Total } from './metric.js';
import { buildTable } from './report-table.js';

const simple = (name: string, measure: SimpleMetric['measure'], unit: Metric['unit']): SimpleMetric => ({
  kind: 'simple',
  name,
  label: name,
  unit,
  measure,
  object: 'Segment',
  at: 'queuedAt',
  where: undefined,
  of: undefined,
  incremental: true,
});
const metrics = new Map<string, Metric>([
  ['offered', simple('offered', 'count', 'count')],
  ['answered', simple('answered', 'count', 'count')],
  ['wait', simple('wait', 'average', 'duration')],
  [
    'level',
    { kind: 'ratio', name: 'level', label: 'level', unit: 'share', numerator: 'answered', denominator: 'offered' },
  ],
]);
const report: Report = {
  name: 'contacts',
  label: 'Contacts: daily',
  description: '',
  metrics: ['offered', 'answered', 'wait', 'level'],
  by: ['queue'],
  every: { count: 1, unit: 'days' },
  everyText: '1d',
  of: 'today',
  chart: null,
};
const day = 86_400_000;
const start = Date.UTC(2026, 0, 5);
const bounds = [start, start + day, start + 2 * day];
const row = (bucket: number, queue: string, values: Record<string, Total>): HistoryRow => ({
  bucket,
  by: { queue },
  totals: new Map(Object.entries(values)),
});
const rows = [
  row(0, '=1+1', { offered: { count: 1, sum: 0 }, answered: { count: 1, sum: 0 }, wait: { count: 1, sum: 10_000 } }),
  row(0, 'billing', { offered: { count: 9, sum: 0 }, answered: { count: 0, sum: 0 }, wait: { count: 0, sum: 0 } }),
];
const table = buildTable(report, rows, bounds, metrics, 'UTC', new Map([['queue', 'Queue']]));

describe('a report', () => {
  test('adds shares as sums over sums and shows empty periods; what cannot be measured is unknown', () => {
    expect(table.rows).toEqual([
      { period: '2026-01-05T00:00:00.000Z', queue: '=1+1', offered: 1, answered: 1, wait: 10_000, level: 1 },
      { period: '2026-01-05T00:00:00.000Z', queue: 'billing', offered: 9, answered: 0, wait: null, level: 0 },
      { period: '2026-01-06T00:00:00.000Z', queue: null, offered: 0, answered: 0, wait: null, level: null },
    ]);
    // Not 0.5, the average of the shares.
    expect(table.totals).toEqual({ offered: 10, answered: 1, wait: 10_000, level: 0.1 });
  });

  test('as CSV has the same figures, and no text that a spreadsheet would calculate', () => {
    expect(toCsv(table, false).split('\r\n')).toEqual([
      '\ufeffPeriod,Queue,offered,answered,wait (s),level',
      "2026-01-05,'=1+1,1,1,10,1",
      '2026-01-05,billing,9,0,,0',
      '2026-01-06,,0,0,,',
      'Total,,10,1,10,0.1',
      '',
    ]);
  });

  test('as XLSX has the same figures in typed cells', async () => {
    const book = new ExcelJS.Workbook();
    await book.xlsx.load((await toXlsx(table, false)) as unknown as ArrayBuffer);
    const sheet = book.worksheets[0];
    // A span of time is a number of days since the beginning of spreadsheets' time, and read back as such.
    const tenSeconds = new Date(Date.UTC(1899, 11, 30, 0, 0, 10));
    const cells = (line: number) => Array.from((sheet?.getRow(line).values ?? []) as unknown[]).slice(1);
    expect(sheet?.name).toBe('Contacts  daily');
    expect(cells(1)).toEqual(['Period', 'Queue', 'offered', 'answered', 'wait', 'level']);
    expect(cells(2)).toEqual(['2026-01-05', '=1+1', 1, 1, tenSeconds, 1]);
    expect(sheet?.getRow(2).getCell(2).type).toBe(ExcelJS.ValueType.String);
    expect(sheet?.getRow(2).getCell(6).numFmt).toBe('0.0%');
    expect(cells(5)).toEqual(['Total', undefined, 10, 1, tenSeconds, 0.1]);
  });
});
