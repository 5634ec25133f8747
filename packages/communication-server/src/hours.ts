/** When a queue is served: always, or on days (1 is Monday, 7 Sunday) between minutes since local midnight, half-open. */
export type Hours = 'always' | readonly { days: readonly number[]; from: number; to: number }[];

const days: readonly string[] = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'];
const range = /^(mo|tu|we|th|fr|sa|su)(?:-(mo|tu|we|th|fr|sa|su))? (\d{2}):(\d{2})-(\d{2}):(\d{2})$/;

/**
 * Reads `always`, or ranges such as `mo-fr 08:00-18:00, sa 09:00-13:00`; undefined for anything else.
 *
 * @example
 * parseHours('sa 09:00-13:00'); // [{ days: [6], from: 540, to: 780 }]
 */
export function parseHours(text: string): Hours | undefined {
  if (text.trim() === 'always') return 'always';
  const ranges: Exclude<Hours, 'always'>[number][] = [];
  for (const part of text.split(',')) {
    const found = range.exec(part.trim());
    if (found === null) return undefined;
    const first = days.indexOf(found[1] ?? '');
    const last = found[2] === undefined ? first : days.indexOf(found[2]);
    const from = Number(found[3]) * 60 + Number(found[4]);
    const to = Number(found[5]) * 60 + Number(found[6]);
    if (from >= to || to > 24 * 60 || Number(found[4]) > 59 || Number(found[6]) > 59) return undefined;
    // `fr-mo` runs over the weekend.
    const count = ((last - first + 7) % 7) + 1;
    ranges.push({ days: Array.from({ length: count }, (_, step) => ((first + step) % 7) + 1), from, to });
  }
  return ranges;
}

/** Whether `now` (ms UTC) lies in the hours, on the clock of the time zone. */
export function isOpenAt(hours: Hours, now: number, timezone: string): boolean {
  if (hours === 'always') return true;
  const { day, minute } = localTime(now, timezone);
  return hours.some((one) => one.days.includes(day) && minute >= one.from && minute < one.to);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function localTime(now: number, timezone: string): { day: number; minute: number } {
  let format = formats.get(timezone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: timezone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(timezone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(now).map((part) => [part.type, part.value]));
  const day = days.indexOf((parts.weekday ?? '').slice(0, 2).toLowerCase()) + 1;
  return { day, minute: Number(parts.hour) * 60 + Number(parts.minute) };
}
