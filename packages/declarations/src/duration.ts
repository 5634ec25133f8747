import { z } from 'zod';

/** A span of time: of the clock, in milliseconds, or of days on which the front office works. */
export type Duration = { ms: number } | { workdays: number };

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

const PART = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d|w)\s*/;
const WORKDAYS = /^(\d{1,4})\s*workdays?$/;

/**
 * Reads `15m`, `20s`, `2h`, `3d`, `1h 30m`, `2 workdays`; undefined for anything else.
 *
 * @example
 * parseDuration('15m'); // { ms: 900000 }
 */
export function parseDuration(text: string): Duration | undefined {
  let rest = text.trim();
  const workdays = WORKDAYS.exec(rest);
  if (workdays) return { workdays: Number(workdays[1]) };
  if (rest === '') return undefined;
  let ms = 0;
  while (rest !== '') {
    const part = PART.exec(rest);
    if (part === null) return undefined;
    ms += Number(part[1]) * (UNITS[part[2] ?? ''] ?? 0);
    rest = rest.slice(part[0].length);
  }
  return { ms: Math.round(ms) };
}

/** A duration as declarations write it: `15m`, `20s`, `2h`, `3d`, `1h 30m`, `2 workdays`. */
export const duration = z
  .string({ error: 'expected a duration with its unit, such as 15m, 20s, 2h, 3d or 2 workdays' })
  .transform((text, context): Duration => {
    const parsed = parseDuration(text);
    if (parsed !== undefined) return parsed;
    context.addIssue({
      code: 'custom',
      message: `'${text}' is not a duration`,
      params: { remedy: 'write a number and a unit, such as 15m, 20s, 2h, 3d or 2 workdays' },
    });
    return z.NEVER;
  });
