import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { builtins } from './builtins.js';
import { compile } from './expression.js';
import type { Schema } from './schema.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe('the README', () => {
  it('lists every function of the language, as it describes itself', () => {
    for (const { signature, summary } of builtins.values())
      expect(readme).toContain(`| \`${signature}\` | ${summary} |`);
  });

  const examples = [...readme.matchAll(/^\| `([^`]+)` \| `(true|false|"[^`]*")` \|$/gm)].map(
    ([, source, result]) => [source ?? '', JSON.parse(result ?? '') as unknown] as const,
  );

  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(10);
  });

  it.each(examples)('is right about %s', (source, result) => {
    const schema: Schema = {
      variables: { name: 'text', email: 'text', amount: 'money', tags: { list: 'text' }, openedAt: 'datetime' },
    };
    const compiled = compile(source, schema);
    if (!compiled.ok) throw new Error(compiled.faults[0]?.message);
    const values = {
      name: 'Ann',
      amount: { amount: '12.50', currency: 'EUR' },
      tags: ['vip', 'gas'],
      openedAt: '2026-03-28T22:00:00.000Z',
    };
    const context = { now: new Date('2026-03-28T23:30:00Z'), timezone: 'Europe/Amsterdam' };
    expect(compiled.expression.evaluate(values, context)).toEqual(result);
  });

  it('is right about its conditions at the top and its program', () => {
    const schema: Schema = {
      variables: {
        customer: { object: 'Customer' },
        opportunity: { object: 'Opportunity' },
        invoice: { object: 'Invoice' },
        user: { object: 'User' },
        connections: { list: { object: 'User' } },
        answeredAt: 'datetime',
        queuedAt: 'datetime',
      },
      objects: {
        Customer: { segment: 'text', openCases: 'integer' },
        Opportunity: { amount: 'money' },
        Invoice: { issuedOn: 'date' },
        User: { region: 'text' },
      },
    };
    const [block = ''] = /(?<=^```expression\n)[^`]+(?=^```)/m.exec(readme) ?? [];
    const lines = block.trim().split('\n');
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(compile(line, schema)).toMatchObject({ ok: true });
    const program = /compile\("([^"]+)"/.exec(readme)?.[1] ?? '';
    const compiled = compile(program, schema, { expects: 'boolean' });
    const values = { customer: { segment: 'key', openCases: 3 } };
    expect(compiled.ok && compiled.expression.evaluate(values, { now: new Date(0), timezone: 'UTC' })).toBe(true);
  });
});
