import { buckets } from './buckets.js';
import type { Strategy } from './compile-strategy.js';
import type { Goal } from './contract.js';
import { type Objects, readHistory } from './history.js';
import { type Metric, simpleParts, valueOf } from './metric.js';
import { periodOf } from './period.js';
import { statusOf } from './target.js';

/** The running period of each rhythm, and one bucket that holds it whole. */
const running = {
  day: { name: 'today', width: { count: 1, unit: 'days' } },
  week: { name: 'this week', width: { count: 1, unit: 'weeks' } },
  month: { name: 'this month', width: { count: 1, unit: 'months' } },
} as const;

/**
 * Every goal with its value so far in the running period, under the caller's rights: the aggregate that a report over the same days has as
 * its total.
 *
 * @param now ms UTC
 * @param zone IANA time zone in which days, weeks and months begin
 */
export async function readGoals(
  strategy: Strategy,
  metrics: ReadonlyMap<string, Metric>,
  objects: Objects,
  now: number,
  zone: string,
): Promise<Goal[]> {
  const values = new Map<string, { from: string; to: string; of: Map<string, number | null> }>();
  for (const per of new Set(strategy.goals.map((goal) => goal.per))) {
    const named = strategy.goals.filter((goal) => goal.per === per).flatMap((goal) => metrics.get(goal.metric) ?? []);
    const parts = [...new Set(named.flatMap((metric) => simpleParts(metric, metrics)))];
    const period = periodOf(running[per].name, now, zone);
    const bounds = buckets(period.from, period.to, running[per].width, zone) ?? [];
    const [row] = await readHistory(objects, parts, [], bounds);
    const of = new Map(named.map((metric) => [metric.name, valueOf(metric, row?.totals ?? new Map(), metrics)]));
    values.set(per, { ...period, of });
  }
  return strategy.goals.flatMap(({ metric: name, target, per, why }) => {
    const metric = metrics.get(name);
    const period = values.get(per);
    if (metric === undefined || period === undefined) return [];
    const value = period.of.get(name) ?? null;
    const { from, to } = period;
    return [
      {
        metric: name,
        label: metric.label,
        unit: metric.unit,
        value,
        target,
        status: statusOf(value, target),
        per,
        from,
        to,
        why,
      },
    ];
  });
}
