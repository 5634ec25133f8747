import type { AttributeType, MatchRule, Normalisation } from '@caruso/business-objects/contract';
import { type ComparedAs, comparable, comparedAs } from './comparable.js';
import type { Comparables } from './match.js';

/** What of an object's description says how its records are compared. */
interface Matched {
  readonly duplicates: readonly MatchRule[];
  readonly attributes: readonly {
    readonly name: string;
    readonly type: AttributeType;
    readonly normalise?: Normalisation | undefined;
  }[];
}

/** The attributes that the rules of an object compare, and as what. */
export function comparedAttributes({ duplicates, attributes }: Matched): Map<string, ComparedAs> {
  const named = new Set(duplicates.flatMap((rule) => conditionsOf(rule).map(({ attribute }) => attribute)));
  return new Map(attributes.filter(({ name }) => named.has(name)).map((each) => [each.name, comparedAs(each)]));
}

function conditionsOf(rule: MatchRule): readonly { attribute: string }[] {
  return rule.kind === 'all' ? rule.conditions : rule.weights;
}

/** What of a record is compared, in the form it is compared in. Pure. */
export function comparables(
  compared: ReadonlyMap<string, ComparedAs>,
  values: Readonly<Record<string, unknown>>,
  country: string,
): Comparables {
  const record = new Map<string, string>();
  for (const [name, as] of compared) {
    const value = comparable(as, values[name], country);
    if (value !== undefined) record.set(name, value);
  }
  return record;
}
