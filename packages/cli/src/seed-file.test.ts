import { folderOf, formatFault, sourceOf } from '@caruso/declarations';
import type { CheckContext } from '@caruso/declarations/contract';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkSeeds } from './check-seeds.js';
import { demoSignIns } from './seed.js';
import { readSeed } from './seed-file.js';

describe('readSeed', () => {
  it('reads objects, calls and lists of calls, in their order, from several documents', () => {
    const text = [
      'Customer:',
      '  - { customerNo: C1 }',
      '  - { customerNo: C2 }',
      '---',
      'call: users.define',
      'with: { user: anna }',
      '---',
      '- call: a.b',
      '- { call: c.d, with: { x: 1 } }',
      '---',
      'calls: [{ call: e.f }]',
    ].join('\n');
    const { steps, faults } = readSeed(sourceOf('seed/a.yaml', text));
    expect(faults).toEqual([]);
    expect(steps.map(({ method, object, with: given }) => [method, object, given])).toEqual([
      ['objects.create', 'Customer', { customerNo: 'C1' }],
      ['objects.create', 'Customer', { customerNo: 'C2' }],
      ['users.define', undefined, { user: 'anna' }],
      ['a.b', undefined, {}],
      ['c.d', undefined, { x: 1 }],
      ['e.f', undefined, {}],
    ]);
    expect(steps[1]?.at).toEqual({ file: 'seed/a.yaml', line: 3, column: 5 });
  });

  it('names a misspelt key', () => {
    const { faults } = readSeed(sourceOf('seed/a.yaml', '- call: users.define\n  wth: {}\n'));
    expect(faults.map(formatFault)).toEqual([
      "seed/a.yaml:2:3 error DECLARATION_UNKNOWN_KEY unknown key 'wth' (did you mean 'with'?)",
    ]);
  });
});

describe('checkSeeds', () => {
  const context = (text: string): CheckContext => ({
    folder: folderOf({ 'seed/a.yaml': text }),
    schema: { variables: {}, objects: { Customer: { customerNo: 'text', since: 'date' } } },
    model: undefined,
    methods: [
      {
        contract: 'users',
        version: '1.0.0',
        method: 'define',
        summary: '',
        allow: [],
        idempotent: true,
        input: z.strictObject({ user: z.string(), age: z.number().optional() }),
        output: z.unknown(),
      },
    ],
    scripts: [],
  });
  const lines = (text: string) => checkSeeds(context(text)).map(formatFault);

  it('is content with what the model and the methods know', () => {
    expect(
      lines(
        'Customer:\n  - { customerNo: C1, since: "= today() - 30d" }\n---\ncall: users.define\nwith: { user: a }\n',
      ),
    ).toEqual([]);
  });

  it('names unknown objects, attributes, methods, arguments and faulty expressions at their places', () => {
    const text = [
      'Custmer: [{ customerNo: C1 }]',
      'Customer:',
      '  - { customerno: C1, since: "= todya()" }',
      '---',
      '- call: user.define',
      '- call: users.define',
      '  with: { usr: anna, age: ten }',
    ].join('\n');
    expect(lines(text)).toEqual([
      "seed/a.yaml:1:1 error OBJECT_UNKNOWN the model has no object 'Custmer' (did you mean 'Customer'?)",
      "seed/a.yaml:3:7 error ATTRIBUTE_UNKNOWN unknown attribute 'customerno' of Customer (did you mean 'customerNo'?)",
      expect.stringMatching(/^seed\/a\.yaml:3:33 error EXPRESSION_UNKNOWN_FUNCTION .*today/),
      "seed/a.yaml:5:3 error METHOD_UNKNOWN no component of this front office has a method 'user.define' (did you mean 'users.define'?)",
      "seed/a.yaml:7:27 error DECLARATION_INVALID expected a number, found 'ten'",
      "seed/a.yaml:7:11 error DECLARATION_UNKNOWN_KEY unknown key 'usr' (did you mean 'user'?)",
    ]);
  });
});

describe('demoSignIns', () => {
  it('lists who is defined with a password', () => {
    const folder = folderOf({
      'seed/a.yaml':
        '- { call: users.define, with: { user: anna, roles: [agent], password: secret12 } }\n- { call: users.define, with: { user: ben } }\n',
    });
    expect(demoSignIns(folder)).toEqual([{ user: 'anna', password: 'secret12', roles: ['agent'] }]);
  });
});
