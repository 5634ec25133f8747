const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** The day an instant (ms UTC) falls on in a time zone, YYYY-MM-DD. */
export function localDay(instant: number, timezone: string): string {
  if (timezone === 'UTC') return new Date(instant).toISOString().slice(0, 10);
  let format = FORMATS.get(timezone);
  if (format === undefined) {
    // The Swedish form of a date is the ISO one.
    format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: timezone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    FORMATS.set(timezone, format);
  }
  return format.format(instant);
}
