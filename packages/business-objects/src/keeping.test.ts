import { expect, it } from 'vitest';
import { agent, as, onEachDatabase, user } from './customer-care.test.support.js';

const MODEL = {
  'customer.yaml': `object: Customer
delete: keep
search: words
attributes:
  no: { type: text, key: true }
  name: { type: text, required: true, search: true }
  email: { type: email, unique: true }
  region: text
  openCases: { count: cases, where: "status = 'open'" }
  hours: { sum: cases.hours }
relations:
  cases: { many: Case, by: customer }
rights:
  agent: { read: all, write: all, delete: true }
  clerk: { read: all, write: all }
  north: { read: all, write: all, delete: true }
  regional: { read: "region = user.region", write: all, delete: true }
`,
  'case.yaml': `object: Case
delete: keep
attributes:
  id: { type: text, key: true }
  customer: { to: Customer }
  status: { type: one of, values: [open, closed], default: open }
  hours: { type: integer }
  who: { formula: "customer.name" }
rights: { agent: all, clerk: all, regional: all }
`,
};

onEachDatabase('keeping what was deleted', MODEL, (house) => {
  const clerk = user('kim', ['clerk']);
  const find = (query: Omit<Parameters<typeof house.objects.find>[0], 'object'>, object = 'Customer') =>
    as(agent, () => house.objects.find({ object, ...query }));
  const keys = async (...query: Parameters<typeof find>) => (await find(...query)).records.map(({ key }) => key);
  const figures = async () =>
    (await find({ sort: ['no'] })).records.map(({ key, values }) => [key, values['openCases'], values['hours']]);

  it('lets a record vanish from lists, search, relations, figures, references, formulas and totals, and come back', async () => {
    const { objects, journal } = house;
    for (const values of [
      { no: 'C1', name: 'Ada Lovelace', email: 'ada@x.nl', region: 'north' },
      { no: 'C2', name: 'Bob', region: 'south' },
    ])
      await objects.create({ object: 'Customer', values });
    for (const values of [
      { id: 'k1', customer: 'C1', hours: 2 },
      { id: 'k2', customer: 'C1', hours: 3 },
      { id: 'k3', customer: 'C2', hours: 5 },
    ])
      await objects.create({ object: 'Case', values });
    expect(await figures()).toEqual([
      ['C1', 2, 5],
      ['C2', 1, 5],
    ]);

    await as(agent, () => objects.delete({ object: 'Case', key: 'k1' }));
    expect(await figures()).toEqual([
      ['C1', 1, 3],
      ['C2', 1, 5],
    ]);
    expect(await keys({ where: 'openCases = 1 and hours = 3' })).toEqual(['C1']);
    expect(await keys({ sort: ['hours'] })).toEqual(['C1', 'C2']);
    expect(await keys({ where: 'cases.exists(c, c.hours = 2)' })).toEqual([]);
    expect(await keys({ where: 'cases.size() = 1' })).toEqual(['C1', 'C2']);
    const [ada] = (await find({ where: "no = 'C1'", include: ['cases'] })).records;
    expect(ada?.related?.['cases']).toMatchObject([{ key: 'k2' }]);

    await as(agent, () => objects.delete({ object: 'Customer', key: 'C1' }));
    expect(await keys({})).toEqual(['C2']);
    expect(await keys({ search: 'lovelace' })).toEqual([]);
    expect(await objects.get({ object: 'Customer', key: 'C1' })).toBeNull();
    expect(await objects.aggregate({ object: 'Customer', measures: [{ name: 'n', kind: 'count' }] })).toMatchObject({
      rows: [{ measures: { n: 1 } }],
    });
    const [orphan] = (await find({ where: "id = 'k2'", include: ['customer'] }, 'Case')).records;
    expect(orphan).toMatchObject({ values: { customer: 'C1', who: null }, related: { customer: null } });
    expect(await keys({ where: "customer.name = 'Ada Lovelace'" }, 'Case')).toEqual([]);
    expect(await keys({ where: "who = 'Ada Lovelace'" }, 'Case')).toEqual([]);
    await expect(objects.update({ object: 'Customer', key: 'C1', values: { name: 'x' } })).rejects.toMatchObject({
      code: 'RECORD_NOT_FOUND',
    });
    await expect(objects.create({ object: 'Case', values: { id: 'k4', customer: 'C1' } })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
    });

    const restored = await as(agent, () => objects.restore({ object: 'Customer', key: 'C1' }));
    expect(restored).toMatchObject({ key: 'C1', version: '3', values: { name: 'Ada Lovelace', hours: 3 } });
    expect(restored.deleted).toBeUndefined();
    expect(await keys({ search: 'lovelace' })).toEqual(['C1']);
    await as(agent, () => objects.restore({ object: 'Case', key: 'k1' }));
    expect(await figures()).toEqual([
      ['C1', 2, 5],
      ['C2', 1, 5],
    ]);
    const events = await journal.read({ subject: { object: 'Customer', key: 'C1' } });
    expect(
      events.map(({ type, data, changes }) => [
        type,
        data,
        changes.map(({ before, after }) => [before?.['no'], after?.['no']]),
      ]),
    ).toEqual([
      ['Customer.created', {}, [[undefined, 'C1']]],
      ['Customer.deleted', { kept: true }, [['C1', undefined]]],
      ['Customer.restored', {}, [[undefined, 'C1']]],
    ]);
  });

  it('shows deleted records to those who may restore them, to nobody else', async () => {
    const { objects } = house;
    await as(agent, () => objects.delete({ object: 'Customer', key: 'C2' }));
    expect((await find({ deleted: 'only' })).records).toMatchObject([
      { key: 'C2', deleted: '2026-06-15T10:00:00.000Z' },
    ]);
    expect(await keys({ deleted: 'also', sort: ['no'] })).toEqual(['C1', 'C2']);
    expect(await as(agent, () => objects.get({ object: 'Customer', key: 'C2', deleted: true }))).toMatchObject({
      key: 'C2',
    });
    const regional = user('rik', ['regional'], { region: 'north' });
    expect(await as(regional, () => objects.find({ object: 'Customer', deleted: 'only' }))).toMatchObject({
      records: [],
    });
    await expect(as(regional, () => objects.restore({ object: 'Customer', key: 'C2' }))).rejects.toMatchObject({
      code: 'RECORD_NOT_FOUND',
    });
    const attempts: (() => Promise<unknown>)[] = [
      () => objects.find({ object: 'Customer', deleted: 'also' }),
      () => objects.get({ object: 'Customer', key: 'C2', deleted: true }),
      () => objects.restore({ object: 'Customer', key: 'C2' }),
    ];
    for (const attempt of attempts) await expect(as(clerk, attempt)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    await expect(as(clerk, () => objects.history({ object: 'Customer', key: 'C2' }))).rejects.toMatchObject({
      code: 'RECORD_NOT_FOUND',
    });
    const { events } = await as(agent, () => objects.history({ object: 'Customer', key: 'C2' }));
    expect(events.map(({ type }) => type)).toEqual(['Customer.deleted', 'Customer.created']);
    await as(agent, () => objects.restore({ object: 'Customer', key: 'C2' }));
    await expect(as(agent, () => objects.restore({ object: 'Customer', key: 'C2' }))).rejects.toMatchObject({
      code: 'RECORD_NOT_FOUND',
    });
  });

  it('frees unique values, and refuses to restore a record whose value another has now', async () => {
    const { objects } = house;
    await as(agent, () => objects.delete({ object: 'Customer', key: 'C1' }));
    await objects.create({ object: 'Customer', values: { no: 'C3', name: 'Ada the second', email: 'ada@x.nl' } });
    await expect(as(agent, () => objects.restore({ object: 'Customer', key: 'C1' }))).rejects.toMatchObject({
      code: 'CONSTRAINT_VIOLATED',
      details: [{ attribute: 'email', message: 'is taken already' }],
    });
    await as(agent, () => objects.delete({ object: 'Customer', key: 'C3' }));
    expect((await as(agent, () => objects.restore({ object: 'Customer', key: 'C1' }))).key).toBe('C1');
  });

  it('lets a new record take the place of a deleted one of the same key, with nothing left of its values', async () => {
    const { objects } = house;
    const fresh = await objects.create({ object: 'Customer', values: { no: 'C3', name: 'Cees' } });
    expect(fresh).toMatchObject({ key: 'C3', values: { name: 'Cees', email: null } });
    expect(Number(fresh.version)).toBeGreaterThan(1);
    await expect(objects.create({ object: 'Customer', values: { no: 'C3', name: 'x' } })).rejects.toMatchObject({
      code: 'CONSTRAINT_VIOLATED',
    });
  });

  it('begins for rows that were there before, whose unique values then count among those that are there', async () => {
    const plain = {
      'thing.yaml':
        'object: Thing\nattributes:\n  no: { type: text, key: true }\n  code: { type: text, unique: true, length: 20 }\n',
    };
    await house.reload({ ...MODEL, ...plain });
    await house.objects.create({ object: 'Thing', values: { no: '1', code: 'a' } });
    expect(await house.reload({ ...MODEL, 'thing.yaml': `${plain['thing.yaml']}delete: keep\n` })).toEqual([]);
    await house.objects.delete({ object: 'Thing', key: '1' });
    await house.objects.create({ object: 'Thing', values: { no: '2', code: 'a' } });
    await expect(house.objects.create({ object: 'Thing', values: { no: '3', code: 'a' } })).rejects.toMatchObject({
      code: 'CONSTRAINT_VIOLATED',
    });
    expect((await house.objects.find({ object: 'Thing', deleted: 'also' })).records.map(({ key }) => key)).toEqual([
      '1',
      '2',
    ]);
  });
});
