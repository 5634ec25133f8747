import { type Source, sourceOf } from '@caruso/declarations';
import { describe, expect, it } from 'vitest';
import { editModel, type Ground } from './edit-model.js';
import type { Operation } from './operation.js';
import { type ModelTexts, textsOf } from './written-model.js';

const customer = `# Whom we serve.
object: Customer
attributes:
  customerNo: { type: text, key: true, search: true }   # on every letter
  # As it is written on the letter head.
  name:       text
  email:      { type: email }
  openCases:  { count: cases, where: "status <> 'closed' and not cases.urgent" }
  paid:       { sum: invoices.total }
  display:    { formula: "name + ' (' + customerNo + ')'" }
relations:
  cases:    { many: Case, by: customer }
  invoices: { many: Invoice, by: customer }   # in another database
duplicates:
  - perhaps: [name ~ 0.92, email]
rights:
  agent:
    read: "cases.exists(c, c.owner = user.name) or customer.name = 'x'"
    write: [name, email]
  administrator: all
`;
const caseFile = `object: Case
attributes:
  id:       { type: text, key: generated }
  customer: { to: Customer }
  status:   { type: one of, values: [open, closed] }
  urgent:   boolean
  owner:    text
  title:    { formula: "customer.name + ': ' + status" }
`;
const invoice = `object: Invoice
database: billing
table: FAKTUUR_KOP
attributes:
  number:   { column: FKT_NR, type: integer, key: true }
  customer: { to: Customer }
  total:    { column: BDR_TOT, type: decimal }
`;
const files = { 'model/customer.yaml': customer, 'model/case.yaml': caseFile, 'model/invoice.yaml': invoice };

function texts(own: Record<string, string>, below: Record<string, string> = {}): ModelTexts {
  const names = [...new Set([...Object.keys(own), ...Object.keys(below)])];
  const sources = names.map((name): Source => {
    const text = below[name];
    const lower = text === undefined ? undefined : { ...sourceOf(name, text), layer: 'utility' };
    const mine = own[name];
    if (mine === undefined) return lower as Source;
    return lower === undefined ? sourceOf(name, mine) : { ...sourceOf(name, mine), below: lower };
  });
  return textsOf(sources, '.');
}

const ground = (saved: ModelTexts): Ground => ({
  saved,
  managed: (database) => database === 'main',
  columns: (object, attribute) =>
    object === 'Invoice' && attribute === 'customer'
      ? ['customer_customer_no']
      : object === 'Customer'
        ? [attribute]
        : [],
});
const make = (before: ModelTexts, ...operations: Operation[]) => {
  const made = operations.reduce((each, operation) => editModel(each, operation, ground(before)), before);
  return (name: string) => made.own.get(`model/${name}.yaml`);
};
const own = (...operations: Operation[]) => make(texts(files), ...operations);
const laid = (mine: Record<string, string>, ...operations: Operation[]) => make(texts(mine, files), ...operations);

