import type { MethodShape } from '@caruso/dialog-script';
import { z } from 'zod';

/** A method as the service manager describes it. */
interface Described {
  contract: string;
  method: string;
  idempotent: boolean;
  input: unknown;
  output: unknown;
}

type Shape = MethodShape['input'];

const known = new WeakMap<object, Map<'input' | 'output', Shape>>();

/** Methods as the compiler of scripts takes them: with JSON schemas, each made when a script names the method. */
export function methodShapes(methods: readonly Described[]): MethodShape[] {
  return methods.map(({ contract, method, idempotent, input, output }) => ({
    contract,
    method,
    idempotent,
    get input() {
      return shapeOf(input, 'input');
    },
    get output() {
      return shapeOf(output, 'output');
    },
  }));
}

/** The JSON schema of a zod type; what JSON schema cannot say is left open. */
function shapeOf(type: unknown, side: 'input' | 'output'): Shape {
  if (!(type instanceof z.ZodType)) return {};
  const sides = known.get(type) ?? new Map<'input' | 'output', Shape>();
  known.set(type, sides);
  let shape = sides.get(side);
  if (shape === undefined) {
    shape = z.toJSONSchema(type, { io: side, unrepresentable: 'any', cycles: 'ref', reused: 'inline' }) as Shape;
    sides.set(side, shape);
  }
  return shape;
}
