import type { MatchCondition, MatchRule } from '@caruso/business-objects/contract';
import type { Comparables } from './match.js';
import { soundex } from './soundex.js';

/** Most keys of one record: what an index must carry. */
const MOST_KEYS = 12;
/** Most words of a text that make keys. */
const MOST_WORDS = 4;
/** Points from which agreement alone is rare enough to look closer: one pair of strangers in a thousand. */
const SELECTIVE = 10;

/**
 * The keys under which a record is found: two records that a rule may hold for share at least one in all but rare cases, and strangers
 * seldom. Comparing within blocks is what keeps 100,000 records from becoming five thousand million pairs (M. A. Hernandez and
 * S. J. Stolfo, "The merge/purge problem", 1995).
 *
 * - A rule of conditions blocks by its exact attributes together with the sound of each word of the first of the others: towns and
 *   birthdays alone would gather thousands.
 * - A rule of points blocks by each attribute, or pair of attributes, whose agreement is worth {@link SELECTIVE} points.
 *
 * Pure. Keys begin with the number of the rule, so that rules do not meet in each other's blocks.
 */
export function blockingKeys(rules: readonly MatchRule[], record: Comparables): string[] {
  const keys = new Set<string>();
  for (const [index, rule] of rules.entries()) {
    const found = rule.kind === 'all' ? ofConditions(rule.conditions, record) : ofWeights(rule.weights, record);
    for (const key of found) keys.add(`${index}:${key}`);
  }
  return [...keys].slice(0, MOST_KEYS * rules.length);
}

function ofConditions(conditions: readonly MatchCondition[], record: Comparables): string[] {
  if (conditions.some(({ attribute }) => !record.has(attribute))) return [];
  const exact = conditions.filter(({ like = 1 }) => like === 1);
  const loose = conditions.filter(({ like = 1 }) => like < 1).slice(0, exact.length > 0 ? 1 : 2);
  const whole = exact.map(({ attribute }) => record.get(attribute)).join('|');
  const parts = loose.map((condition) => codes(condition, record));
  if (exact.length > 0) parts.unshift([whole]);
  return parts
    .reduce((keys, some) => keys.flatMap((key) => some.map((code) => `${key}|${code}`)), [''])
    .slice(0, MOST_KEYS);
}

function ofWeights(weights: readonly (MatchCondition & { points: number })[], record: Comparables): string[] {
  const known = weights.filter(({ attribute }) => record.has(attribute));
  const keys: string[] = [];
  const single = known.filter(({ points }) => points >= SELECTIVE);
  for (const weight of single) for (const code of codes(weight, record)) keys.push(`${weight.attribute}=${code}`);
  // The rest in pairs, the most telling ones first.
  const pairs = known.flatMap((left, index) =>
    known
      .slice(index + 1)
      .filter((right) => left.points < SELECTIVE && right.points < SELECTIVE && left.points + right.points >= SELECTIVE)
      .map((right) => ({ left, right, points: left.points + right.points })),
  );
  pairs.sort((a, b) => b.points - a.points);
  for (const { left, right } of pairs) {
    for (const code of codes(left, record))
      for (const other of codes(right, record)) keys.push(`${left.attribute}=${code}|${right.attribute}=${other}`);
  }
  return keys.slice(0, MOST_KEYS);
}

/** The value itself where it must agree exactly or holds digits, else the sound of each of its words. */
function codes({ attribute, like = 1 }: MatchCondition, record: Comparables): string[] {
  const value = record.get(attribute) ?? '';
  if (like === 1 || /^[0-9 +-]+$/.test(value)) return [value];
  const words = value.split(' ').filter((word) => word.length > 2);
  const telling = (words.length === 0 ? [value] : words).slice(0, MOST_WORDS);
  return [...new Set(telling.map((word) => (/\d/.test(word) ? word : soundex(word))))];
}
