import { folderOf } from '@caruso/declarations';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import type { Block } from './contract.js';
import { administrator, agent, as, files, type House, house, partner, visitor } from './house.test.support.js';

type BlockOf<K> = Extract<z.infer<typeof Block>, { kind: K }>;

describe('screens resolved for their viewer', () => {
  let it: House;
  beforeAll(async () => {
    it = await house(files);
    for (const [no, name, kind] of [
      ['C1', 'Ann', 'person'],
      ['C2', 'Works', 'company'],
      ['C3', 'Idle', 'company'],
    ]) {
      await it.objects.create({ object: 'Customer', values: { no, name, kind, credit: '10.00' } });
    }
    for (const [customer, subject] of [
      ['C1', 'a'],
      ['C1', 'b'],
      ['C2', 'c'],
    ]) {
      await it.objects.create({ object: 'Case', values: { customer, subject } });
    }
  });
  afterAll(() => it.manager.stop());

  const record = async (who: typeof agent, screen: string, key: string) => {
    const resolved = await who(() => it.screens.resolve({ screen, key }));
    if (resolved.kind !== 'record') throw new Error('no record screen');
    return resolved;
  };
  const labels = (all: readonly { label?: string | undefined }[]) => all.map(({ label }) => label);

  test('a record screen has what the agent may see and do', async () => {
    const screen = await record(agent, 'customer-360', 'C2');
    expect(screen).toMatchObject({ object: 'Customer', key: 'C2', display: 'Works (C2)', label: 'Customer' });
    expect(screen.values).toMatchObject({ no: 'C2', name: 'Works', credit: '10.00' });
    expect(screen.head.map(({ path }) => path)).toEqual(['kind', 'credit']);
    expect(labels(screen.tabs)).toEqual(['Overview', 'Cases', 'Money', 'History']);
    const [fields, timeline, service] = screen.tabs[0]?.blocks ?? [];
    expect(fields).toMatchObject({ kind: 'fields', editable: true });
    expect((fields as BlockOf<'fields'>).fields.map(({ path, attribute }) => [path, attribute.readOnly])).toEqual([
      ['no', true],
      ['name', false],
      ['credit', true],
    ]);
    expect(timeline).toMatchObject({ kind: 'timeline', params: { timelineObject: 'Customer', timelineKey: 'C2' } });
    expect(service).toMatchObject({ kind: 'service', label: 'Balance', input: { customer: 'C2' } });
  });

  test('an action is there where its condition holds and the rights suffice', async () => {
    // The company with an open case may not be blocked; credit is not the agent's to give; there is no script engine.
    expect(labels((await record(agent, 'customer-360', 'C2')).actions)).toEqual(['New case', 'Rename']);
    const idle = await record(agent, 'customer-360', 'C3');
    expect(idle.actions[0]).toEqual({
      label: 'Block',
      call: { method: 'billing.block', input: { customer: 'C3', by: 'agent' }, confirm: 'Sure?' },
    });
    expect(idle.actions[1]).toEqual({
      label: 'New case',
      create: { object: 'Case', values: { customer: 'C3', subject: 'About Idle' } },
    });
    expect(labels((await record(administrator, 'customer-360', 'C3')).actions)).toEqual([
      'New case',
      'Rename',
      'Give credit',
    ]);
    expect((await record(partner, 'customer-360', 'C3')).actions).toEqual([]);
  });

  test('what a role may not see is not in the answer', async () => {
    const screen = await record(partner, 'customer-360', 'C1');
    expect(JSON.stringify(screen)).not.toContain('credit');
    expect(JSON.stringify(screen)).not.toContain('10.00');
    // No right on cases, tab hidden by the screen, a tab of which nothing is left, a service for agents.
    expect(labels(screen.tabs)).toEqual(['Overview']);
    expect(screen.tabs[0]?.blocks.map(({ kind }) => kind)).toEqual(['fields']);
    expect(screen.tabs[0]?.blocks[0]).toMatchObject({ editable: false });
    await expect(partner(() => it.screens.resolve({ screen: 'case', key: 'x' }))).rejects.toMatchObject({
      code: 'SCREEN_REFUSED',
      status: 403,
    });
  });

  test('several roles add up', async () => {
    const both = await record(as('partner', 'agent'), 'customer-360', 'C1');
    expect(labels(both.tabs)).toContain('History');
  });

  test('related records are found by the filter of their block', async () => {
    const screen = await record(agent, 'customer-360', 'C1');
    const block = screen.tabs[1]?.blocks[0] as BlockOf<'list'>;
    expect(block).toMatchObject({ label: 'Cases', object: 'Case', opens: 'case', create: true, sort: ['-subject'] });
    expect(block.include).toEqual(['customer']);
    expect(labels(block.columns)).toEqual(['Subject', 'Customer name', 'Status']);
    const { object, where, params, include, sort } = block;
    const found = await agent(() => it.objects.find({ object, where, params, include, sort }));
    expect(found.records.map(({ values }) => values['subject'])).toEqual(['b', 'a']);
    expect(found.records[0]?.related?.['customer']).toMatchObject({ values: { name: 'Ann' } });
  });

  test('references show what they lead to, and where', async () => {
    const { records } = await agent(() => it.objects.find({ object: 'Case', where: "subject = 'c'" }));
    const screen = await record(agent, 'case', records[0]?.key ?? '');
    expect(screen.references['customer']).toEqual({
      object: 'Customer',
      key: 'C2',
      display: 'Works (C2)',
      screen: 'customer-360',
    });
    expect(screen.values).toMatchObject({ customer: 'C2', 'customer.name': 'Works' });
  });

  test('a list screen has the columns and the form the viewer may use', async () => {
    const list = await agent(() => it.screens.resolve({ screen: 'customers' }));
    expect(list).toMatchObject({ kind: 'list', label: 'Customers', sort: ['name'], opens: 'customer-360' });
    expect(list.kind === 'list' && list.create.map(({ path }) => path)).toEqual(['no', 'name']);
    const other = await partner(() => it.screens.resolve({ screen: 'customers' }));
    expect(other.kind === 'list' && other.columns.map(({ path }) => path)).toEqual(['no', 'name']);
    expect(other.kind === 'list' && other.create).toEqual([]);
  });

  test('objects without a screen have one all the same, also under composite keys', async () => {
    await it.objects.create({ object: 'OrderLine', values: { customer: 'C1', number: 7, text: 'x' } });
    await it.objects.create({ object: 'OrderLine', values: { customer: 'C2', number: 7, text: 'y' } });
    await it.objects.create({ object: 'Remark', values: { id: 'r1', line: 'C1~7' } });
    await it.objects.create({ object: 'Remark', values: { id: 'r2', line: 'C2~7' } });
    await it.objects.create({ object: 'Part', values: { id: 'p1', customerNo: 'C1', lineNo: 7 } });
    await it.objects.create({ object: 'Part', values: { id: 'p2', customerNo: 'C1', lineNo: 8 } });
    for (const name of ['list:OrderLine', 'order-lines']) {
      const list = await agent(() => it.screens.resolve({ screen: name }));
      expect(list).toMatchObject({ kind: 'list', object: 'OrderLine', opens: 'record:OrderLine' });
    }
    for (const name of ['record:OrderLine', 'order-line']) {
      const screen = await record(agent, name, 'C1~7');
      expect(labels(screen.tabs)).toEqual(['Details', 'Remarks', 'Parts', 'History']);
      const found = await Promise.all(
        screen.tabs.slice(1, 3).map(async ({ blocks }) => {
          const { object, where, params } = blocks[0] as BlockOf<'list'>;
          return (await agent(() => it.objects.find({ object, where, params }))).records.map(({ key }) => key);
        }),
      );
      expect(found).toEqual([['r1'], ['p1']]);
      expect(screen.references['customer']).toMatchObject({ screen: 'customer-360', display: 'Ann (C1)' });
    }
  });

  test('what does not exist is said, with the nearest name', async () => {
    const failure = (screen: string, key?: string) =>
      agent(() => it.screens.resolve(key === undefined ? { screen } : { screen, key })).catch(
        (error: unknown) => error,
      );
    expect(await failure('custmers')).toMatchObject({ code: 'SCREEN_UNKNOWN', remedy: "did you mean 'customers'?" });
    expect(await failure('customer-360')).toMatchObject({ code: 'SCREEN_KEY_MISSING' });
    expect(await failure('customer-360', 'C99')).toMatchObject({ code: 'RECORD_NOT_FOUND', status: 404 });
  });

  test('the navigation is the role’s, less what cannot be opened', async () => {
    const navigation = (who: typeof agent) => who(() => it.screens.navigation({}));
    // There is no contact centre here, so that nobody has a desktop.
    expect((await navigation(agent)).items).toEqual([{ label: 'Customers', icon: 'users', screen: 'customers' }]);
    expect(labels((await navigation(partner)).items)).toEqual(['Customers']);
    expect(labels((await navigation(administrator)).items)).toEqual(['Services', 'All customers']);
    const italian = await administrator(() => it.screens.navigation({ language: 'it' }));
    expect(labels(italian.items)).toEqual(['Servizi', 'All customers']);
    expect(await navigation(agent)).toMatchObject({
      brand: { name: 'Test', accent: '#0b7285', logo: null },
      currency: 'EUR',
      customer: { object: 'Customer', screen: 'customer-360' },
      search: [{ object: 'Customer', screen: 'customer-360' }],
    });
    const outside = await navigation(visitor);
    expect(outside).toMatchObject({ brand: { name: 'Test' }, items: [], customer: null, search: [] });
  });

  test('the portal offers what can be started, and chat where there is one', async () => {
    expect(await visitor(() => it.screens.portal({}))).toEqual({
      title: 'Hello',
      welcome: '',
      scripts: [],
      chat: null,
    });
  });

  test('a saved declaration serves at once; one with a fault takes only its own screen out of service', async () => {
    const changed = {
      ...files,
      'screens/customers.yaml': files['screens/customers.yaml'].replace('no, name, credit]\nsort', 'name]\nsort'),
    };
    it.holder.update(folderOf(changed, { name: 'Test company', locale: 'nl-NL' }));
    const list = await agent(() => it.screens.resolve({ screen: 'customers' }));
    expect(list).toMatchObject({ label: 'Klanten' });
    expect(list.kind === 'list' && list.columns).toHaveLength(1);
    const broken = { ...files, 'screens/customers.yaml': files['screens/customers.yaml'].replace('[name]', '[nam]') };
    it.holder.update(folderOf(broken, { name: 'Test company' }));
    await expect(agent(() => it.screens.resolve({ screen: 'customers' }))).rejects.toMatchObject({
      code: 'SCREEN_FAULTY',
      message: expect.stringContaining('screens/customers.yaml:6:8') as string,
    });
    expect(await record(agent, 'customer-360', 'C1')).toMatchObject({ display: 'Ann (C1)' });
    it.holder.update(folderOf(files, { name: 'Test company' }));
  });
});

describe('a front office without screens', () => {
  test('is usable: every object has a list for those who may read it', async () => {
    const models = Object.fromEntries(Object.entries(files).filter(([path]) => path.startsWith('model/')));
    const it = await house(models);
    try {
      const navigation = await administrator(() => it.screens.navigation({}));
      expect(navigation.items.map(({ screen, view }) => view ?? screen)).toEqual([
        'services',
        'journal',
        'list:Case',
        'list:Customer',
        'list:OrderLine',
        'list:Part',
        'list:Remark',
      ]);
      expect(navigation.brand.name).toBe('Test company');
      expect(navigation.search).toEqual([{ object: 'Customer', label: 'Customers', screen: 'record:Customer' }]);
      expect((await visitor(() => it.screens.navigation({}))).items).toEqual([]);
      expect(it.errors).toEqual([]);
    } finally {
      await it.manager.stop();
    }
  });
});
