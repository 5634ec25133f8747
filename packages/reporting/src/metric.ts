import type { Expression } from '@caruso/expressions';
import type { Unit } from './contract.js';

export type UnitName = (typeof Unit)['options'][number];

interface Named {
  name: string;
  label: string;
  unit: UnitName;
}

/** Counted, summed or averaged over the rows of one object. */
export interface SimpleMetric extends Named {
  kind: 'simple';
  measure: 'count' | 'sum' | 'average';
  object: string;
  /** Attribute that says when; a metric without one is a state: how it is now. */
  at: string | undefined;
  where: Expression | undefined;
  /** What is summed or averaged. */
  of: Expression | undefined;
  /**
   * True: it can be kept from the changes of rows alone. False: it looks at other objects, at computed attributes or at the clock, and is
   * read from the database whenever it is shown.
   */
  incremental: boolean;
}

/** One metric over another, always sum over sum. */
interface RatioMetric extends Named {
  kind: 'ratio';
  numerator: string;
  denominator: string;
}

export type Metric = SimpleMetric | RatioMetric;

/** What a simple metric adds up to; averages keep both, so that they can be added at every level. */
export interface Total {
  count: number;
  sum: number;
}

export const nothing: Total = { count: 0, sum: 0 };

/** Totals of simple metrics by name. */
export type Totals = ReadonlyMap<string, Total>;

/**
 * The value of a metric out of totals. Null is "unknown": a share of nothing, an average of nothing.
 *
 * share = sum of numerators / sum of denominators; average = sum of values / count of values.
 */
export function valueOf(metric: Metric, totals: Totals, metrics: ReadonlyMap<string, Metric>): number | null {
  if (metric.kind === 'ratio') {
    const numerator = metrics.get(metric.numerator);
    const denominator = metrics.get(metric.denominator);
    if (numerator === undefined || denominator === undefined) return null;
    const over = valueOf(denominator, totals, metrics);
    const part = valueOf(numerator, totals, metrics);
    return over === null || over === 0 || part === null ? null : part / over;
  }
  const { count, sum } = totals.get(metric.name) ?? nothing;
  if (metric.measure === 'count') return count;
  if (metric.measure === 'sum') return sum;
  return count === 0 ? null : sum / count;
}

/** The simple metrics that a metric is made of. */
export function simpleParts(metric: Metric, metrics: ReadonlyMap<string, Metric>): SimpleMetric[] {
  if (metric.kind === 'simple') return [metric];
  return [metric.numerator, metric.denominator].flatMap((name) => {
    const part = metrics.get(name);
    return part === undefined ? [] : simpleParts(part, metrics);
  });
}
