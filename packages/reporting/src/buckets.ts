import { DateTime, type DurationLike } from 'luxon';

/** Width of a bucket: `15m`, `1h`, `1d`, `1w`, `1mo`. */
export interface BucketWidth {
  count: number;
  unit: 'minutes' | 'hours' | 'days' | 'weeks' | 'months';
}

const units: Record<string, BucketWidth['unit']> = { m: 'minutes', h: 'hours', d: 'days', w: 'weeks', mo: 'months' };

/** Reads a width; undefined for anything that is none, or that does not divide its day evenly. */
export function parseBucketWidth(text: string): BucketWidth | undefined {
  const [, digits = '', letter = ''] = /^(\d{1,4})(mo|m|h|d|w)$/.exec(text) ?? [];
  const unit = units[letter];
  const count = Number(digits);
  if (unit === undefined || count < 1) return undefined;
  // A width that straddles midnight would make the days of a report unequal.
  if (unit === 'minutes' && 1440 % count !== 0) return undefined;
  if (unit === 'hours' && 24 % count !== 0) return undefined;
  return { count, unit };
}

/**
 * Bounds of half-open buckets [bounds[i], bounds[i + 1]) over [from, to), in ms UTC. Days, weeks and months begin at local midnight, so a
 * day of a daylight-saving change has 23 or 25 hours. Buckets within a day are cut at local wall-clock times; the hour that is missing in
 * spring has no bucket, the one that comes twice in autumn has two.
 *
 * @param from first local day, YYYY-MM-DD
 * @param to the local day after the last
 * @param limit most buckets; undefined is returned when there would be more
 *
 * @example
 * buckets('2026-03-29', '2026-03-30', { count: 1, unit: 'hours' }, 'Europe/Amsterdam'); // 24 bounds of 23 hours
 */
export function buckets(
  from: string,
  to: string,
  every: BucketWidth,
  zone: string,
  limit = 2000,
): number[] | undefined {
  const end = startOfDay(to, zone);
  const first = startOfDay(from, zone);
  const bounds: number[] = [first.toMillis()];
  if (end <= first) return bounds;
  if (every.unit === 'minutes' || every.unit === 'hours') {
    for (let day = first; day < end; day = startOfDay(day.plus({ days: 1 }).toISODate() ?? to, zone)) {
      const next = startOfDay(day.plus({ days: 1 }).toISODate() ?? to, zone).toMillis();
      for (const bound of withinDay(day, next, every)) {
        if (bounds.length > limit) return undefined;
        bounds.push(bound);
      }
    }
    return bounds;
  }
  const step = (index: number): DurationLike => ({ [every.unit]: every.count * index });
  for (let index = 1; ; index += 1) {
    const bound = startOfDay(first.plus(step(index)).toISODate() ?? to, zone);
    if (bounds.length > limit) return undefined;
    if (bound >= end) {
      bounds.push(end.toMillis());
      return bounds;
    }
    bounds.push(bound.toMillis());
  }
}

/** The bucket that a time falls into, or -1 outside of all. */
export function bucketOf(time: number, bounds: readonly number[]): number {
  let low = 0;
  let high = bounds.length - 1;
  if (high < 1 || time < (bounds[0] ?? 0) || time >= (bounds[high] ?? 0)) return -1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((bounds[middle] ?? 0) <= time) low = middle;
    else high = middle;
  }
  return low;
}

/** Bounds after the day's beginning, up to the beginning of the next day: whenever the wall clock shows a multiple of the width. */
function withinDay(day: DateTime, next: number, every: BucketWidth): number[] {
  const width = every.count * (every.unit === 'hours' ? 60 : 1);
  const bounds: number[] = [];
  const quarter = 15 * 60_000;
  // Every zone keeps to quarters of an hour; finer widths step by themselves.
  const step = Math.min(width * 60_000, quarter);
  for (let time = day.toMillis() + step; time < next; time += step) {
    const local = DateTime.fromMillis(time, { zone: day.zone });
    if ((local.hour * 60 + local.minute) % width === 0) bounds.push(time);
  }
  bounds.push(next);
  return bounds;
}

function startOfDay(date: string, zone: string): DateTime {
  return DateTime.fromISO(date, { zone }).startOf('day');
}
