import { type Fault, type Path, type Position, readYamlDocuments, type Source } from '@caruso/declarations';
import { z } from 'zod';

/** One thing a seed file does: a call of a method. Creating an object is the call `objects.create`. */
export interface SeedStep {
  method: string;
  with: Record<string, unknown>;
  /** The business object it creates, where it was written as `Object: [...]`. */
  object?: string;
  /** Where that was written. */
  objectAt?: Position;
  at: Position;
  /** Where the value at a path within `with` was written; for objects, within its values. */
  locate(path: Path): Position;
  locateKey(path: Path): Position;
  locateText(path: Path, offset: number): Position;
}

const Call = z.strictObject({ call: z.string(), with: z.record(z.string(), z.unknown()).default({}) });
const Values = z.record(z.string(), z.unknown());
const Document = z.union([
  z.array(Call),
  z.strictObject({ calls: z.array(Call) }),
  Call,
  z.record(z.string().regex(/^[A-Z]\w*$/, 'an object is named with a capital letter'), z.array(Values)),
]);

/**
 * Reads a file of demo data. Each document is a call (`call:` and `with:`), a list of calls, or objects to create by their names:
 * `Customer: [{ customerNo: C1 }, ...]`.
 */
export function readSeed(source: Source): { steps: SeedStep[]; faults: Fault[] } {
  const steps: SeedStep[] = [];
  const faults: Fault[] = [];
  for (const read of readYamlDocuments(source, Document)) {
    faults.push(...read.faults);
    const { value } = read;
    if (value === undefined) continue;
    const add = (method: string, given: Record<string, unknown>, path: Path, object?: string) => {
      const inner = object === undefined ? [...path, 'with'] : path;
      steps.push({
        method,
        with: given,
        ...(object === undefined ? {} : { object, objectAt: read.locate.key([object]) }),
        at: read.locate(path),
        locate: (rest) => read.locate([...inner, ...rest]),
        locateKey: (rest) => read.locate.key([...inner, ...rest]),
        locateText: (rest, offset) => read.locate.within([...inner, ...rest], offset),
      });
    };
    const addCall = (call: z.output<typeof Call>, path: Path) => add(call.call, call.with, path);
    if (Array.isArray(value)) value.forEach((call, index) => addCall(call, [index]));
    else if (isCall(value)) addCall(value, []);
    else if (isCalls(value)) value.calls.forEach((call, index) => addCall(call, ['calls', index]));
    else {
      for (const [object, records] of Object.entries(value as Record<string, Record<string, unknown>[]>)) {
        records.forEach((values, index) => add('objects.create', values, [object, index], object));
      }
    }
  }
  return { steps, faults };
}

function isCall(value: object): value is z.output<typeof Call> {
  return 'call' in value;
}

function isCalls(value: object): value is { calls: z.output<typeof Call>[] } {
  return 'calls' in value;
}
