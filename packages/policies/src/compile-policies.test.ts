import { formatFault, sourceOf } from '@caruso/declarations';
import type { MethodDescription } from '@caruso/service-manager/contract';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { compilePolicies, type PolicyContext } from './compile-policies.js';

const method: MethodDescription = {
  contract: 'billing',
  version: '1.0.0',
  method: 'remindOf',
  summary: 'Reminds of an invoice',
  allow: [],
  idempotent: false,
  input: z.object({ customerNo: z.string(), text: z.string() }),
  output: z.object({}),
};
const context: PolicyContext = {
  objects: {
    Customer: { customerNo: 'text', segment: 'text' },
    Case: { id: 'text', kind: 'text', due: 'datetime', customer: { object: 'Customer' } },
  },
  methods: [method],
};
const compiled = (text: string) => compilePolicies([sourceOf('policies/test.yaml', text)], context);
const faults = (text: string) => compiled(text).faults.map(formatFault);

describe('a policy file', () => {
  test('names event, condition and consequences, and what must be loaded for them', () => {
    const { policies, faults: found } = compiled(`policy: outage
on: [Case.created, Case.updated]
if: case.kind = 'outage' and case.customer.segment = 'key account' and before = null
do:
  - set: { due: "= now() + 4h" }
  - remind: look at it
    to: role:supervisor
    at: "= case.due - 30m"
  - call: billing.remindOf
    with: { customerNo: "= case.customer.customerNo", text: hello }
`);
    expect(found).toEqual([]);
    const [policy] = policies;
    expect(policy?.on).toEqual(['Case.created', 'Case.updated']);
    expect(policy?.consequences.map(({ kind, method: name, summary }) => [kind, name, summary])).toEqual([
      ['set', 'objects.update', 'set due'],
      ['remind', 'reminders.create', 'remind role:supervisor'],
      ['call', 'billing.remindOf', 'call billing.remindOf'],
    ]);
    expect(policy?.dependencies).toContain('case.customer.segment');
    expect(policy?.dependencies).toContain('case.customer.customerNo');
  });

  test('says where a misspelt attribute stands, and what was meant', () => {
    expect(
      faults("policy: p\non: Case.created\nif: case.customer.segmnt = 'x'\ndo: [{ set: { due: null } }]\n"),
    ).toEqual([expect.stringMatching(/^policies\/test\.yaml:3:19 error EXPRESSION_\w+ .*segmnt.*segment/)]);
  });

  test('reports every fault at once, each at its place', () => {
    const found = faults(`policy: p
on: Case.created
if: "case.kind > 5"
do:
  - call: billing.remindOff
    with: {}
  - call: billing.remindOf
    with: { customerNoo: x }
  - set: { duee: "= case.nope" }
`);
    expect(found.map((line) => line.replace(/ .*/, ''))).toEqual([
      'policies/test.yaml:3:6',
      'policies/test.yaml:5:11',
      'policies/test.yaml:8:13',
      'policies/test.yaml:9:12',
      'policies/test.yaml:9:26',
    ]);
    expect(found.join('\n')).toMatch(/did you mean 'billing\.remindOf'/);
    expect(found.join('\n')).toMatch(/did you mean 'customerNo'/);
    expect(found.join('\n')).toMatch(/did you mean 'due'/);
  });

  test.each([
    ['an unknown object', 'policy: p\non: Cas.created\ndo: [{ set: { due: null } }]\n', /did you mean 'Case'/],
    ['an event without a verb', 'policy: p\non: Case\ndo: [{ set: { due: null } }]\n', /Case\.created/],
    [
      'two subjects',
      'policy: p\non: [Case.created, Customer.created]\ndo: [{ set: { due: null } }]\n',
      /a policy for each/,
    ],
    ['neither event nor schedule', 'policy: p\ndo: [{ call: billing.remindOf }]\n', /on: Object\.event/],
    ['a schedule that is none', 'policy: p\nevery: "often"\ndo: [{ call: billing.remindOf }]\n', /cron pattern/],
    ['a schedule that sets', 'policy: p\nevery: "0 7 * * *"\ndo: [{ set: { due: null } }]\n', /use call:/],
    [
      'two things in one consequence',
      'policy: p\non: Case.created\ndo: [{ set: { due: null }, call: billing.remindOf }]\n',
      /one of call/,
    ],
    [
      'a reminder without a time',
      'policy: p\non: Case.created\ndo: [{ remind: x, to: role:agent }]\n',
      /add to: and at:/,
    ],
    ['an unknown key', 'policy: p\non: Case.created\nwhen: x\ndo: [{ set: { due: null } }]\n', /'when'/],
  ])('refuses %s', (_what, text, expected) => {
    const { policies, faults: found } = compiled(text);
    expect(policies).toEqual([]);
    expect(found.map(formatFault).join('\n')).toMatch(expected);
  });

  test('with an unknown key is checked to its end, and left out', () => {
    const text = "policy: p\non: Case.created\nwhen: x\nif: case.knd = 'x'\ndo: [{ set: { due: null } }]\n";
    expect(compiled(text).policies).toEqual([]);
    expect(faults(text).map((line) => line.replace(/ .*/, ''))).toEqual([
      'policies/test.yaml:3:1',
      'policies/test.yaml:4:10',
    ]);
    expect(compiled(text.replace('knd', 'kind')).policies).toEqual([]);
  });

  test('is refused where another has its name', () => {
    const text = 'policy: p\non: Case.created\ndo: [{ set: { due: null } }]\n';
    const { policies, faults: found } = compilePolicies(
      [sourceOf('policies/a.yaml', text), sourceOf('policies/b.yaml', text)],
      context,
    );
    expect(policies).toHaveLength(1);
    expect(found.map(formatFault)).toEqual([expect.stringContaining('policies/b.yaml:1:9 error POLICY_TWICE')]);
  });
});
