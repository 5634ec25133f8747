import { sourceOf } from '@caruso/declarations';
import { expect, it } from 'vitest';
import { describeWritten } from './describe-written.js';
import { type Difference, differences } from './difference.js';
import { editModel } from './edit-model.js';
import { promotion } from './promote.js';
import { type ModelTexts, readObjects, textsOf } from './written-model.js';

const model = (files: Record<string, string>): ModelTexts =>
  textsOf(
    Object.entries(files).map(([name, text]) => sourceOf(`model/${name}.yaml`, text)),
    '.',
  );
const described = (texts: ModelTexts) => readObjects(texts).map((object) => describeWritten(object, () => true));
const ground = (saved: ModelTexts) => ({ saved, managed: () => true, columns: (_: string, name: string) => [name] });
const taken = (saved: ModelTexts, found: readonly Difference[]) =>
  promotion(found).reduce((each, operation) => editModel(each, operation, ground(saved)), saved);

const production = model({
  customer: `# Production's own words.
object: Customer
label: Customer
attributes:
  no:    { type: text, key: true }   # never changed
  tel:   phone
  fax:   phone   # nobody has one
  name:  text
rights:
  agent: { read: all, write: [tel, name] }
`,
  old: 'object: Old\nattributes:\n  id: { type: text, key: generated }\n',
});
const test = model({
  client: `object: Customer
label: Client
attributes:
  no: { type: text, key: true }
  phone: { type: phone, was: tel, label: Telephone }
  name: { type: text, required: true }
  visits: { count: visits }
relations:
  visits: { many: Visit, by: customer }
rights:
  agent: { read: all, write: [phone, name] }
  supervisor: all
`,
  visit: `object: Visit
label: Visit on site
attributes:
  no: { type: integer, key: generated }
  customer: { to: Customer }
rights: { administrator: all }
`,
});

it('lists what one model says and the other does not, renames as such', () => {
  const found = differences(described(test), described(production));
  expect(found.map(({ object, path, kind, was }) => [kind, [object, ...path].join('.'), was])).toEqual([
    ['changed', 'Customer.label', undefined],
    ['renamed', 'Customer.attributes.phone', 'tel'],
    ['changed', 'Customer.attributes.name', undefined],
    ['added', 'Customer.attributes.visits', undefined],
    ['removed', 'Customer.attributes.fax', undefined],
    ['added', 'Customer.relations.visits', undefined],
    ['changed', 'Customer.rights.agent', undefined],
    ['added', 'Customer.rights.supervisor', undefined],
    ['added', 'Visit', undefined],
    ['removed', 'Old', undefined],
  ]);
});

it('takes chosen ones over by splices, and all of them until none is left', () => {
  const found = differences(described(test), described(production));
  const renamed = found.filter(({ kind }) => kind === 'renamed');
  const some = taken(production, renamed);
  expect(some.own.get('model/customer.yaml')).toBe(
    production.own
      .get('model/customer.yaml')
      ?.replace('tel:   phone', 'phone: { type: phone, was: tel, label: Telephone }')
      .replace('[tel,', '[phone,'),
  );
  const all = taken(production, found);
  expect(differences(described(test), described(all))).toEqual([]);
  expect(all.own.get('model/customer.yaml')).toContain("# Production's own words.\n");
  expect(all.own.get('model/customer.yaml')).toContain('no:    { type: text, key: true }   # never changed\n');
  expect(all.own.has('model/old.yaml')).toBe(false);
  expect(all.own.get('model/visit.yaml')).toBe(
    'object: Visit\nlabel: Visit on site\nattributes:\n  no: { type: integer, key: generated }\n  customer: { to: Customer }\nrights:\n  administrator: all\n',
  );
});
