import type { JsonSchema } from './object-schema.js';

/** Parts that the descriptions of addresses are made of. */

export type Paths = Record<string, Record<string, unknown>>;

export function ref(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

export function json(schema: JsonSchema): JsonSchema {
  return { 'application/json': { schema } };
}

/** A successful answer in JSON. */
export function answer(description: string, schema: JsonSchema): JsonSchema {
  return { description, content: json(schema) };
}

export function parameter(
  name: string,
  place: 'path' | 'query' | 'header',
  description: string,
  schema: JsonSchema = { type: 'string' },
  required = place === 'path',
): JsonSchema {
  return { name, in: place, description, required, schema };
}

export const failed = { $ref: '#/components/responses/Error' };

export function nullable(schema: JsonSchema): JsonSchema {
  return { anyOf: [schema, { type: 'null' }] };
}
