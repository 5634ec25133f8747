/**
 * A running time as a clock shows it: `0:07`, `12:40`, `1:02:09`.
 *
 * @param ms milliseconds; a negative one counts as nought
 */
export function runningTime(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (part: number): string => String(part).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/**
 * A duration in the two units that matter, in words of the locale: `12 s`, `3 min 20 s`, `2 hr 5 min`, `4 days`.
 *
 * @param ms milliseconds
 */
export function durationInWords(ms: number, locale: string): string {
  const unit = (value: number, name: 'second' | 'minute' | 'hour' | 'day'): string =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value);
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return unit(seconds, 'second');
  if (seconds < 3600) return pair(unit(Math.floor(seconds / 60), 'minute'), seconds % 60, (n) => unit(n, 'second'));
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return pair(unit(Math.floor(minutes / 60), 'hour'), minutes % 60, (n) => unit(n, 'minute'));
  return pair(unit(Math.floor(minutes / 1440), 'day'), Math.floor(minutes / 60) % 24, (n) => unit(n, 'hour'));
}

function pair(first: string, rest: number, second: (rest: number) => string): string {
  return rest === 0 ? first : `${first} ${second(rest)}`;
}
