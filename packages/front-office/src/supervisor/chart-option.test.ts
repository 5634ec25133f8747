import { describe, expect, it } from 'vitest';
import { Format } from '../format/format.js';
import { axisText, chartData } from './chart-option.js';
import type { ReportTable } from './floor.js';

const format = new Format({ locale: 'en-GB', timezone: 'UTC', currency: 'EUR' });
const table: ReportTable = {
  report: 'r',
  label: 'R',
  from: '2026-01-05T00:00:00.000Z',
  to: '2026-01-06T00:00:00.000Z',
  timezone: 'UTC',
  columns: [
    { name: 'period', label: 'Period', kind: 'period' },
    { name: 'channel', label: 'Channel', kind: 'dimension' },
    { name: 'offered', label: 'Offered', kind: 'metric', unit: 'count' },
    { name: 'level', label: 'Level', kind: 'metric', unit: 'share' },
  ],
  rows: [
    { period: '2026-01-05', channel: 'chat', offered: 3, level: 0.5 },
    { period: '2026-01-05', channel: 'mail', offered: 1, level: null },
    { period: '2026-01-06', channel: 'chat', offered: 4, level: 1 },
  ],
  totals: {},
  chart: { kind: 'line', metrics: ['offered', 'level'] },
};

describe('chartData', () => {
  it('draws each metric of each group along the periods, with a gap where nothing is known', () => {
    const { categories, series, units } = chartData(table, format);
    expect(categories).toEqual(['5 Jan 2026', '6 Jan 2026']);
    expect(units).toEqual(['count', 'share']);
    expect(series.map(({ name, data, yAxisIndex }) => [name, data, yAxisIndex])).toEqual([
      ['Offered · chat', [3, 4], 0],
      ['Offered · mail', [1, 0], 0],
      ['Level · chat', [0.5, 1], 1],
      ['Level · mail', [null, null], 1],
    ]);
  });

  it('takes a period in which nothing happened as a place on the axis, not as a group', () => {
    const idle = { period: '2026-01-07T00:00:00.000Z', channel: null, offered: 0, level: null };
    const rows = [...table.rows.map((row) => ({ ...row, period: `${row.period}T00:00:00.000Z` })), idle];
    const { categories, series } = chartData({ ...table, rows }, format);
    expect(categories).toEqual(['5 Jan 2026', '6 Jan 2026', '7 Jan 2026']);
    expect(series.map(({ name, data }) => [name, data.at(-1)])).toEqual([
      ['Offered · chat', 0],
      ['Offered · mail', 0],
      ['Level · chat', null],
      ['Level · mail', null],
    ]);
  });

  it('draws along the dimensions where there is no period', () => {
    const without = { ...table, columns: table.columns.slice(1), rows: table.rows.slice(0, 2) };
    const { categories, series } = chartData(without, format);
    expect(categories).toEqual(['chat', 'mail']);
    expect(series[0]).toMatchObject({ name: 'Offered', data: [3, 1] });
  });
});

describe('axisText', () => {
  it('writes a value in its unit', () => {
    expect(axisText(0.5, 'share', format)).toBe('50%');
    expect(axisText(null, 'share', format)).toBe('–');
  });
});
