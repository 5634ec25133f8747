import { sourceOf } from '@caruso/declarations';
import type { Principal } from '@caruso/service-manager/contract';
import { describe, expect, it } from 'vitest';
import { Access } from './access.js';
import { compileModel } from './compile-model.js';

const { model } = compileModel([
  sourceOf(
    'model/a.yaml',
    `object: A
attributes:
  id: { type: text, key: true }
  x: { type: text }
  y: { type: text }
rights:
  reader: { read: all, hide: [y] }
  north: { read: "x = 'n'", write: [x] }
  south: { read: "x = 's'", write: all, delete: true }
  none: none
`,
  ),
  sourceOf('model/b.yaml', 'object: B\nattributes:\n  id: { type: text, key: true }\n'),
]);
const principal = (roles: string[], kind: Principal['kind'] = 'user'): Principal => ({
  kind,
  id: 'x',
  name: 'x',
  roles,
});
const of = (roles: string[], object = 'A', kind: Principal['kind'] = 'user') => {
  const found = model.objects.get(object);
  if (found === undefined) throw new Error('no object');
  return new Access(model, principal(roles, kind)).of(found);
};
const sources = (rules: readonly { source: string }[] | undefined) => rules?.map((rule) => rule.source);

describe('rights', () => {
  it('are none for a role that is not named, and for no role', () => {
    for (const roles of [[], ['administrator'], ['none'], ['__proto__']])
      expect(of(roles)).toMatchObject({ read: false, create: false, delete: false });
  });

  it('go to the staff where a model file says nothing, and never to visitors', () => {
    expect(of(['agent'], 'B')).toMatchObject({ read: true, create: true, delete: false });
    expect(of(['supervisor'], 'B')).toMatchObject({ read: true, create: true, delete: false });
    expect(of(['administrator'], 'B')).toMatchObject({ read: true, create: true, delete: true });
    for (const roles of [['visitor'], ['public'], ['partner']]) expect(of(roles, 'B').read).toBe(false);
  });

  it('add up over roles: rows, attributes and what may be done', () => {
    expect(sources(of(['north', 'south']).rules)).toEqual(["x = 'n'", "x = 's'"]);
    expect(of(['reader', 'north']).rules).toBeUndefined();
    expect(sources(of(['reader', 'south']).deleteRules)).toEqual(["x = 's'"]);
    expect(sources(of(['north', 'south']).writable.get('x'))).toEqual(["x = 'n'", "x = 's'"]);
    expect(sources(of(['north', 'south']).writable.get('y'))).toEqual(["x = 's'"]);
  });

  it('hide an attribute unless a role shows it on every row that is seen', () => {
    expect(of(['reader']).visible.has('y')).toBe(false);
    expect(of(['reader', 'north']).visible.has('y')).toBe(false);
    expect(of(['north', 'south']).visible.has('y')).toBe(true);
  });

  it('are all for components, policies and scripts', () => {
    for (const kind of ['system', 'policy', 'script'] as const)
      expect(of([], 'A', kind)).toMatchObject({ read: true, delete: true, rules: undefined });
    expect(of(['system'], 'A', 'user').read).toBe(false);
  });
});
