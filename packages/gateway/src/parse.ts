import type { z } from 'zod';
import { bodyInvalid } from './errors.js';

/** The body as the schema has it. Throws INPUT_INVALID, naming the fields. */
export function parse<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  throw bodyInvalid(
    parsed.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.') || 'body', message })),
  );
}
