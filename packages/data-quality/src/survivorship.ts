import type { AttributeDescription } from '@caruso/business-objects/contract';
import { Decimal } from 'decimal.js';

type Values = Readonly<Record<string, unknown>>;
type Side = 'kept' | 'other';

export interface Survived {
  value: unknown;
  from: Side;
}

/**
 * Whose value each stored attribute of the merged record has: the one that was chosen, else by `survivor:` of the model, else that of the
 * record that is kept; a value always wins over none. Keys stay. Pure.
 */
export function survivors(
  attributes: readonly AttributeDescription[],
  kept: Values,
  other: Values,
  take: Readonly<Record<string, Side>>,
): Map<string, Survived> {
  const merged = new Map<string, Survived>();
  for (const attribute of attributes) {
    if (attribute.computed === true) continue;
    const { name } = attribute;
    const side = attribute.key ? 'kept' : (take[name] ?? survivor(attribute, kept[name], other[name]));
    merged.set(name, { value: (side === 'kept' ? kept : other)[name] ?? null, from: side });
  }
  return merged;
}

function survivor(attribute: AttributeDescription, kept: unknown, other: unknown): Side {
  if (empty(other)) return 'kept';
  if (empty(kept)) return 'other';
  switch (attribute.survivor ?? 'kept') {
    case 'kept':
      return 'kept';
    case 'other':
      return 'other';
    case 'longest':
      return String(other).length > String(kept).length ? 'other' : 'kept';
    case 'largest':
      return order(kept, other) < 0 ? 'other' : 'kept';
    case 'smallest':
      return order(kept, other) > 0 ? 'other' : 'kept';
  }
}

function empty(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}

/** Numbers and money by amount, everything else (dates, texts) as text. */
function order(left: unknown, right: unknown): number {
  const [a, b] = [amount(left), amount(right)];
  if (a !== undefined && b !== undefined) return a.cmp(b);
  return String(left) < String(right) ? -1 : String(left) > String(right) ? 1 : 0;
}

function amount(value: unknown): Decimal | undefined {
  const plain = typeof value === 'object' && value !== null && 'amount' in value ? value.amount : value;
  const text = typeof plain === 'number' || typeof plain === 'string' ? String(plain) : '';
  return /^-?\d+(?:\.\d+)?$/.test(text) ? new Decimal(text) : undefined;
}