describe('an edit of a file of the own folder', () => {
  it('says a property, and lets the short form of an attribute grow', () => {
    const set = (path: string[], value: unknown) =>
      own({ do: 'set', object: 'Customer', path, value: value as never })('customer');
    expect(set(['attributes', 'name', 'required'], true)).toBe(
      customer.replace('name:       text', 'name:       { type: text, required: true }'),
    );
    expect(set(['attributes', 'email', 'unique'], true)).toBe(
      customer.replace('type: email }', 'type: email, unique: true }'),
    );
    expect(set(['attributes', 'customerNo', 'search'], null)).toBe(customer.replace(', search: true', ''));
    expect(set(['label'], 'Client')).toBe(`${customer}label: Client\n`);
    expect(set(['rights', 'agent', 'write'], ['name'])).toBe(customer.replace('[name, email]\n  adm', '[name]\n  adm'));
  });

  it('adds where it is wanted, in the column of the others', () => {
    const value = { type: 'phone' };
    expect(own({ do: 'add', object: 'Customer', in: 'attributes', name: 'fax', value })('customer')).toBe(
      customer.replace("')'\" }\n", "')'\" }\n  fax:        { type: phone }\n"),
    );
    expect(
      own({ do: 'add', object: 'Customer', in: 'attributes', name: 'fax', value, before: 'name' })('customer'),
    ).toBe(customer.replace('  # As it', '  fax:        { type: phone }\n  # As it'));
    expect(() => own({ do: 'add', object: 'Customer', in: 'attributes', name: 'cases', value })).toThrow(
      "Customer has a 'cases' already",
    );
  });

  it('follows a rename to the values that depend on the attribute, and to who may see it in the clear', () => {
    const ticket = `object: Ticket
attributes:
  no:     { type: text, key: true }
  medium: { type: one of, values: [gas, power], sensitive: true }
  fault:  { type: one of, by: medium, values: { gas: [leak], power: [fuse] } }
rights:
  agent: { read: all, reveal: [medium] }
`;
    const rename: Operation = { do: 'rename', object: 'Ticket', in: 'attributes', name: 'medium', to: 'kind' };
    expect(make(texts({ 'model/ticket.yaml': ticket }), rename)('ticket')).toBe(
      ticket
        .replace(
          'medium: { type: one of, values: [gas, power], sensitive: true }',
          'kind:   { type: one of, values: [gas, power], sensitive: true, was: medium }',
        )
        .replace('by: medium', 'by: kind')
        .replace('[medium]', '[kind]'),
    );
  });

  it('renames an attribute with its values, and whatever the model says of it', () => {
    const after = own({ do: 'rename', object: 'Customer', in: 'attributes', name: 'name', to: 'fullName' });
    expect(after('customer')).toBe(
      customer
        .replace('name:       text', 'fullName:   { type: text, was: name }')
        .replace('formula: "name + \'', 'formula: "fullName + \'')
        .replace('[name ~ 0.92', '[fullName ~ 0.92')
        .replace("customer.name = 'x'", "customer.fullName = 'x'")
        .replace('write: [name,', 'write: [fullName,'),
    );
    expect(after('case')).toBe(caseFile.replace('customer.name +', 'customer.fullName +'));
    expect(after('invoice')).toBe(invoice);
  });

  it('follows a renamed attribute into the figures of others and through lists', () => {
    const urgent = own({ do: 'rename', object: 'Case', in: 'attributes', name: 'urgent', to: 'pressing' });
    expect(urgent('customer')).toBe(customer.replace('not cases.urgent', 'not cases.pressing'));
    const owner = own({ do: 'rename', object: 'Case', in: 'attributes', name: 'owner', to: 'agent' });
    expect(owner('customer')).toBe(customer.replace('c.owner', 'c.agent'));
    const total = own({ do: 'rename', object: 'Invoice', in: 'attributes', name: 'total', to: 'amount' });
    expect(total('customer')).toBe(customer.replace('invoices.total', 'invoices.amount'));
    expect(total('invoice')).toBe(invoice.replace('total:    {', 'amount:   {'));
    const by = own({ do: 'rename', object: 'Invoice', in: 'attributes', name: 'customer', to: 'debtor' });
    expect(by('invoice')).toContain('  debtor:   { to: Customer, column: customer_customer_no }\n');
    expect(by('customer')).toBe(customer.replace('Invoice, by: customer', 'Invoice, by: debtor'));
    const relation = own({ do: 'rename', object: 'Customer', in: 'relations', name: 'cases', to: 'tickets' });
    expect(relation('customer')).toBe(
      customer
        .replace('cases:    {', 'tickets:  {')
        .replace('count: cases', 'count: tickets')
        .replace('cases.urgent', 'tickets.urgent')
        .replace('cases.exists', 'tickets.exists'),
    );
  });

  it('follows a rename to the many-to-many relations that name it, and keeps their links', () => {
    const article = `object: Article
attributes:
  no: { type: text, key: true }
relations:
  topics: { many: Topic, table: true }
  labels: { many: Label, through: Labelling, from: article, to: label }
rights:
  agent: { read: all, write: [topics] }
`;
    const topic =
      'object: Topic\nattributes:\n  no: { type: text, key: true }\nrelations:\n  articles: { many: Article, inverse: topics }\n';
    const label = 'object: Label\nattributes:\n  no: { type: text, key: true }\n';
    const labelling =
      'object: Labelling\nattributes:\n  article: { to: Article, key: true }\n  label:   { to: Label, key: true }\n';
    const files = {
      'model/article.yaml': article,
      'model/topic.yaml': topic,
      'model/label.yaml': label,
      'model/labelling.yaml': labelling,
    };
    const member = (object: string, kind: 'attributes' | 'relations', name: string, to: string): Operation => ({
      do: 'rename',
      object,
      in: kind,
      name,
      to,
    });
    const subjects = make(texts(files), member('Article', 'relations', 'topics', 'subjects'));
    expect(subjects('article')).toBe(
      article
        .replace('topics: { many: Topic, table: true }', 'subjects: { many: Topic, table: true, was: topics }')
        .replace('[topics]', '[subjects]'),
    );
    expect(subjects('topic')).toBe(topic.replace('inverse: topics', 'inverse: subjects'));
    expect(make(texts(files), member('Labelling', 'attributes', 'label', 'mark'))('article')).toBe(
      article.replace('to: label', 'to: mark'),
    );
    expect(make(texts(files), { do: 'rename object', object: 'Labelling', to: 'Marking' })('article')).toBe(
      article.replace('through: Labelling', 'through: Marking'),
    );
  });

  it('remembers what the database calls it, however often it is renamed before it is saved', () => {
    const rename = (name: string, to: string): Operation => ({
      do: 'rename',
      object: 'Case',
      in: 'attributes',
      name,
      to,
    });
    expect(own(rename('owner', 'agent'), rename('agent', 'clerk'))('case')).toContain(
      'clerk:    { type: text, was: owner }',
    );
    expect(own(rename('owner', 'agent'), rename('agent', 'owner'))('case')).toBe(
      caseFile.replace('owner:    text', 'owner:    { type: text }'),
    );
  });

  it('renames an object, and lets others lead to it', () => {
    const after = own({ do: 'rename object', object: 'Customer', to: 'Client' });
    expect(after('customer')).toBe(`${customer.replace('object: Customer', 'object: Client')}was: Customer\n`);
    expect(after('case')).toBe(caseFile.replace('to: Customer', 'to: Client'));
  });

  it('renames an attribute in the indexes over several, and keeps them otherwise', () => {
    const indexed = `${customer}indexes:
  - [name, -email]
  - { on: [email, customerNo], unique: true }
`;
    const rename: Operation = { do: 'rename', object: 'Customer', in: 'attributes', name: 'email', to: 'mail' };
    const renamed = make(texts({ ...files, 'model/customer.yaml': indexed }), rename)('customer');
    expect(renamed?.slice(renamed.indexOf('indexes:'))).toBe(
      'indexes:\n  - [ name, -mail ]\n  - { on: [ mail, customerNo ], unique: true }\n',
    );
  });

  it('takes an attribute away with the rights to it; its data only if that is said', () => {
    const gone = customer
      .replace('  email:      { type: email }\n', '')
      .replace('[name, email]\n  adm', '[name]\n  adm');
    const remove: Operation = { do: 'remove', object: 'Customer', in: 'attributes', name: 'email', data: 'keep' };
    expect(own(remove)('customer')).toBe(gone);
    expect(own({ ...remove, data: 'remove' })('customer')).toBe(`${gone}removed: [ email ]\n`);
    expect(own({ ...remove, object: 'Invoice', name: 'customer' })('invoice')).toBe(
      `${invoice.replace('  customer: { to: Customer }\n', '')}ignore: [ customer_customer_no ]\n`,
    );
    const relations = own(
      { do: 'remove', object: 'Customer', in: 'relations', name: 'cases', data: 'keep' },
      { do: 'remove', object: 'Customer', in: 'relations', name: 'invoices', data: 'keep' },
    )('customer');
    expect(relations).not.toContain('relations:');
    expect(relations).toContain('duplicates:\n');
  });

  it('changes the order, adds an object and takes one away', () => {
    expect(own({ do: 'move', object: 'Case', in: 'attributes', name: 'owner', before: 'status' })('case')).toBe(
      caseFile.replace('  owner:    text\n', '').replace('  status: ', '  owner:    text\n  status: '),
    );
    expect(own({ do: 'add object', name: 'SiteVisit' })('site-visit')).toBe(
      'object: SiteVisit\nattributes:\n  id: { type: text, key: generated }\nrights:\n  administrator: all\n',
    );
    expect(own({ do: 'remove object', object: 'Invoice' })('invoice')).toBeUndefined();
    expect(() => own({ do: 'add object', name: 'Case' })).toThrow("the model has a 'Case' already");
  });
});

