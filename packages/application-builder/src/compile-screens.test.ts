import { compileModel } from '@caruso/business-objects';
import { BusinessObjects } from '@caruso/business-objects/contract';
import { folderOf, formatFault } from '@caruso/declarations';
import { defineContract } from '@caruso/service-manager/contract';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { checkDeclarations } from './check-declarations.js';

const model = {
  'model/customer.yaml': `
object: Customer
attributes:
  no: { type: text, key: true }
  name: { type: text, required: true }
  since: { type: date }
relations:
  cases: { many: Case, by: customer }
`,
  'model/case.yaml': `
object: Case
attributes:
  id: { type: text, key: true }
  customer: { to: Customer }
  status: { type: one of, values: [open, closed] }
  amount: { type: decimal, scale: 2 }
`,
};

const Billing = defineContract({
  id: 'billing',
  version: '1.0.0',
  methods: {
    balance: { summary: '', input: z.object({ customer: z.string() }), output: z.null(), allow: ['agent'] },
    inside: { summary: '', input: z.object({}), output: z.null() },
  },
});

/** Faults as `caruso check` prints them. */
function check(files: Record<string, string>): string[] {
  const folder = folderOf({ ...model, ...files });
  const compiled = compileModel(folder.sources('model'));
  expect(compiled.faults).toEqual([]);
  const specs = [Billing, BusinessObjects].flatMap(({ id, methods }) =>
    Object.entries(methods).map(([name, spec]) => [id, name, spec] as const),
  );
  const methods = specs.map(([contract, method, spec]) => ({
    contract,
    version: '1.0.0',
    method,
    allow: [] as readonly string[],
    idempotent: false,
    ...spec,
  }));
  return checkDeclarations({
    folder,
    schema: compiled.schema,
    model: compiled.model,
    methods,
    scripts: ['move'],
  }).map(formatFault);
}

const sound = {
  'screens/customer.yaml': `screen: customer
for: Customer
label: { en: Customer, nl: Klant }
head: [since, { attribute: name, label: { en: Called, nl: Heet } }]
actions:
  - { run script: move, with: { customer: "= no" } }
  - { call: billing.balance, if: "cases.exists(c, c.status = 'open')", with: { customer: "= record.no" }, confirm: Sure? }
  - { create: Case, with: { customer: "= no", status: open }, if: "= 'agent' in user.roles" }
tabs:
  - Overview: [{ fields: [no, name], edit: true }, { timeline: all channels }, { service: billing.balance, with: { customer: "= no" } }]
  - Cases: { list: cases, columns: [id, customer.name, status], where: "status <> 'closed'", sort: -amount, opens: case, create: yes }
  - All: { list: Case, columns: [id] }
  - History: [{ history: yes }]
roles: { agent: show, partner: { hide tabs: [Cases] } }
`,
  'screens/case.yaml': 'screen: case\nfor: Case\ntabs: [{ Case: { fields: [status, customer] } }]\n',
  'screens/cases.yaml':
    "screen: cases\nlist: Case\ncolumns: [id, customer.name]\nwhere: customer.name <> '' and amount > 5\nsort: [-amount, id]\nopens: case\ncreate: [status]\n",
  'screens/navigation.yaml':
    'navigation:\n  customer: customer\n  search: [Customer]\n  agent: [{ view: desktop }, { screen: cases }, { screen: "list:Customer" }]\n',
  'screens/portal.yaml': 'portal:\n  title: { en: Welcome, nl: Welkom }\n  scripts: [{ script: move }]\n  chat: {}\n',
};

