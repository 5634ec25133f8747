import { VirtualClock } from '@caruso/service-manager/contract';
import { describe, expect, it } from 'vitest';
import { createObjects } from './create-objects.js';
import { onEachDatabase } from './customer-care.test.support.js';
import { counting, testDatabases } from './databases.test.support.js';

const BEFORE = `object: Client
attributes:
  number: { type: text, key: true, length: 10 }
  telephone: { type: phone, index: true }
  turnover: { type: money }
  fax: { type: text }
`;

const AFTER = `object: Customer
was: Client
removed: [fax]
attributes:
  number: { type: text, key: true, length: 10 }
  phone: { type: phone, index: true, was: telephone }
  revenue: { type: money, was: turnover }
`;

describe.each(testDatabases)('what a model file declares renamed on $name', ({ open }) => {
  it('keeps its values under the new names; what it declares removed waits for a word', async (test) => {
    const clock = new VirtualClock();
    const storage = await open(clock);
    if (storage === undefined) return test.skip();
    const start = (file: string) =>
      createObjects({ ...storage, ids: counting(), clock, model: { 'customer.yaml': file } });
    const client = { number: 'C1', telephone: '020', turnover: { amount: '5.00', currency: 'USD' }, fax: '021' };
    const before = await start(BEFORE);
    await before.objects.create({ object: 'Client', values: client });
    await before.objects.update({ object: 'Client', key: 'C1', values: { telephone: '022' } });
    await before.objects.update({ object: 'Client', key: 'C1', values: { telephone: '020', fax: '023' } });

    const { objects, faults } = await start(AFTER);
    expect(faults).toEqual([]);
    const { records } = await objects.find({ object: 'Customer', where: "phone = '020'" });
    expect(records.map(({ values }) => values)).toEqual([
      { number: 'C1', phone: '020', revenue: { amount: '5.00', currency: 'USD' } },
    ]);
    expect(await storage.storage.rows('main', 'select fax from customer')).toEqual([{ fax: '023' }]);

    // What happened before is told by the names of today, as far back as is asked for.
    await objects.update({ object: 'Customer', key: 'C1', values: { phone: '024' } });
    const told = async (limit: number) =>
      (await objects.history({ object: 'Customer', key: 'C1', limit })).events.map(({ type, changed }) => [
        type,
        ...changed.map(({ attribute, before: old, after }) => [attribute, old, after]),
      ]);
    const events = [
      ['Customer.updated', ['phone', '020', '024']],
      ['Customer.updated', ['phone', '022', '020']],
      ['Customer.updated', ['phone', '020', '022']],
      [
        'Customer.created',
        ['number', null, 'C1'],
        ['phone', null, '020'],
        ['revenue', null, { amount: '5.00', currency: 'USD' }],
      ],
    ];
    expect(await told(10)).toEqual(events);
    expect(await told(2)).toEqual(events.slice(0, 2));
    expect(await told(1)).toEqual(events.slice(0, 1));
    await storage.close();
  });
});

onEachDatabase(
  'tables of links',
  {
    'article.yaml':
      'object: Article\nattributes: { id: { type: text, key: true } }\nrelations: { topics: { many: Topic, table: true } }\n',
    'topic.yaml': 'object: Topic\nattributes: { id: { type: text, key: true } }\n',
  },
  (house) => {
    it('keep their links when objects and relations are renamed', async () => {
      const { objects } = house;
      await objects.create({ object: 'Article', values: { id: 'a' } });
      await objects.create({ object: 'Topic', values: { id: 't' } });
      await objects.link({ object: 'Article', key: 'a', relation: 'topics', keys: ['t'] });
      const faults = await house.reload({
        'article.yaml':
          'object: Paper\nwas: Article\nattributes: { id: { type: text, key: true } }\nrelations: { subjects: { many: Subject, table: true, was: topics } }\n',
        'topic.yaml': 'object: Subject\nwas: Topic\nattributes: { id: { type: text, key: true } }\n',
      });
      expect(faults).toEqual([]);
      const { records } = await objects.related({ object: 'Paper', key: 'a', relation: 'subjects' });
      expect(records.map(({ key }) => key)).toEqual(['t']);
      const { tables } = await house.storage.introspect('main');
      expect(tables.map(({ name }) => name).filter((name) => /article|topic/.test(name))).toEqual([]);
      expect(tables.find(({ name }) => name === 'paper_subjects')).toMatchObject({ primaryKey: ['paper', 'subject'] });
    });
  },
);
