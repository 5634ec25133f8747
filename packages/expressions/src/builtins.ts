import { toDecimal } from './arithmetic.js';
import { isDate, localDate, parseDatetime } from './calendar.js';
import { ordering } from './comparison.js';
import { type Decimal, roundTo } from './decimal.js';
import { ExpressionError, valueError } from './errors.js';
import type { Frame } from './frame.js';
import type { Integer } from './integer.js';
import { compileLike, type LikePattern, LONGEST_PATTERN } from './like.js';
import type { Node } from './node.js';
import { caster, display } from './value.js';
import { isNumeric, unify, type ValueType } from './value-type.js';

/** A kind of argument; 'list' is a list of anything, 'any' is everything. */
export type Accepted = Exclude<ValueType, object> | 'list';

/** A function of the language. */
export interface Builtin {
  /** as documentation shows it */
  readonly signature: string;
  readonly summary: string;
  /** the kinds each argument may have; the last one repeats when `variadic` */
  readonly parameters: readonly (readonly Accepted[])[];
  readonly optional?: number;
  readonly variadic?: boolean;
  /** the result when an argument is null, null unless told; 'pass' hands nulls on */
  readonly onNull?: 'pass' | false;
  returns(types: readonly ValueType[]): ValueType | undefined;
  /** what is wrong with literal arguments, told when the expression is compiled */
  refuses?(args: readonly Node[]): string | undefined;
  /** the implementation for argument types; made once a call site */
  build(types: readonly ValueType[]): (args: never, frame: Frame) => unknown;
}

const TEXT: readonly Accepted[] = ['text'];
const NUMERIC: readonly Accepted[] = ['integer', 'number', 'decimal'];
const DAY: readonly Accepted[] = ['date', 'datetime'];
const ORDERED: readonly Accepted[] = ['integer', 'number', 'decimal', 'date', 'datetime', 'duration', 'text'];

function ofText(signature: string, summary: string, run: (text: string) => unknown): Builtin {
  return {
    signature,
    summary,
    parameters: [TEXT],
    returns: () => 'text',
    build:
      () =>
      ([text]: [string]) =>
        run(text),
  };
}

function ofTexts(signature: string, summary: string, run: (text: string, part: string) => boolean): Builtin {
  const build =
    () =>
    ([text, part]: [string, string]) =>
      run(text, part);
  return { signature, summary, parameters: [TEXT, TEXT], onNull: false, returns: () => 'boolean', build };
}

function ofDay(signature: string, summary: string, from: number, to: number): Builtin {
  return {
    signature,
    summary,
    parameters: [DAY],
    returns: () => 'integer',
    build: ([type]) =>
      type === 'date'
        ? ([date]: [string]) => Number(date.slice(from, to))
        : ([instant]: [number], frame) => Number(localDate(instant, frame.zone).slice(from, to)),
  };
}

function extreme(signature: string, summary: string, operator: '<' | '>'): Builtin {
  return {
    signature,
    summary,
    parameters: [ORDERED, ORDERED],
    variadic: true,
    returns: unifyAll,
    build: (types) => {
      const type = unifyAll(types) ?? 'any';
      const casts = types.map((from) => caster(from, type, signature));
      const before = ordering(operator, type, type);
      return (args: unknown[]) =>
        args
          .map((arg, index) => casts[index]?.(arg) ?? arg)
          .reduce((best, arg) => (before?.(arg as never, best as never) === true ? arg : best));
    },
  };
}

function unifyAll(types: readonly ValueType[]): ValueType | undefined {
  return types.reduce<ValueType | undefined>((all, type) => (all === undefined ? all : unify(all, type)), types[0]);
}

function literalText(node: Node | undefined): string | undefined {
  return node?.kind === 'literal' && node.type === 'text' && typeof node.value === 'string' ? node.value : undefined;
}

const MOST_PLACES = 100;

