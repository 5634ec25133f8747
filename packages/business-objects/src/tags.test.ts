import { beforeAll, expect, it } from 'vitest';
import { agent, as, onEachDatabase, user } from './customer-care.test.support.js';

const MODEL = {
  'customer.yaml': `object: Customer
search: words
attributes:
  no: { type: text, key: true }
  name: { type: text, search: true }
  tags: { type: tags, search: true }
  risk: { type: tags, values: [late payer, dispute] }
rights:
  agent: all
  partner: { read: "'north' in tags", write: [name] }
  clerk: { read: all, hide: [tags] }
`,
};

onEachDatabase('tags', MODEL, (house) => {
  beforeAll(async () => {
    if (house.objects === undefined) return;
    for (const values of [
      { no: '1', name: 'Ada', tags: ['vip', ' north ', 'vip'], risk: ['dispute'] },
      { no: '2', name: 'Bob', tags: ['vip lounge', "o'hara%_"] },
      { no: '3', name: 'Cees' },
    ])
      await house.objects.create({ object: 'Customer', values });
  });
  const keys = async (where: string, params = {}, who = agent) => {
    const found = await as(who, () => house.objects.find({ object: 'Customer', where, params, sort: ['no'] }));
    return found.records.map(({ key }) => key);
  };

  it('are a list of texts, each once, filtered by and searched', async () => {
    const { records } = await house.objects.find({ object: 'Customer', sort: ['no'] });
    expect(records.map(({ values }) => [values['tags'], values['risk']])).toEqual([
      [['vip', 'north'], ['dispute']],
      [['vip lounge', "o'hara%_"], []],
      [[], []],
    ]);
    expect(await keys("'vip' in tags")).toEqual(['1']);
    expect(await keys("not ('vip' in tags)")).toEqual(['2', '3']);
    expect(await keys('t in tags', { t: "o'hara%_" })).toEqual(['2']);
    expect(await keys("'dispute' in risk and 'north' in tags")).toEqual(['1']);
    const { records: found } = await house.objects.find({ object: 'Customer', search: 'lounge' });
    expect(found.map(({ key }) => key)).toEqual(['2']);
    await expect(keys('name in tags')).rejects.toMatchObject({ code: 'WHERE_INVALID' });
    await expect(house.objects.find({ object: 'Customer', sort: ['tags'] })).rejects.toMatchObject({ status: 400 });
  });

  it('are changed and journaled as one value, and refused where they are none', async () => {
    const update = (tags: unknown) => house.objects.update({ object: 'Customer', key: '3', values: { tags } });
    expect((await update(['new'])).values['tags']).toEqual(['new']);
    expect((await update(['new', 'new '])).version).toBe('2');
    expect((await update([])).values['tags']).toEqual([]);
    const { events } = await house.objects.history({ object: 'Customer', key: '3', limit: 1 });
    expect(events[0]?.changed).toEqual([{ attribute: 'tags', before: ['new'], after: [] }]);
    for (const tags of ['vip', [1], ['a|b'], ['a,b'], ['x'.repeat(61)], Array.from({ length: 51 }, (_, n) => `t${n}`)])
      await expect(update(tags)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    await expect(
      house.objects.update({ object: 'Customer', key: '3', values: { risk: ['rich'] } }),
    ).rejects.toMatchObject({
      details: [{ attribute: 'risk', message: "should be of late payer, dispute, not 'rich'" }],
    });
  });

  it('in use are told as far as the records that have them are seen, and may decide what is seen', async () => {
    const partner = user('piet', ['partner']);
    const ask = { object: 'Customer', attribute: 'tags' };
    const { tags } = await as(agent, () => house.objects.tags(ask));
    expect(tags).toEqual(['north', "o'hara%_", 'vip', 'vip lounge'].map((tag) => ({ tag, count: 1 })));
    expect((await as(partner, () => house.objects.tags(ask))).tags.map(({ tag }) => tag)).toEqual(['north', 'vip']);
    await expect(as(user('kim', ['clerk']), () => house.objects.tags(ask))).rejects.toMatchObject({
      code: 'ATTRIBUTE_UNKNOWN',
    });
    expect(await keys('no <> ""', {}, partner)).toEqual(['1']);
  });
});
