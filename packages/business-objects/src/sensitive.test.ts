import { systemPrincipal } from '@caruso/service-manager/contract';
import { beforeAll, expect, it } from 'vitest';
import { agent, as, onEachDatabase, user } from './customer-care.test.support.js';

const MODEL = {
  'client.yaml': `object: Client
attributes:
  no: { type: text, key: true }
  name: { type: text, search: true }
  bornOn: { type: date, sensitive: true }
  pin: { type: text, sensitive: true, unique: true }
  year: { formula: "year(bornOn)" }
  display: { formula: "name + ' ' + pin" }
rights:
  agent: { read: all, write: all }
  officer: { read: all, write: [name], reveal: [bornOn, year] }
  branch: { read: "name <> 'Bob'", reveal: all }
`,
};

onEachDatabase('a sensitive attribute', MODEL, (house) => {
  const officer = user('olga', ['officer']);
  const branch = user('bram', ['branch']);
  beforeAll(async () => {
    if (house.objects === undefined) return;
    for (const values of [
      { no: '1', name: 'Ada', bornOn: '1815-12-10', pin: '4711' },
      { no: '2', name: 'Bob', bornOn: '1990-01-01' },
    ])
      await house.objects.create({ object: 'Client', values });
  });

  it('is masked in records, with what is computed of it, and clear for the house itself', async () => {
    const { records } = await as(agent, () => house.objects.find({ object: 'Client', sort: ['no'] }));
    expect(records.map(({ display, values }) => [display, values['bornOn'], values['pin'], values['year']])).toEqual([
      ['***', '***', '***', '***'],
      ['2', '***', null, '***'],
    ]);
    const seen = await as(systemPrincipal, () => house.objects.get({ object: 'Client', key: '1' }));
    expect(seen).toMatchObject({ display: 'Ada 4711', values: { bornOn: '1815-12-10', year: 1815 } });
  });

  it('is given in the clear to those who may have it, which is journaled without the value', async () => {
    const ask = (attributes: string[], key = '1') => house.objects.reveal({ object: 'Client', key, attributes });
    expect(await as(officer, () => ask(['bornOn', 'year']))).toEqual({ values: { bornOn: '1815-12-10', year: 1815 } });
    for (const [who, attributes, code] of [
      [officer, ['bornOn', 'pin'], 'ACCESS_DENIED'],
      [agent, ['pin'], 'ACCESS_DENIED'],
      [officer, ['name'], 'ATTRIBUTE_UNKNOWN'],
    ] as const)
      await expect(as(who, () => ask([...attributes]))).rejects.toMatchObject({ code });
    await expect(as(branch, () => ask(['pin'], '2'))).rejects.toMatchObject({ code: 'RECORD_NOT_FOUND' });
    const events = await house.journal.read({ types: ['Client.revealed'] });
    expect(events).toMatchObject([
      {
        actor: { id: 'olga' },
        subject: { object: 'Client', key: '1' },
        data: { attributes: ['bornOn', 'year'] },
        changes: [],
      },
    ]);
    expect(JSON.stringify(await house.journal.read())).not.toMatch(/4711|1815/);
  });

  it('is not told by conditions, orders and totals either', async () => {
    const find = (query: object) => house.objects.find({ object: 'Client', ...query });
    for (const query of [{ where: "pin = '4711'" }, { where: 'year = 1815' }, { sort: ['pin'] }, { sort: ['-year'] }])
      await expect(as(agent, () => find(query))).rejects.toMatchObject({ status: 400 });
    for (const part of [{ by: ['bornOn'] }, { measures: [{ name: 'm', kind: 'min' as const, of: 'bornOn' }] }]) {
      const input = { object: 'Client', measures: [{ name: 'n', kind: 'count' as const }], ...part };
      await expect(as(agent, () => house.objects.aggregate(input))).rejects.toMatchObject({ status: 400 });
    }
    const { records } = await as(officer, () => find({ where: 'year(bornOn) = 1815', sort: ['-bornOn'] }));
    expect(records.map(({ key }) => key)).toEqual(['1']);
  });

  it('keeps its value when its mask is written back, and takes a new one', async () => {
    const update = (values: object) =>
      as(agent, () => house.objects.update({ object: 'Client', key: '1', values: { ...values } }));
    expect((await update({ name: 'Ada L.', pin: '***', bornOn: '***' })).version).toBe('2');
    await update({ pin: '4712' });
    expect(await as(systemPrincipal, () => house.objects.get({ object: 'Client', key: '1' }))).toMatchObject({
      values: { pin: '4712', bornOn: '1815-12-10' },
    });
    const { events } = await as(agent, () => house.objects.history({ object: 'Client', key: '1', limit: 1 }));
    expect(events[0]?.changed).toEqual([{ attribute: 'pin', before: '***', after: '***' }]);
  });

  it('is described as what it is to each caller', async () => {
    const described = async (who: typeof agent) => {
      const { objects } = await as(who, () => house.objects.describe({ object: 'Client' }));
      return objects[0]?.attributes.flatMap(({ name, sensitive, mayReveal }) =>
        sensitive ? [[name, mayReveal === true]] : [],
      );
    };
    expect(await described(officer)).toEqual([
      ['bornOn', true],
      ['pin', false],
      ['year', true],
      ['display', false],
    ]);
    expect(await described(agent)).toEqual([
      ['bornOn', false],
      ['pin', false],
      ['year', false],
      ['display', false],
    ]);
  });
});
