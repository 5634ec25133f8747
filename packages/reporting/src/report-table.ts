import { DateTime } from 'luxon';
import type { Report } from './compile-reports.js';
import type { ReportTable } from './contract.js';
import type { HistoryRow } from './history.js';
import { type Metric, nothing, simpleParts, type Total, valueOf } from './metric.js';

type Cell = string | number | null;

/** Lays totals out as the table that screen, CSV and XLSX show. Empty periods have their row; ratios of totals are sum over sum. */
export function buildTable(
  report: Report,
  rows: readonly HistoryRow[],
  bounds: readonly number[],
  metrics: ReadonlyMap<string, Metric>,
  zone: string,
  labels: ReadonlyMap<string, string>,
): ReportTable {
  const shown = report.metrics.flatMap((name) => metrics.get(name) ?? []);
  const parts = [...new Set(shown.flatMap((metric) => simpleParts(metric, metrics)))];
  const cells = (totals: ReadonlyMap<string, Total>) =>
    Object.fromEntries(shown.map((metric) => [metric.name, valueOf(metric, totals, metrics)]));

  const body: Record<string, Cell>[] = [];
  for (let bucket = 0; bucket + 1 < bounds.length; bucket += 1) {
    const period = new Date(bounds[bucket] ?? 0).toISOString();
    const inside = rows
      .filter((row) => row.bucket === bucket)
      .sort((a, b) => compare(dimensions(report, a), dimensions(report, b)));
    if (inside.length === 0) {
      const empty = Object.fromEntries(report.by.map((name): [string, Cell] => [name, null]));
      body.push({ period, ...empty, ...cells(new Map()) });
    }
    for (const row of inside) {
      const by = Object.fromEntries(report.by.map((name): [string, Cell] => [name, cellOf(row.by[name])]));
      body.push({ period, ...by, ...cells(row.totals) });
    }
  }
  const all = new Map<string, Total>();
  for (const part of parts)
    all.set(part.name, rows.map((row) => row.totals.get(part.name) ?? nothing).reduce(add, nothing));
  return {
    report: report.name,
    label: report.label,
    from: new Date(bounds[0] ?? 0).toISOString(),
    to: new Date(bounds.at(-1) ?? 0).toISOString(),
    timezone: zone,
    columns: [
      { name: 'period', label: 'Period', kind: 'period' },
      ...report.by.map((name) => ({ name, label: labels.get(name) ?? name, kind: 'dimension' as const })),
      ...shown.map((metric) => ({
        name: metric.name,
        label: metric.label,
        kind: 'metric' as const,
        unit: metric.unit,
      })),
    ],
    rows: body,
    totals: cells(all),
    chart: report.chart,
  };
}

/** A period as people write it, in local time: the day, and the hour where periods are shorter. */
export function periodText(iso: string, zone: string, withTime: boolean): string {
  return DateTime.fromISO(iso, { zone }).toFormat(withTime ? 'yyyy-MM-dd HH:mm' : 'yyyy-MM-dd');
}

function add(a: Total, b: Total): Total {
  return { count: a.count + b.count, sum: a.sum + b.sum };
}

function dimensions(report: Report, row: HistoryRow): string {
  return JSON.stringify(report.by.map((name) => row.by[name] ?? null));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function cellOf(value: unknown): Cell {
  return typeof value === 'string' || typeof value === 'number' ? value : value == null ? null : String(value);
}
