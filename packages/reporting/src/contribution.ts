import type { Change } from '@caruso/storage-manager/contract';
import { nothing, type SimpleMetric, type Total } from './metric.js';

/** Half-open span of time [from, to), ms UTC; undefined: all of it. */
export type Span = { from: number; to: number } | undefined;

export interface Setting {
  now: Date;
  timezone: string;
}

/** What one row adds to a metric. */
function contribution(
  metric: SimpleMetric,
  row: Readonly<Record<string, unknown>> | null,
  span: Span,
  setting: Setting,
): Total {
  if (row === null) return nothing;
  if (metric.at !== undefined) {
    const at = row[metric.at];
    if (typeof at !== 'string') return nothing;
    const time = Date.parse(at);
    if (span !== undefined && (time < span.from || time >= span.to)) return nothing;
  }
  if (metric.where !== undefined && metric.where.evaluate(row, setting) !== true) return nothing;
  if (metric.of === undefined) return { count: 1, sum: 0 };
  const value = metric.of.evaluate(row, setting);
  return value === null || value === undefined ? nothing : { count: 1, sum: Number(value) };
}

/** What a metric's total becomes by changes of rows: less what each row added before, plus what it adds now. */
export function reduce(
  metric: SimpleMetric,
  total: Total,
  changes: readonly Change[],
  span: Span,
  setting: Setting,
): Total {
  let { count, sum } = total;
  for (const change of changes) {
    if (change.object !== metric.object) continue;
    const before = contribution(metric, change.before, span, setting);
    const after = contribution(metric, change.after, span, setting);
    count += after.count - before.count;
    sum += after.sum - before.sum;
  }
  // Sums of decimals drift in the last binary digits; when nothing is left nothing is left.
  return count === 0 ? nothing : { count, sum };
}
