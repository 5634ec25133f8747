const steps = [
  { unit: 'second', ms: 1000, below: 60_000 },
  { unit: 'minute', ms: 60_000, below: 3_600_000 },
  { unit: 'hour', ms: 3_600_000, below: 86_400_000 },
  { unit: 'day', ms: 86_400_000, below: 30 * 86_400_000 },
  { unit: 'month', ms: 30.44 * 86_400_000, below: 365 * 86_400_000 },
  { unit: 'year', ms: 365.25 * 86_400_000, below: Number.POSITIVE_INFINITY },
] as const;

/**
 * A time as seen from now: `3 minutes ago`, `in 2 days`.
 *
 * @param at milliseconds UTC
 * @param now milliseconds UTC
 */
export function relativeTime(at: number, now: number, locale: string): string {
  const distance = at - now;
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  // Seconds that tick in a list only disturb.
  if (Math.abs(distance) < 10_000) return format.format(0, 'second');
  const step = steps.find(({ below }) => Math.abs(distance) < below) ?? steps[5];
  return format.format(Math.trunc(distance / step.ms), step.unit);
}