const TABLE: Record<string, Builtin> = {
  today: {
    signature: 'today(): date',
    summary: 'the current day in the time zone of the front office',
    parameters: [],
    returns: () => 'date',
    build: () => (_args, frame) => localDate(frame.now, frame.zone),
  },
  now: {
    signature: 'now(): datetime',
    summary: 'the current instant',
    parameters: [],
    returns: () => 'datetime',
    build: () => (_args, frame) => frame.now,
  },
  year: ofDay('year(date or datetime): integer', 'the year; of a datetime in the local time zone', 0, 4),
  month: ofDay('month(date or datetime): integer', 'the month, 1 to 12', 5, 7),
  day: ofDay('day(date or datetime): integer', 'the day of the month, 1 to 31', 8, 10),
  date: {
    signature: 'date(text or datetime): date',
    summary: "the day that 'YYYY-MM-DD' names, or on which an instant falls in the local time zone",
    parameters: [['date', 'datetime', 'text']],
    returns: () => 'date',
    refuses: ([arg]) => {
      const text = literalText(arg);
      return text === undefined || isDate(text)
        ? undefined
        : `'${text}' is no day of the calendar in the form 'YYYY-MM-DD'`;
    },
    build: ([type]) => {
      if (type === 'date') return ([date]: [string]) => date;
      if (type === 'datetime') return ([instant]: [number], frame) => localDate(instant, frame.zone);
      return ([text]: [string]) => {
        if (isDate(text)) return text;
        throw valueError(`date() was given '${text.slice(0, 40)}'`, "give a day of the calendar as 'YYYY-MM-DD'");
      };
    },
  },
  datetime: {
    signature: 'datetime(text): datetime',
    summary: "the instant of ISO text with a zone, '2026-01-31T09:00:00Z'",
    parameters: [TEXT],
    returns: () => 'datetime',
    refuses: ([arg]) => {
      const text = literalText(arg);
      if (text === undefined || parseDatetime(text) !== undefined) return undefined;
      return `'${text}' is no instant in the form '2026-01-31T09:00:00Z'`;
    },
    build:
      () =>
      ([text]: [string]) => {
        const instant = parseDatetime(text);
        if (instant !== undefined) return instant;
        throw valueError(`datetime() was given '${text.slice(0, 40)}'`, "give ISO text such as '2026-01-31T09:00:00Z'");
      },
  },
  lower: ofText('lower(text): text', 'in small letters', (text) => text.toLowerCase()),
  upper: ofText('upper(text): text', 'in capital letters', (text) => text.toUpperCase()),
  trim: ofText('trim(text): text', 'without spaces at either end', (text) => text.trim()),
  text: {
    signature: 'text(any): text',
    summary: "the value as text: 12.5, '2026-01-31', '1h30m', '12.5 EUR'",
    parameters: [['any']],
    returns: () => 'text',
    build:
      ([type]) =>
      ([value]: [unknown]) =>
        display(type ?? 'any', value),
  },
  size: {
    signature: 'size(text or list): integer',
    summary: 'characters of a text, elements of a list; 0 for a missing list',
    parameters: [['list', 'text']],
    onNull: 'pass',
    returns: () => 'integer',
    build: ([type]) => {
      if (type !== 'text') return ([list]: [readonly unknown[] | null]) => list?.length ?? 0;
      return ([text]: [string | null]) => {
        if (text === null) return null;
        let count = 0;
        for (const _ of text) count++;
        return count;
      };
    },
  },
  contains: ofTexts('contains(text, part): boolean', 'whether part stands in text', (text, part) =>
    text.includes(part),
  ),
  startsWith: ofTexts('startsWith(text, part): boolean', 'whether text begins so', (text, part) =>
    text.startsWith(part),
  ),
  endsWith: ofTexts('endsWith(text, part): boolean', 'whether text ends so', (text, part) => text.endsWith(part)),
  like: {
    signature: 'like(text, pattern): boolean',
    summary: '% stands for any run of characters, _ for one, \\ before them for themselves; case is ignored',
    parameters: [TEXT, TEXT],
    onNull: false,
    returns: () => 'boolean',
    refuses: ([, pattern]) =>
      (literalText(pattern)?.length ?? 0) > LONGEST_PATTERN
        ? `the pattern is over ${LONGEST_PATTERN} characters`
        : undefined,
    build: () => {
      let last: { pattern: string; compiled: LikePattern } | undefined;
      return ([text, pattern]: [string, string]) => {
        if (last?.pattern !== pattern) last = { pattern, compiled: compileLike(pattern) };
        return last.compiled.test(text);
      };
    },
  },
  coalesce: {
    signature: 'coalesce(a, b, ...): the type of both',
    summary: 'the first that is not null',
    parameters: [['any'], ['any']],
    variadic: true,
    onNull: 'pass',
    returns: unifyAll,
    build: (types) => {
      const type = unifyAll(types) ?? 'any';
      const casts = types.map((from) => caster(from, type, 'coalesce()'));
      return (args: unknown[]) => {
        const index = args.findIndex((arg) => arg !== null);
        return index < 0 ? null : (casts[index]?.(args[index]) ?? args[index]);
      };
    },
  },
  round: {
    signature: 'round(number, places): decimal',
    summary: 'to decimal places (0 unless told), half away from zero',
    parameters: [NUMERIC, ['integer']],
    optional: 1,
    returns: () => 'decimal',
    refuses: ([, places]) =>
      places?.kind === 'literal' && !isPlaces(places.value)
        ? `the places are not a whole number from 0 to ${MOST_PLACES}`
        : undefined,
    build:
      () =>
      ([value, places]: [Decimal | Integer, number | undefined]) => {
        if (isPlaces(places ?? 0)) return roundTo(toDecimal(value), places ?? 0);
        throw valueError(`round() was given ${places} places`, `give 0 to ${MOST_PLACES}`);
      },
  },
  abs: {
    signature: 'abs(number or duration): the same',
    summary: 'without its sign',
    parameters: [['integer', 'number', 'decimal', 'duration']],
    returns: ([type]) => type,
    build: ([type]) => {
      if (type === 'decimal') return ([value]: [Decimal]) => value.abs();
      return ([value]: [Integer]) => (value < 0 ? -value : value);
    },
  },
  min: extreme('min(a, b, ...): the type of both', 'the smallest', '<'),
  max: extreme('max(a, b, ...): the type of both', 'the largest', '>'),
};

function isPlaces(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_PLACES;
}

/** The functions of the language by name. */
export const builtins: ReadonlyMap<string, Builtin> = new Map(Object.entries(TABLE));

export function accepts(kinds: readonly Accepted[], type: ValueType): boolean {
  if (type === 'any' || type === 'null' || kinds.includes('any')) return true;
  if (typeof type === 'object') return 'list' in type && kinds.includes('list');
  return kinds.includes(type) || (kinds.includes('integer') && kinds.includes('decimal') && isNumeric(type));
}

/** Calls a function of the schema; what it throws comes out as an ExpressionError that keeps it as cause. */
export function callOut(name: string, call: (...args: unknown[]) => unknown, args: readonly unknown[]): unknown {
  try {
    return call(...args);
  } catch (error) {
    if (error instanceof ExpressionError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const remedy = 'see the cause; check the arguments given to it';
    throw new ExpressionError('EXPRESSION_FUNCTION', `${name}() failed: ${reason}`, remedy, error);
  }
}
