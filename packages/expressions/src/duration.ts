const UNITS: ReadonlyMap<string, number> = new Map([
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
]);

export const DAY = 86_400_000;

/** '1h30m' in milliseconds, rounded to whole ones; undefined when it is no duration. */
export function parseDuration(text: string): number | undefined {
  if (!/^-?(?:\d{1,12}(?:\.\d{1,12})?[smhd])+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)([smhd])/g))
    total += Number(amount) * (UNITS.get(unit ?? '') ?? 0);
  const milliseconds = Math.round(text.startsWith('-') ? -total : total);
  return Number.isSafeInteger(milliseconds) ? milliseconds + 0 : undefined;
}

/** Milliseconds in the form of a literal: 5400000 is '1h30m'. */
export function formatDuration(milliseconds: number): string {
  let rest = Math.abs(milliseconds);
  let text = '';
  for (const [unit, size] of UNITS) {
    if (unit === 's') break;
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  if (rest > 0 || text === '') text += `${rest / 1000}s`;
  return milliseconds < 0 ? `-${text}` : text;
}
