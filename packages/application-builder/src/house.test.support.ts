import objects from '@caruso/business-objects';
import { BusinessObjects } from '@caruso/business-objects/contract';
import { createDeclarations, type DeclarationsHolder, folderOf } from '@caruso/declarations';
import { createServiceManager, type ServiceManager } from '@caruso/service-manager';
import {
  actingAs,
  type Client,
  defineComponent,
  defineContract,
  type Log,
  type Principal,
} from '@caruso/service-manager/contract';
import storage from '@caruso/storage-manager';
import { z } from 'zod';
import { screensComponent } from './component.js';
import { Screens } from './contract.js';

export const files = {
  'model/customer.yaml': `
object: Customer
attributes:
  no: { type: text, key: true }
  name: { type: text, required: true, search: true }
  kind: { type: one of, values: [person, company], required: true, default: person }
  credit: { type: decimal, scale: 2 }
  display: { formula: "name + ' (' + no + ')'" }
relations:
  cases: { many: Case, by: customer }
rights:
  agent: { read: all, write: [name, kind], create: true }
  partner: { read: all, hide: [credit] }
  administrator: all
`,
  'model/case.yaml': `
object: Case
attributes:
  id: { type: text, key: generated }
  customer: { to: Customer, required: true }
  subject: { type: text, required: true }
  status: { type: one of, values: [open, closed], required: true, default: open }
rights:
  agent: { read: all, write: all, create: true }
  administrator: all
`,
  // Composite key, one part of which is a reference; and rows that lead back to it attribute by attribute.
  'model/line.yaml': `
object: OrderLine
attributes:
  customer: { to: Customer, key: true }
  number: { type: integer, key: true }
  text: { type: text }
relations:
  remarks: { many: Remark, by: line }
  parts: { many: Part, by: [customerNo, lineNo] }
`,
  'model/remark.yaml': `
object: Remark
attributes:
  id: { type: text, key: true }
  line: { to: OrderLine }
`,
  'model/part.yaml': `
object: Part
attributes:
  id: { type: text, key: true }
  customerNo: { to: Customer }
  lineNo: { type: integer }
`,
  'model/contact.yaml': `
object: Interaction
written by: communication
attributes:
  id: { type: text, key: true }
  customerObject: { type: text }
  customerKey: { type: text }
`,
  'screens/customer.yaml': `
screen: customer-360
for: Customer
head: [kind, credit]
actions:
  - { call: billing.block, label: { en: Block, nl: Blokkeer }, if: "kind = 'company' and not cases.exists(c, c.status = 'open')", with: { customer: "= no", by: "= user.id" }, confirm: Sure? }
  - { create: Case, with: { customer: "= no", subject: "= 'About ' + name" } }
  - { call: objects.update, label: Rename, with: { object: Customer, key: "= no", values: { name: x } } }
  - { call: objects.update, label: Give credit, with: { object: Customer, key: "= no", values: { credit: "5.00" } } }
  - { run script: move }
tabs:
  - Overview: [{ fields: [no, name, credit], edit: true }, { timeline: all channels }, { service: billing.balance, with: { customer: "= no" } }]
  - Cases: { list: cases, columns: [subject, customer.name, status], where: "status = 'open'", sort: -subject, opens: case, create: true }
  - Money: { fields: [credit] }
  - History: [{ history: true }]
roles: { agent: show, administrator: show, partner: { hide tabs: [History] } }
`,
  'screens/case.yaml': `
screen: case
for: Case
head: [status, customer, customer.name]
tabs: [{ Case: [{ fields: [subject, customer], edit: true }] }]
roles: { agent: show }
`,
  'screens/customers.yaml': `
screen: customers
label: { en: Customers, nl: Klanten }
list: Customer
columns: [no, name, credit]
sort: [name]
opens: customer-360
create: [no, name, credit]
`,
  'screens/navigation.yaml': `
navigation:
  brand: { name: Test, accent: "#0b7285" }
  customer: customer-360
  search: [Customer, Case]
  agent: [{ view: desktop }, { screen: customers, icon: users }]
  partner: [{ screen: customers }, { view: services }]
  administrator: [{ view: services }, { screen: customers, label: All customers }]
`,
  'screens/portal.yaml': 'portal: { title: { en: Hello, nl: Hallo }, scripts: [{ script: move }], chat: {} }',
};

const Billing = defineContract({
  id: 'billing',
  version: '1.0.0',
  methods: {
    balance: { summary: '', input: z.object({ customer: z.string() }), output: z.null(), allow: ['agent'] },
    block: {
      summary: '',
      input: z.object({ customer: z.string(), by: z.string() }),
      output: z.null(),
      allow: ['agent'],
    },
  },
});
const billing = defineComponent({
  provides: Billing,
  version: '1.0.0',
  needs: {},
  config: z.strictObject({}),
  create: () => ({ handlers: { balance: () => null, block: () => null } }),
});

export interface House {
  manager: ServiceManager;
  holder: DeclarationsHolder;
  screens: Client<typeof Screens>;
  objects: Client<typeof BusinessObjects>;
  errors: unknown[];
}

export async function house(texts: Record<string, string>, locale = 'en-GB'): Promise<House> {
  const errors: unknown[] = [];
  const log: Log = { debug() {}, info() {}, warn: (data) => errors.push(data), error: (data) => errors.push(data) };
  const manager = createServiceManager({ log });
  const holder = createDeclarations(folderOf(texts, { name: 'Test company', locale, currency: 'EUR' }));
  manager.install('declarations', holder.component);
  manager.install('storage', storage, { databases: { main: 'sqlite::memory:' }, folder: '/' });
  manager.install('objects', objects);
  manager.install('billing', billing);
  manager.install('screens', screensComponent);
  await manager.start();
  return {
    manager,
    holder,
    screens: manager.use(Screens, '^1.0'),
    objects: manager.use(BusinessObjects, '^1.0'),
    errors,
  };
}

export const as =
  (...roles: string[]) =>
  <T>(work: () => Promise<T>): Promise<T> => {
    const [id = 'nobody'] = roles;
    const principal: Principal = { kind: roles[0] === 'public' ? 'visitor' : 'user', id, name: id, roles };
    return actingAs(principal, work);
  };
export const [agent, partner, administrator, visitor] = [as('agent'), as('partner'), as('administrator'), as('public')];
