import type { Format } from '../format/format.js';
import type { ReportTable } from './floor.js';
import { metricText } from './metric-text.js';

type Column = ReportTable['columns'][number];
type Cell = ReportTable['rows'][number][string] | undefined;

/** A cell of a report as people read it; null: unknown, or no such value. */
export function reportCell(value: Cell, column: Column, format: Format): string | null {
  if (value === null || value === undefined) return null;
  if (column.kind === 'metric') return metricText(Number(value), column.unit ?? 'number', format);
  if (column.kind === 'period') return periodText(String(value), format);
  return String(value);
}

/** The begin of a period: a moment where it has one, else the day. */
function periodText(value: string, format: Format): string {
  if (/^\d{4}-\d{2}-\d{2}T.*Z$/.test(value)) return format.dateTime(value);
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return format.date(value);
  return value;
}
