import type { RecordShape } from './program.js';
import type { FrozenRecord } from './session-event.js';

/** The parts of an ObjectRecord that are frozen. */
interface FoundRecord {
  object: string;
  key: string;
  display: string;
  values: Record<string, unknown>;
  related?: Record<string, unknown> | undefined;
}

/** Freezes a found object: its values, and those of the objects it leads to as far as they were loaded. */
export function freeze(record: FoundRecord, shape: RecordShape): FrozenRecord {
  const frozen: FrozenRecord = { ...record.values, $object: record.object, $key: record.key, $display: record.display };
  for (const [attribute, object] of Object.entries(shape.references)) {
    const key = record.values[attribute];
    const related = record.related?.[attribute];
    if (isFound(related)) {
      frozen[attribute] = { ...related.values, $object: object, $key: related.key, $display: related.display };
    } else frozen[attribute] = key === null || key === undefined ? null : { $object: object, $key: String(key) };
  }
  return frozen;
}

/** An action's result as expressions see it: a business object like a found one, anything else as it came. */
export function freezeResult(result: unknown, shape: RecordShape | undefined): unknown {
  return shape !== undefined && isFound(result) ? freeze(result, shape) : result;
}

/** As a value leaves for a service or a query: a found object as its key. */
export function toWire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toWire);
  if (typeof value === 'object' && value !== null && '$key' in value) return value.$key;
  return value;
}

function isFound(value: unknown): value is FoundRecord {
  return typeof value === 'object' && value !== null && 'key' in value && 'values' in value && 'object' in value;
}
