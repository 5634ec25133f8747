import type { BusinessObjects } from '@caruso/business-objects/contract';
import type { Client } from '@caruso/service-manager/contract';
import type { SimpleMetric, Total } from './metric.js';

export type Objects = Pick<Client<typeof BusinessObjects>, 'aggregate'>;

/** Totals of simple metrics for one bucket and one combination of dimensions. */
export interface HistoryRow {
  /** Index of the bucket; 0 without buckets. */
  bucket: number;
  by: Record<string, unknown>;
  totals: Map<string, Total>;
}

/**
 * Reads simple metrics from the database under the caller's rights: one statement for all metrics of an object that share their time.
 *
 * @param bounds half-open buckets, ms UTC; undefined for states and for all time
 */
export async function readHistory(
  objects: Objects,
  metrics: readonly SimpleMetric[],
  by: readonly string[],
  bounds: readonly number[] | undefined,
): Promise<HistoryRow[]> {
  const groups = new Map<string, SimpleMetric[]>();
  for (const metric of metrics) {
    const key = `${metric.object}\n${metric.at ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), metric]);
  }
  const rows = new Map<string, HistoryRow>();
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const { rows: found } = await objects.aggregate({
      object: first.object,
      measures: group.flatMap(measuresOf),
      by: [...by],
      ...(bounds === undefined || first.at === undefined
        ? {}
        : { buckets: { attribute: first.at, bounds: bounds.map((bound) => new Date(bound).toISOString()) } }),
    });
    for (const each of found) {
      const key = JSON.stringify([each.bucket ?? 0, by.map((name) => each.by[name] ?? null)]);
      const row = rows.get(key) ?? { bucket: each.bucket ?? 0, by: each.by, totals: new Map<string, Total>() };
      for (const metric of group) row.totals.set(metric.name, totalOf(metric, each.measures));
      rows.set(key, row);
    }
  }
  return [...rows.values()];
}

interface Measured {
  name: string;
  kind: 'count' | 'sum';
  of?: string;
  where?: string;
}

function measuresOf(metric: SimpleMetric): Measured[] {
  const where = metric.where === undefined ? {} : { where: metric.where.source };
  if (metric.of === undefined) return [{ name: `${metric.name}#count`, kind: 'count', ...where }];
  const { source } = metric.of;
  // What has no value does not count, as in an average of the database's own.
  const counted =
    metric.where === undefined ? `(${source}) <> null` : `(${metric.where.source}) and (${source}) <> null`;
  return [
    { name: `${metric.name}#count`, kind: 'count', where: counted },
    { name: `${metric.name}#sum`, kind: 'sum', of: source, ...where },
  ];
}

function totalOf(metric: SimpleMetric, measures: Record<string, number | string | null>): Total {
  return { count: Number(measures[`${metric.name}#count`] ?? 0), sum: Number(measures[`${metric.name}#sum`] ?? 0) };
}
