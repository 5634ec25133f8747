import { nearest } from '@caruso/expressions';
import type { z } from 'zod';
import type { Fault } from './fault.js';
import type { Locate } from './locate.js';
import type { Position } from './position.js';
import { knownKeys } from './schema-keys.js';
import type { Path } from './tree.js';

type Issue = z.core.$ZodIssue;

interface Finding {
  at: Path;
  /** The fault lies in the key, not in its value. */
  key?: boolean;
  code: string;
  message: string;
  remedy: string;
  /** For a missing key. */
  missing?: string;
  /** For an unknown key: what it most likely meant. */
  meant?: string;
}

/** Turns every issue zod found into a fault that names the place where it was written. */
export function zodFaults(
  error: { issues: readonly Issue[] },
  schema: z.core.$ZodType,
  value: unknown,
  locate: Locate,
): Fault[] {
  const findings = error.issues.flatMap((issue) => explain(issue, [], schema, value));
  return withoutMisspelt(findings).map((each) => {
    const place: Position = each.key === true ? locate.key(each.at) : locate(each.at);
    return { ...place, code: each.code, message: each.message, remedy: each.remedy, severity: 'error' };
  });
}

function explain(issue: Issue, prefix: Path, schema: z.core.$ZodType, root: unknown): Finding[] {
  const at: Path = [...prefix, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
  const found = valueAt(root, at);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(at, key, knownKeys(schema, at)));
    case 'invalid_union':
      return explainUnion(issue, at, schema, root);
    case 'invalid_key': {
      const reason = issue.issues[0]?.message ?? issue.message;
      const last = String(at[at.length - 1] ?? '');
      const known = knownKeys(schema, at.slice(0, -1));
      if (known.length > 0) return [unknownKey(at.slice(0, -1), last, known)];
      return [
        {
          at,
          key: true,
          code: 'DECLARATION_INVALID',
          message: `'${last}' cannot be a key here: ${reason}`,
          remedy: 'rename it',
        },
      ];
    }
    case 'invalid_value':
      return found === undefined ? [missing(at, issue.values.map(String))] : [notOneOf(at, found, issue.values)];
    case 'invalid_type':
      if (found === undefined) return [missing(at, undefined, expectedName(issue.expected))];
      return [invalid(at, custom(issue) ?? `expected ${expectedName(issue.expected)}, found ${foundName(found)}`, '')];
    case 'custom': {
      const params = issue.params as { code?: string; remedy?: string } | undefined;
      return [
        { at, code: params?.code ?? 'DECLARATION_INVALID', message: issue.message, remedy: params?.remedy ?? '' },
      ];
    }
    default:
      return [invalid(at, custom(issue) ?? `${foundName(found)} is not valid here`, '')];
  }
}

/** Of the ways a value may be written, explains the one it comes nearest to. */
function explainUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  at: Path,
  schema: z.core.$ZodType,
  root: unknown,
): Finding[] {
  const found = valueAt(root, at);
  if (found === undefined) return [missing(at)];
  const wrongKind = (branch: readonly Issue[]) =>
    branch.some((each) => each.path.length === 0 && each.code === 'invalid_type');
  const candidates = issue.errors.filter((branch) => !wrongKind(branch));
  if (
    candidates.length > 0 &&
    candidates.every((branch) => branch.every((each) => each.path.length === 0 && each.code === 'invalid_value'))
  ) {
    const values = candidates.flat().flatMap((each) => (each.code === 'invalid_value' ? [...each.values] : []));
    return [notOneOf(at, found, values)];
  }
  let best: { findings: Finding[]; weight: number } | undefined;
  for (const branch of candidates) {
    const findings = withoutMisspelt(branch.flatMap((each) => explain(each, at, schema, root)));
    const weight = findings.reduce((sum, each) => sum + (each.code === 'DECLARATION_UNKNOWN_KEY' ? 10 : 1), 0);
    if (best === undefined || weight < best.weight) best = { findings, weight };
  }
  if (best !== undefined) return best.findings;
  const expected = [
    ...new Set(
      issue.errors.flat().flatMap((each) => (each.code === 'invalid_type' ? [expectedName(each.expected)] : [])),
    ),
  ];
  if (expected.length === 0) return [invalid(at, custom(issue) ?? `${foundName(found)} is not valid here`, '')];
  return [invalid(at, `expected ${expected.join(' or ')}, found ${foundName(found)}`, '')];
}

/** A key that is only misspelt is not missing as well. */
function withoutMisspelt(findings: readonly Finding[]): Finding[] {
  const meant = new Set<string>();
  for (const each of findings) if (each.meant !== undefined) meant.add(pathText([...each.at.slice(0, -1), each.meant]));
  return findings.filter((each) => each.missing === undefined || !meant.has(pathText([...each.at, each.missing])));
}

function unknownKey(at: Path, key: string, known: readonly string[]): Finding {
  const meant = nearest(key, known);
  const remedy = meant === undefined ? knownText('known here', known) : `did you mean '${meant}'?`;
  return {
    at: [...at, key],
    key: true,
    code: 'DECLARATION_UNKNOWN_KEY',
    message: `unknown key '${key}'`,
    remedy,
    ...(meant === undefined ? {} : { meant }),
  };
}

function missing(at: Path, values?: readonly string[], expected?: string): Finding {
  const name = String(at[at.length - 1] ?? 'content');
  const kind = expected === undefined ? '' : ` (${expected})`;
  const remedy = values === undefined ? `add '${name}:'` : knownText(`add '${name}:' with one of`, values);
  return {
    at: at.slice(0, -1),
    code: 'DECLARATION_MISSING',
    message: `'${name}'${kind} is missing`,
    remedy,
    missing: name,
  };
}

function notOneOf(at: Path, found: unknown, values: readonly unknown[]): Finding {
  const known = values.map(String);
  const meant = typeof found === 'string' ? nearest(found, known) : undefined;
  const remedy = meant === undefined ? knownText('write', known) : `did you mean '${meant}'?`;
  return invalid(at, `${foundName(found)} is not one of the possible values`, remedy);
}

function invalid(at: Path, message: string, remedy: string): Finding {
  return { at, code: 'DECLARATION_INVALID', message, remedy };
}

function knownText(lead: string, known: readonly string[]): string {
  if (known.length === 0) return 'remove it';
  const shown = known
    .slice(0, 12)
    .map((each) => `'${each}'`)
    .join(', ');
  return `${lead}: ${shown}${known.length > 12 ? ', ...' : ''}`;
}

/** zod's own sentence, where it says more than which types met. */
function custom(issue: Issue): string | undefined {
  return issue.message.startsWith('Invalid input') ? undefined : lowerFirst(issue.message);
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a mapping (key: value)',
  record: 'a mapping (key: value)',
  null: 'nothing',
  never: 'nothing',
};

function expectedName(expected: string): string {
  return NAMES[expected] ?? expected;
}

function foundName(found: unknown): string {
  if (found === null || found === undefined) return 'nothing';
  if (Array.isArray(found)) return 'a list';
  if (typeof found === 'object') return 'a mapping';
  if (typeof found === 'string') return found.length > 60 ? `'${found.slice(0, 57)}...'` : `'${found}'`;
  return String(found);
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[String(step)];
  }
  return value;
}

function pathText(path: Path): string {
  return JSON.stringify(path.map(String));
}
