/** Milliseconds by which a time zone is ahead of UTC at a moment. */
function offset(at: number, timezone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((p) => p.type === type)?.value);
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return wall - Math.floor(at / 1000) * 1000;
}

/**
 * A moment as an input of type `datetime-local` takes it, in a time zone that need not be the browser's.
 *
 * @param iso ISO UTC
 * @example localInput('2026-07-01T10:00:00Z', 'Europe/Amsterdam') // '2026-07-01T12:00'
 */
export function localInput(iso: string, timezone: string): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? '' : new Date(at + offset(at, timezone)).toISOString().slice(0, 16);
}

/**
 * The moment of a wall-clock time in a time zone, as ISO UTC; undefined where it is no time. A time that the change to summer leaves out
 * is taken an hour later, one that occurs twice is the first.
 */
export function utcOfLocal(local: string, timezone: string): string | undefined {
  const wall = Date.parse(`${local}Z`);
  if (Number.isNaN(wall)) return undefined;
  const before = wall - offset(wall - 86_400_000, timezone);
  const after = wall - offset(wall + 86_400_000, timezone);
  const fits = [before, after].filter((at) => at + offset(at, timezone) === wall);
  const at = fits.length === 0 ? before : Math.min(...fits);
  return new Date(at).toISOString();
}
