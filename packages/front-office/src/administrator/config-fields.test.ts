import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { configFields, configOf, textOf, valueOf } from './config-fields.js';

const schemaOf = (schema: z.ZodType): unknown => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });

describe('the form of a configuration', () => {
  it('has a field for each single value', () => {
    const schema = z.strictObject({
      url: z.url().describe('Where the system answers'),
      days: z.number().int().default(30),
      loud: z.boolean().optional(),
      mode: z.enum(['fast', 'safe']),
    });
    expect(configFields(schemaOf(schema))).toMatchObject([
      { name: 'url', kind: 'text', required: true, description: 'Where the system answers' },
      { name: 'days', kind: 'number', required: false },
      { name: 'loud', kind: 'truth', required: false },
      { name: 'mode', kind: 'choice', required: true, choices: ['fast', 'safe'] },
    ]);
  });

  it('is left to a text where there is more in it', () => {
    expect(configFields(schemaOf(z.strictObject({ hosts: z.array(z.string()) })))).toBeUndefined();
    expect(configFields(schemaOf(z.looseObject({ a: z.string() })))).toBeUndefined();
    expect(configFields(null)).toBeUndefined();
    expect(configOf('{ "a": [1] }')).toEqual({ a: [1] });
    expect(configOf('[1]')).toBeUndefined();
    expect(configOf('{')).toBeUndefined();
  });

  it('takes numbers, truth values and variables of the environment, and leaves out what is empty', () => {
    const field = (kind: 'text' | 'number' | 'truth', required = false) =>
      ({ name: 'x', kind, required, description: undefined, choices: [] }) as const;
    const take = (kind: 'text' | 'number' | 'truth', text: string, required = false): unknown =>
      valueOf({ ...field(kind, required), choices: [] }, text);
    expect(take('number', ' 14 ')).toBe(14);
    expect(take('number', '${DAYS}')).toBe('${DAYS}');
    expect(take('truth', 'true')).toBe(true);
    expect(take('text', '')).toBeUndefined();
    expect(take('text', '', true)).toBe('');
    expect(textOf(14)).toBe('14');
    expect(textOf(undefined)).toBe('');
  });
});
