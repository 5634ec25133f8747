import type { MatchCondition, MatchRule } from '@caruso/business-objects/contract';
import { similarity } from './similarity.js';

/** What two records are to each other; `new` where nothing says that they are one. */
export type Band = 'same' | 'perhaps' | 'new';

/** Comparable values by attribute; what is missing says nothing. */
export type Comparables = ReadonlyMap<string, string>;

export interface Match {
  band: Band;
  /** 0 to 1: of a rule of conditions the least similarity among them, of points their share of those needed for `same`. */
  likeness: number;
  /** Attributes that agree, by the rule that decided. */
  agree: string[];
}

/**
 * The chance that one attribute of the same person agrees in two records (`m` of Fellegi and Sunter): data entered by people is found
 * wrong, or out of date, in about one value of ten.
 */
const RELIABILITY = 0.9;

const NEW: Match = { band: 'new', likeness: 0, agree: [] };
const RANK: Readonly<Record<Band, number>> = { new: 0, perhaps: 1, same: 2 };

/**
 * Holds two records against each other. The rule with the strongest band decides. Pure and symmetric.
 *
 * The three bands are the link, possible link and non-link of I. P. Fellegi and A. B. Sunter, "A Theory for Record Linkage", 1969.
 */
export function match(rules: readonly MatchRule[], left: Comparables, right: Comparables): Match {
  let best = NEW;
  for (const rule of rules) {
    const found =
      rule.kind === 'all' ? conditions(rule.band, rule.conditions, left, right) : weighed(rule, left, right);
    const stronger = RANK[found.band] - RANK[best.band] || found.likeness - best.likeness;
    if (found.band !== 'new' && stronger > 0) best = found;
  }
  return best;
}

function conditions(
  band: 'same' | 'perhaps',
  wanted: readonly MatchCondition[],
  left: Comparables,
  right: Comparables,
): Match {
  let likeness = 1;
  // What is told at a glance first: most pairs end there.
  for (const { attribute, like = 1 } of wanted.toSorted(({ like: a = 1 }, { like: b = 1 }) => b - a)) {
    const found = likenessOf(attribute, like, left, right);
    if (found === undefined || found < like) return NEW;
    likeness = Math.min(likeness, found);
  }
  return { band, likeness, agree: wanted.map(({ attribute }) => attribute) };
}

/**
 * The sum of what each attribute says: its points where it agrees, fewer the less alike it is (Winkler 1990), and
 * log2((1 - m) / (1 - u)) points where it does not, with u = 2^-points the chance that strangers agree.
 */
function weighed(rule: Extract<MatchRule, { kind: 'weigh' }>, left: Comparables, right: Comparables): Match {
  let points = 0;
  const agree: string[] = [];
  for (const { attribute, like = 1, points: full } of rule.weights) {
    const found = likenessOf(attribute, like, left, right);
    if (found === undefined) continue;
    if (found >= like) {
      agree.push(attribute);
      points += full * (like === 1 ? 1 : 0.5 + (0.5 * (found - like)) / (1 - like));
    } else points += Math.log2((1 - RELIABILITY) / (1 - 2 ** -full));
  }
  const band = points >= rule.same ? 'same' : points >= rule.perhaps ? 'perhaps' : 'new';
  return { band, likeness: Math.max(0, Math.min(1, points / rule.same)), agree };
}

function likenessOf(attribute: string, like: number, left: Comparables, right: Comparables): number | undefined {
  const mine = left.get(attribute);
  const theirs = right.get(attribute);
  if (mine === undefined || theirs === undefined) return undefined;
  if (like === 1) return mine === theirs ? 1 : 0;
  return similarity(mine, theirs, like);
}
