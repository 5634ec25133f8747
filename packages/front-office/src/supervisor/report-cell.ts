import type { Format } from '../format/format.js';
import { localInput } from '../format/local-time.js';
import type { ReportTable } from './floor.js';
import { metricText } from './metric-text.js';

type Column = ReportTable['columns'][number];
type Cell = ReportTable['rows'][number][string] | undefined;

/** Whether the periods of a report are whole days, so that their times of day say nothing. */
export function wholeDays(table: Pick<ReportTable, 'columns' | 'rows'>, format: Format): boolean {
  const period = table.columns.find(({ kind }) => kind === 'period');
  if (period === undefined) return false;
  return table.rows.every((row) => localInput(String(row[period.name]), format.place.timezone).endsWith('T00:00'));
}

/**
 * A cell of a report as people read it; null: unknown, or no such value.
 *
 * @param days whether periods are whole days
 */
export function reportCell(value: Cell, column: Column, format: Format, days = false): string | null {
  if (value === null || value === undefined) return null;
  if (column.kind === 'metric') return metricText(Number(value), column.unit ?? 'number', format);
  if (column.kind === 'period') return periodText(String(value), format, days);
  return String(value);
}

/** The begin of a period: a moment where it has one, else the day. */
function periodText(value: string, format: Format, days: boolean): string {
  if (/^\d{4}-\d{2}-\d{2}T.*Z$/.test(value)) {
    return days ? format.date(localInput(value, format.place.timezone).slice(0, 10)) : format.dateTime(value);
  }
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return format.date(value);
  return value;
}
