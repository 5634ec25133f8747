import { actingAs, systemPrincipal } from '@caruso/service-manager/contract';
import { expect, it } from 'vitest';
import type { ObjectRecord } from './contract.js';
import { agent, as, onEachDatabase, user } from './customer-care.test.support.js';

const MODEL = {
  'article.yaml': `object: Article
attributes:
  id: { type: text, key: true }
  title: { type: text, required: true }
  region: { type: text }
  topicCount: { count: topics }
  hotCount: { count: topics, where: "topics.hot" }
  weight: { sum: topics.weight }
  labelCount: { count: labels }
  labelPrice: { sum: labels.price }
  farCount: { count: far, where: "far.rank > 1" }
  farRank: { sum: far.rank }
relations:
  topics: { many: Topic, table: true }
  labels: { many: Label, through: Labelling }
  far: { many: Far, table: true }
  near: { many: Far, table: near_links, database: billing, from: art, to: [far_a, far_b] }
  parts: { many: Article, through: Part, from: whole, to: part }
  wholes: { many: Article, inverse: parts }
rights:
  agent: { read: all, write: all, create: true, delete: true }
  editor: { read: "region = user.region", write: [topics] }
  reader: { read: "topics.exists(t, t.name = user.topic)" }
  administrator: all
`,
  'topic.yaml': `object: Topic
delete: keep
attributes:
  id: { type: text, key: true }
  name: { type: text, unique: true, search: true }
  hot: { type: boolean, default: false }
  secret: { type: boolean, default: false }
  weight: { type: decimal, scale: 2 }
relations:
  articles: { many: Article, inverse: topics }
rights:
  agent: all
  editor: { read: "not secret" }
  reader: { read: "not secret" }
  administrator: all
`,
  'label.yaml': `object: Label
attributes:
  id: { type: text, key: true }
  price: { type: money, currency: EUR }
rights: { agent: all, editor: read, administrator: all }
`,
  'labelling.yaml': `object: Labelling
attributes:
  article: { to: Article, key: true }
  label: { to: Label, key: true }
  why: { type: text, required: true }
  private: { type: boolean, default: false }
rights:
  agent: all
  editor: { read: "not private" }
  administrator: all
`,
  'far.yaml': `object: Far
database: billing
attributes:
  a: { type: integer, key: true }
  b: { type: text, key: true }
  rank: { type: integer }
relations:
  articles: { many: Article, inverse: far }
rights: { agent: all, editor: { read: "rank < 3" }, administrator: all }
`,
  'part.yaml': `object: Part
attributes:
  id: { type: text, key: generated }
  whole: { to: Article, required: true }
  part: { to: Article, required: true }
rights: { agent: all, administrator: all }
`,
};

const editor = user('edda', ['editor'], { region: 'north' });
const reader = user('rita', ['reader'], { topic: 'Gas' });

/** What a relation of a record was loaded with. */
function loaded(record: ObjectRecord | undefined, relation: string): ObjectRecord[] {
  const found = record?.related?.[relation];
  return Array.isArray(found) ? found : [];
}