describe('an edit of what the front office extends', () => {
  it('is written in the own folder, as the difference alone', () => {
    const after = laid({}, { do: 'set', object: 'Customer', path: ['attributes', 'email', 'unique'], value: true });
    expect(after('customer')).toBe('object: Customer\nattributes:\n  email: { unique: true }\n');
    expect(after('case')).toBeUndefined();
  });

  it('adds, takes away with null, and renames by both', () => {
    const mine = { 'model/customer.yaml': '# Ours.\nattributes:\n  fax: phone   # still\n' };
    expect(
      laid(mine, { do: 'add', object: 'Customer', in: 'attributes', name: 'city', value: { type: 'text' } })(
        'customer',
      ),
    ).toBe('# Ours.\nattributes:\n  fax: phone   # still\n  city: { type: text }\n');
    expect(
      laid(mine, { do: 'remove', object: 'Customer', in: 'attributes', name: 'email', data: 'keep' })('customer'),
    ).toBe('# Ours.\nattributes:\n  fax: phone   # still\n  email: null\nrights:\n  agent: { write: [ name ] }\n');
    const renamed = laid(mine, { do: 'rename', object: 'Case', in: 'attributes', name: 'owner', to: 'agent' });
    expect(renamed('case')).toBe('object: Case\nattributes:\n  owner: null\n  agent: { type: text, was: owner }\n');
    expect(renamed('customer')).toContain('rights:\n  agent: { read: ');
  });

  it('cannot take away an object, nor move what stands below', () => {
    expect(() => laid({}, { do: 'remove object', object: 'Customer' })).toThrow(
      'comes from what this front office extends',
    );
    expect(() => laid({}, { do: 'move', object: 'Case', in: 'attributes', name: 'owner', before: 'status' })).toThrow(
      "the place of 'owner' in Case",
    );
  });
});

