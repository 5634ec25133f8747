import type { Format } from '../format/format.js';
import type { ReportTable } from './floor.js';
import { metricText } from './metric-text.js';
import { reportCell, wholeDays } from './report-cell.js';

interface ChartSeries {
  name: string;
  type: 'line' | 'bar';
  yAxisIndex: number;
  data: (number | null)[];
}

export interface ChartData {
  categories: string[];
  series: ChartSeries[];
  /** One axis for each unit, in the order of the series. */
  units: NonNullable<ReportTable['columns'][number]['unit']>[];
}

/**
 * What a report's chart draws: a series for each metric and each combination of dimensions, along the periods; without periods along the
 * dimensions. Where a group has no row, nothing was counted; every other metric is unknown there.
 */
export function chartData(table: ReportTable, format: Format): ChartData {
  const { chart, columns, rows } = table;
  const period = columns.find(({ kind }) => kind === 'period');
  const dimensions = columns.filter(({ kind }) => kind === 'dimension');
  const metrics = columns.filter(({ name, kind }) => kind === 'metric' && chart?.metrics.includes(name) === true);
  const units = [...new Set(metrics.map(({ unit }) => unit ?? 'number'))];
  const days = wholeDays(table, format);
  // A period in which nothing happened has a row without dimensions; it is a place on the axis, not a group.
  const filled = rows.filter((row) => dimensions.length === 0 || dimensions.some(({ name }) => row[name] !== null));
  const groupOf = (row: ReportTable['rows'][number]): string =>
    dimensions.map(({ name }) => row[name] ?? '–').join(' · ');
  const alongOf = (row: ReportTable['rows'][number]): string =>
    period === undefined ? groupOf(row) : (reportCell(row[period.name], period, format, days) ?? '–');
  const categories = [...new Set(rows.map(alongOf))];
  const groups = period === undefined ? [''] : [...new Set(filled.map(groupOf))];
  const series = metrics.flatMap((metric) =>
    groups.map((group): ChartSeries => {
      const missing = metric.unit === 'count' ? 0 : null;
      const own = filled.filter((row) => period === undefined || groupOf(row) === group);
      const values = new Map(own.map((row) => [alongOf(row), row[metric.name]]));
      return {
        name: group === '' ? metric.label : `${metric.label} · ${group}`,
        type: chart?.kind ?? 'bar',
        yAxisIndex: units.indexOf(metric.unit ?? 'number'),
        data: categories.map((category) => {
          const value = values.get(category);
          if (value === undefined) return missing;
          return value === null ? null : Number(value);
        }),
      };
    }),
  );
  return { categories, series, units };
}

/** A value on an axis or in a tooltip. */
export function axisText(value: unknown, unit: ChartData['units'][number] | undefined, format: Format): string {
  return typeof value === 'number' ? (metricText(value, unit ?? 'number', format) ?? '') : '–';
}