onEachDatabase('links', MODEL, (house) => {
  const find = (query: Parameters<typeof house.objects.find>[0]) => house.objects.find(query);
  const related = (object: string, key: string, relation: string, more = {}) =>
    house.objects.related({ object, key, relation, ...more });
  const keysOf = async (work: Promise<{ records: { key: string }[] }>) => (await work).records.map(({ key }) => key);

  it('are made, once, read from both sides and counted', async () => {
    expect(house.faults).toEqual([]);
    await as(agent, async () => {
      for (const [id, region] of [
        ['a1', 'north'],
        ['a2', 'south'],
        ['a3', 'north'],
      ])
        await house.objects.create({ object: 'Article', values: { id, title: `Title ${id}`, region } });
      for (const [id, name, hot, secret, weight] of [
        ['t1', 'Gas', true, false, '1.25'],
        ['t2', 'Power', false, false, '2.50'],
        ['t3', 'Merger', true, true, '0.10'],
      ] as const)
        await house.objects.create({ object: 'Topic', values: { id, name, hot, secret, weight } });
      const link = (key: string, keys: string[]) =>
        house.objects.link({ object: 'Article', key, relation: 'topics', keys });
      expect(await link('a1', ['t2', 't1', 't3', 't1'])).toEqual({ linked: ['t2', 't1', 't3'] });
      expect(await link('a1', ['t1'])).toEqual({ linked: [] });
      expect(
        await house.objects.link({ object: 'Topic', key: 't1', relation: 'articles', keys: ['a1', 'a2'] }),
      ).toEqual({
        linked: ['a2'],
      });
      expect(await keysOf(related('Article', 'a1', 'topics'))).toEqual(['t1', 't2', 't3']);
      expect(await keysOf(related('Article', 'a1', 'topics', { where: 'hot', sort: ['-name'] }))).toEqual(['t3', 't1']);
      expect(await keysOf(related('Topic', 't1', 'articles'))).toEqual(['a1', 'a2']);
      const { records } = await find({ object: 'Article', include: ['topics', 'topics.articles'] });
      expect(records.map(({ values }) => [values['topicCount'], values['hotCount'], values['weight']])).toEqual([
        [3, 2, '3.85'],
        [1, 1, '1.25'],
        [0, 0, '0.00'],
      ]);
      const topics = records.map((record) => loaded(record, 'topics'));
      expect(topics.map((list) => list.map(({ key }) => key))).toEqual([['t1', 't2', 't3'], ['t1'], []]);
      expect(loaded(topics[1]?.[0], 'articles').map(({ key }) => key)).toEqual(['a1', 'a2']);
    });
  });

  it('are asked by conditions, and ordered by what is counted over them', async () => {
    await as(agent, async () => {
      const where = (condition: string) => house.keys({ object: 'Article', where: condition });
      expect(await where("topics.exists(t, t.name = 'Power')")).toEqual(['a1']);
      expect(await where("not topics.exists(t, t.name = 'Power')")).toEqual(['a2', 'a3']);
      expect(await where('topics.all(t, t.hot)')).toEqual(['a2', 'a3']);
      expect(await where('topics.size() > 1')).toEqual(['a1']);
      expect(await where('topics.filter(t, t.hot).size() = 1')).toEqual(['a2']);
      expect(await house.keys({ object: 'Article', sort: ['-topicCount'] })).toEqual(['a1', 'a2', 'a3']);
      await expect(find({ object: 'Article', sort: ['topics'] })).rejects.toMatchObject({ code: 'ATTRIBUTE_UNKNOWN' });
      await expect(find({ object: 'Article', where: 'far.exists(f, f.rank = 1)' })).rejects.toMatchObject({
        code: 'WHERE_INVALID',
      });
    });
  });

  it('show, count and let filter only what the caller may see', async () => {
    await as(editor, async () => {
      expect(await keysOf(related('Article', 'a1', 'topics'))).toEqual(['t1', 't2']);
      const { records } = await find({ object: 'Article', include: ['topics'] });
      expect(records.map((record) => [record.key, loaded(record, 'topics').length])).toEqual([
        ['a1', 2],
        ['a3', 0],
      ]);
      expect(await house.keys({ object: 'Article', where: "topics.exists(t, t.name = 'Merger')" })).toEqual([]);
      expect(await house.keys({ object: 'Article', where: 'topics.size() = 2' })).toEqual(['a1']);
      await expect(related('Article', 'a2', 'topics')).rejects.toMatchObject({ code: 'RECORD_NOT_FOUND' });
      expect(await keysOf(related('Topic', 't1', 'articles'))).toEqual(['a1']);
    });
    expect(await as(reader, () => house.keys({ object: 'Article' }))).toEqual(['a1', 'a2']);
  });

  it('are changed by whoever may write the relation and read both', async () => {
    const place = { object: 'Article', relation: 'topics' };
    await as(editor, async () => {
      const { objects } = house;
      await expect(objects.link({ ...place, key: 'a2', keys: ['t1'] })).rejects.toMatchObject({
        code: 'RECORD_NOT_FOUND',
      });
      await expect(objects.link({ ...place, key: 'a3', keys: ['t3'] })).rejects.toMatchObject({
        code: 'RECORD_NOT_FOUND',
      });
      // A link to what one does not see is none.
      expect(await objects.unlink({ ...place, key: 'a1', keys: ['t3'] })).toEqual({ unlinked: [] });
      expect(await objects.link({ ...place, key: 'a3', keys: ['t2'] })).toEqual({ linked: ['t2'] });
      expect(await objects.unlink({ ...place, key: 'a3', keys: ['t2', 't1'] })).toEqual({ unlinked: ['t2'] });
      expect(await objects.unlink({ ...place, key: 'a3', keys: ['t2'] })).toEqual({ unlinked: [] });
      await expect(
        objects.link({ object: 'Topic', key: 't1', relation: 'articles', keys: ['a3'] }),
      ).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
      const [article] = (await objects.describe({ object: 'Article' })).objects;
      expect(article?.relations.find(({ name }) => name === 'topics')).toMatchObject({
        kind: 'many',
        to: 'Topic',
        by: [],
        links: { inverse: 'articles', bare: true, may: { link: true, unlink: true } },
      });
      expect(article?.relations.find(({ name }) => name === 'labels')?.links).toMatchObject({
        through: { object: 'Labelling', from: 'article', to: 'label' },
        bare: false,
        may: { link: false, unlink: false },
      });
      expect(article?.relations.map(({ name }) => name)).not.toContain('parts');
    });
    await as(agent, async () => {
      const { objects } = house;
      await expect(objects.link({ ...place, key: 'a1', keys: ['t9'] })).rejects.toMatchObject({
        code: 'RECORD_NOT_FOUND',
      });
      await expect(objects.link({ ...place, key: 'a1', keys: ['t1'], version: '7' })).rejects.toMatchObject({
        code: 'VERSION_CONFLICT',
      });
      expect(await objects.link({ ...place, key: 'a3', keys: ['t1'], version: '1' })).toEqual({ linked: ['t1'] });
      expect((await objects.get({ object: 'Article', key: 'a3' }))?.version).toBe('1');
      await objects.unlink({ ...place, key: 'a3', keys: ['t1'] });
      await expect(objects.link({ object: 'Part', key: 'x', relation: 'whole', keys: ['a1'] })).rejects.toMatchObject({
        code: 'LINK_IMPOSSIBLE',
      });
      await expect(objects.link({ ...place, key: 'a1', relation: 'topic', keys: ['t1'] })).rejects.toMatchObject({
        code: 'RELATION_UNKNOWN',
      });
    });
  });

  it('that are records of their own take values and their own rights', async () => {
    const place = { object: 'Article', key: 'a1', relation: 'labels' };
    await as(agent, async () => {
      for (const [id, amount] of [
        ['l1', '1.10'],
        ['l2', '2.20'],
      ])
        await house.objects.create({ object: 'Label', values: { id, price: { amount } } });
      await expect(house.objects.link({ ...place, keys: ['l1'] })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
      await house.objects.link({ ...place, keys: ['l1'], values: { why: 'new' } });
      await house.objects.link({ ...place, keys: ['l2'], values: { why: 'old', private: true } });
      const { records } = await find({ object: 'Article', where: "id = 'a1'", include: ['labels'] });
      expect(records[0]?.values).toMatchObject({ labelCount: 2, labelPrice: { amount: '3.30', currency: 'EUR' } });
      expect(await house.keys({ object: 'Labelling' })).toEqual(['a1~l1', 'a1~l2']);
    });
    await as(editor, async () => {
      expect(await keysOf(related('Article', 'a1', 'labels'))).toEqual(['l1']);
      expect(await house.keys({ object: 'Article', where: 'labels.size() = 1' })).toEqual(['a1']);
      await expect(house.objects.unlink({ ...place, keys: ['l1'] })).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    });
    // What says more than which two holds up the deletion, as any reference does.
    await as(agent, async () => {
      await expect(house.objects.delete({ object: 'Label', key: 'l1' })).rejects.toMatchObject({
        code: 'CONSTRAINT_VIOLATED',
      });
      expect(await house.objects.unlink({ ...place, keys: ['l1', 'l2'] })).toEqual({ unlinked: ['l1', 'l2'] });
    });
  });

  it('lead across databases, wherever they are kept', async () => {
    await as(agent, async () => {
      for (const rank of [1, 2, 3])
        await house.objects.create({ object: 'Far', values: { a: rank, b: `b~${rank}`, rank } });
      const keys = ['1~b%7E1', '2~b%7E2', '3~b%7E3'];
      for (const relation of ['far', 'near'])
        expect(await house.objects.link({ object: 'Article', key: 'a1', relation, keys })).toEqual({ linked: keys });
      await house.objects.link({ object: 'Far', key: keys[0] ?? '', relation: 'articles', keys: ['a2', 'a1'] });
      const { records } = await find({ object: 'Article', include: ['far', 'near'] });
      expect(records.map(({ values }) => [values['farCount'], values['farRank']])).toEqual([
        [2, 6],
        [0, 1],
        [0, 0],
      ]);
      for (const relation of ['far', 'near']) expect(loaded(records[0], relation).map(({ key }) => key)).toEqual(keys);
      for (const relation of ['far', 'near']) {
        expect(await keysOf(related('Article', 'a1', relation, { where: 'rank > 1', sort: ['-rank'] }))).toEqual([
          keys[2],
          keys[1],
        ]);
        const first = await related('Article', 'a1', relation, { limit: 2 });
        expect(await keysOf(related('Article', 'a1', relation, { limit: 2, after: first.next }))).toEqual([keys[2]]);
      }
      expect(await keysOf(related('Far', keys[0] ?? '', 'articles'))).toEqual(['a1', 'a2']);
    });
    await as(editor, async () => {
      expect(await keysOf(related('Article', 'a1', 'far'))).toHaveLength(2);
      const { records } = await find({ object: 'Article', where: "id = 'a1'", include: ['far', 'near'] });
      expect(records[0]?.related?.['far']).toHaveLength(2);
      expect(records[0]?.related?.['near']).toHaveLength(2);
    });
  });

  it('lead from an object to itself in both directions', async () => {
    await as(agent, async () => {
      await house.objects.link({ object: 'Article', key: 'a1', relation: 'parts', keys: ['a2', 'a3', 'a1'] });
      expect(await house.objects.link({ object: 'Article', key: 'a2', relation: 'wholes', keys: ['a1'] })).toEqual({
        linked: [],
      });
      expect(await keysOf(related('Article', 'a1', 'parts'))).toEqual(['a1', 'a2', 'a3']);
      expect(await keysOf(related('Article', 'a2', 'wholes'))).toEqual(['a1']);
      expect(await house.keys({ object: 'Article', where: "parts.exists(p, p.id = 'a3')" })).toEqual(['a1']);
    });
  });

  it('are in the history of both sides, as far as one may see the other', async () => {
    const history = async (object: string, key: string) =>
      (await house.objects.history({ object, key, limit: 200 })).events
        .filter(({ type }) => type.endsWith('linked'))
        .map(({ type, data }) => [type, data['relation'], data['key'], data['display']]);
    const seen = await as(agent, () => history('Topic', 't2'));
    expect(seen).toEqual([
      ['Topic.unlinked', 'articles', 'a3', 'Title a3'],
      ['Topic.linked', 'articles', 'a3', 'Title a3'],
      ['Topic.linked', 'articles', 'a1', 'Title a1'],
    ]);
    const all = await as(agent, () => history('Article', 'a1'));
    expect(all).toContainEqual(['Article.linked', 'topics', 't3', 'Merger']);
    expect(all).toContainEqual(['Article.linked', 'labels', 'l1', 'l1']);
    const some = await as(editor, () => history('Article', 'a1'));
    expect(some).toContainEqual(['Article.linked', 'topics', 't1', 'Gas']);
    expect(JSON.stringify(some)).not.toContain('t3');
  });

  it('go with a record that is deleted for good, and come back with one that is kept', async () => {
    await as(agent, async () => {
      await house.objects.delete({ object: 'Topic', key: 't1' });
      expect(await keysOf(related('Article', 'a1', 'topics'))).toEqual(['t2', 't3']);
      expect((await house.objects.get({ object: 'Article', key: 'a1' }))?.values['topicCount']).toBe(2);
      await house.objects.restore({ object: 'Topic', key: 't1' });
      expect(await keysOf(related('Article', 'a1', 'topics'))).toEqual(['t1', 't2', 't3']);
      await house.objects.delete({ object: 'Article', key: 'a2' });
      expect(await keysOf(related('Topic', 't1', 'articles'))).toEqual(['a1']);
      expect(await keysOf(related('Article', 'a1', 'parts'))).toEqual(['a1', 'a3']);
      const { events } = await house.objects.history({ object: 'Topic', key: 't1', limit: 1 });
      expect(events[0]).toMatchObject({ type: 'Topic.unlinked', data: { relation: 'articles', key: 'a2' } });
    });
    const left = await actingAs(systemPrincipal, () =>
      house.model.load('Article.topics', 'from = gone', { gone: 'a2' }),
    );
    expect(left).toEqual([]);
  });

  it('stand in tables with a key of both and an index the other way', async () => {
    const main = await house.storage.introspect('main');
    const table = main.tables.find(({ name }) => name === 'article_topics');
    expect(table).toMatchObject({ primaryKey: ['article', 'topic'] });
    expect(table?.indexes).toContainEqual(['topic']);
    expect(table?.foreignKeys.map(({ references }) => references.table).sort()).toEqual(['article', 'topic']);
    const billing = await house.storage.introspect('billing');
    const near = billing.tables.find(({ name }) => name === 'near_links');
    expect(near).toMatchObject({ primaryKey: ['art', 'far_a', 'far_b'] });
    expect(near?.indexes).toContainEqual(['far_a', 'far_b']);
    // Nothing of the model names a table of links.
    expect(
      house.model
        .describe()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['Article', 'Far', 'Label', 'Labelling', 'Part', 'Topic']);
  });

  it('are made once by those who make them at once, from whichever side', async () => {
    const make = (object: string, values: Record<string, unknown>) =>
      as(agent, () => house.objects.create({ object, values }));
    for (const id of ['b1', 'b2']) await make('Article', { id, title: id });
    for (const id of ['u1', 'u2']) await make('Topic', { id, name: id });
    const link = (object: string, key: string, relation: string, keys: string[]) =>
      as(agent, () => house.objects.link({ object, key, relation, keys }));
    const made = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        n % 2 === 0 ? link('Article', 'b1', 'topics', ['u2', 'u1']) : link('Topic', 'u2', 'articles', ['b2', 'b1']),
      ),
    );
    // b1 with u1 and u2, and b2 with u2.
    expect(made.flatMap(({ linked }) => linked)).toHaveLength(3);
    expect(await as(agent, () => keysOf(related('Topic', 'u2', 'articles')))).toEqual(['b1', 'b2']);
  });
});