describe('an edit of an object that extends another', () => {
  const base =
    'object: Request\nabstract: true\nattributes:\n  id:    { type: text, key: generated }\n  title: text\n  note:  text\n';
  const move = `object: Move
extends: Request   # like every request
attributes:
  title: { label: Where to }
  place: { formula: "title + '!'" }
rights:
  agent: { read: all, write: [title, note] }
`;
  const both = { 'model/request.yaml': base, 'model/move.yaml': move };

  it('says only what the other does not say', () => {
    const after = make(texts(both), {
      do: 'set',
      object: 'Move',
      path: ['attributes', 'note', 'required'],
      value: true,
    });
    expect(after('move')).toBe(move.replace("'!'\" }\n", "'!'\" }\n  note: { required: true }\n"));
    expect(after('request')).toBe(base);
    const without = make(texts(both), { do: 'remove', object: 'Move', in: 'attributes', name: 'note', data: 'keep' });
    expect(without('move')).toContain('  note: null\n');
    expect(without('move')).toContain('write: [title] }');
  });

  it('follows what is renamed in the other', () => {
    const rename: Operation = { do: 'rename', object: 'Request', in: 'attributes', name: 'title', to: 'heading' };
    const after = make(texts(both), rename);
    expect(after('request')).toBe(base.replace('title: text', 'heading: { type: text, was: title }'));
    expect(after('move')).toBe(
      move
        .replace('  title: { label', '  heading: { label')
        .replace('"title +', '"heading +')
        .replace('[title,', '[heading,'),
    );
    expect(make(texts(both), { do: 'rename object', object: 'Request', to: 'Enquiry' })('move')).toBe(
      move.replace('extends: Request', 'extends: Enquiry'),
    );
  });
});