describe('screens/*.yaml', () => {
  test('that are sound have no faults', () => {
    expect(check(sound)).toEqual([]);
  });

  test.each<[string, string, string, string]>([
    ['screens/customer.yaml', 'head: [since,', 'head: [sinc,', '4:8 error SCREEN_ATTRIBUTE_UNKNOWN'],
    ['screens/customer.yaml', 'for: Customer', 'for: Custmer', "2:6 error SCREEN_OBJECT_UNKNOWN the object 'Custmer'"],
    [
      'screens/customer.yaml',
      'run script: move',
      'run script: mvoe',
      "6:19 error SCREEN_SCRIPT_UNKNOWN the script 'mvoe'",
    ],
    ['screens/customer.yaml', 'call: billing.balance', 'call: billing.balanc', "did you mean 'billing.balance'?"],
    ['screens/customer.yaml', 'call: billing.balance', 'call: billing.inside', '7:13 error SCREEN_METHOD_INTERNAL'],
    [
      'screens/customer.yaml',
      'with: { customer: "= record.no" }',
      'with: { custmer: "= record.no" }',
      "did you mean 'customer'?",
    ],
    ['screens/customer.yaml', 'c.status', 'c.statsu', '7:53 error EXPRESSION_UNKNOWN'],
    ['screens/customer.yaml', '"= record.no"', '"= record.nu"', "unknown attribute 'nu' of Customer (write 'no')"],
    ['screens/customer.yaml', 'create: Case', 'create: Csae', "did you mean 'Case'?"],
    ['screens/customer.yaml', 'status: open }', 'statsu: open }', "did you mean 'status'?"],
    ['screens/customer.yaml', 'list: cases', 'list: csaes', "did you mean 'cases'?"],
    ['screens/customer.yaml', 'customer.name', 'customer.nam', "did you mean 'name'?"],
    [
      'screens/customer.yaml',
      'columns: [id, customer.name',
      'columns: [id, status.name',
      "'status' of Case leads to no other object",
    ],
    ['screens/customer.yaml', 'fields: [no, name]', 'fields: [no, cases]', 'is a list, not one value'],
    ['screens/customer.yaml', 'opens: case,', 'opens: csae,', "did you mean 'case'?"],
    ['screens/customer.yaml', 'opens: case,', 'opens: customer,', "'customer' shows a Customer, but the rows are Case"],
    ['screens/customer.yaml', 'hide tabs: [Cases]', 'hide tabs: [Csaes]', "did you mean 'Cases'?"],
    ['screens/customer.yaml', 'edit: true', 'sort: [no]', "'sort' has no meaning beside 'fields'"],
    ['screens/customer.yaml', 'edit: true', 'edti: true', "did you mean 'edit'?"],
    ['screens/customer.yaml', '{ history: yes }', '{ label: x }', 'says not what it is'],
    ['screens/customer.yaml', 'timeline: all channels', 'timeline: mail', '10:'],
    ['screens/cases.yaml', 'amount > 5', "amount > 'x'", '4:32 error EXPRESSION_'],
    ['screens/cases.yaml', 'sort: [-amount', 'sort: [-amuont', "did you mean 'amount'?"],
    ['screens/cases.yaml', 'create: [status]', 'create: [stats]', "did you mean 'status'?"],
    ['screens/cases.yaml', 'screen: cases', 'screen: case', "'case' is declared in screens/case.yaml already"],
    ['screens/cases.yaml', 'list: Case', 'lst: Case', 'SCREEN_KIND'],
    ['screens/navigation.yaml', 'screen: cases', 'screen: csaes', "did you mean 'cases'?"],
    ['screens/navigation.yaml', 'view: desktop', 'view: desktpo', "did you mean 'desktop'?"],
    ['screens/navigation.yaml', 'search: [Customer]', 'search: [Custmer]', "did you mean 'Customer'?"],
    ['screens/navigation.yaml', 'customer: customer', 'customer: cases', 'the record screen'],
    ['screens/navigation.yaml', 'list:Customer', 'list:Custmer', "did you mean 'Customer'?"],
    ['screens/portal.yaml', 'script: move', 'script: mvoe', "did you mean 'move'?"],
    ['screens/portal.yaml', 'title:', 'titel:', "did you mean 'title'?"],
  ])('%s with a fault say where and what is right (%s -> %s)', (path, right, wrong, said) => {
    const text = sound[path as keyof typeof sound];
    expect(text).toContain(right);
    const faults = check({ ...sound, [path]: text.replace(right, wrong) });
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.filter((fault) => fault.startsWith(`${path}:`)).join('\n')).toContain(said);
  });

  test('all faults are told at once', () => {
    const faults = check({
      'screens/a.yaml': 'screen: a\nlist: Case\ncolumns: [idd, statsu]\nsort: [amuont]\n',
      'screens/b.yaml': 'screen: b\nfor: Case\ntabs: [{ T: [{ fields: [nope] }, { list: nothing }] }]\n',
    });
    expect(faults).toHaveLength(5);
  });
});

test('a block of notes or files of an object that has none is a fault at its key; so is a name in a call of objects', () => {
  const text = `screen: case
for: Case
actions:
  - { call: objects.update, label: Close, with: { object: Cas, key: "= id" } }
  - { call: objects.update, label: Close, with: { object: Case, key: "= id", values: { state: closed } } }
  - { create: Case, label: More, with: { custmer: "= id" } }
tabs:
  - Case: [{ fields: [status] }, { notes: true }]
  - Files: [{ attachments: true }]
`;
  expect(check({ 'screens/case.yaml': text })).toEqual([
    "screens/case.yaml:4:59 error SCREEN_OBJECT_UNKNOWN the object 'Cas' does not exist (did you mean 'Case'?)",
    "screens/case.yaml:5:88 error SCREEN_ATTRIBUTE_UNKNOWN the attribute 'state' of Case does not exist (known are id, customer, status, amount)",
    "screens/case.yaml:6:42 error SCREEN_ATTRIBUTE_UNKNOWN the attribute 'custmer' of Case does not exist (did you mean 'customer'?)",
    "screens/case.yaml:8:36 error SCREEN_BLOCK_UNDECLARED Case has no notes (write 'notes: true' in the model file of Case, or remove the block)",
    "screens/case.yaml:9:15 error SCREEN_BLOCK_UNDECLARED Case has no attachments (write 'attachments: true' in the model file of Case, or remove the block)",
  ]);
  const noted = model['model/case.yaml'].replace(
    'attributes:',
    'notes: true\nattachments: { largest: 1 MB }\nattributes:',
  );
  expect(check({ 'model/case.yaml': noted, 'screens/case.yaml': text }).length).toBe(3);
});
