import { z } from 'zod';

/** Types of attributes, as written in `model/*.yaml`. */
export const AttributeType = z.enum([
  'text',
  'integer',
  'decimal',
  'number',
  'money',
  'boolean',
  'date',
  'datetime',
  'one of',
  'email',
  'phone',
  'url',
  'json',
  'binary',
  'tags',
  'reference',
]);
export type AttributeType = z.infer<typeof AttributeType>;
