import { describe, expect, test } from 'vitest';
import type { Schema } from './schema.js';
import { compileTemplate } from './template.js';

const schema: Schema = {
  variables: { case: { object: 'Case' } },
  objects: { Case: { kind: 'text', amount: 'decimal' } },
};
const context = { now: new Date('2026-03-01T10:00:00Z'), timezone: 'UTC' };

describe('a template', () => {
  test('replaces marked texts at any depth and leaves everything else as it is', () => {
    const compiled = compileTemplate(
      { a: '= case.kind', b: ['=case.kind', '= case.amount + 1', 7, null], c: { d: 'plain' } },
      schema,
    );
    if (!compiled.ok) throw new Error('expected a template');
    expect(compiled.template.dependencies).toEqual(['case.kind', 'case.amount']);
    expect(compiled.template.evaluate({ case: { kind: 'outage', amount: '1.50' } }, context)).toEqual({
      a: 'outage',
      b: ['=case.kind', '2.5', 7, null],
      c: { d: 'plain' },
    });
  });

  test('names the place of every fault', () => {
    const compiled = compileTemplate({ a: { b: ['=  case.kindd'] }, c: '= nope' }, schema);
    expect(compiled.ok ? [] : compiled.faults.map((fault) => [fault.path, fault.offset])).toEqual([
      [['a', 'b', 0], 8],
      [['c'], 2],
    ]);
  });
});
