import { readFileSync } from 'node:fs';
import path from 'node:path';
import objects from '@caruso/business-objects';
import { BusinessObjects } from '@caruso/business-objects/contract';
import { createDeclarations, folderOf } from '@caruso/declarations';
import { createServiceManager } from '@caruso/service-manager';
import { actingAs, type Principal, VirtualClock } from '@caruso/service-manager/contract';
import storage from '@caruso/storage-manager';
import { Journal } from '@caruso/storage-manager/contract';
import { afterEach, describe, expect, test, vi } from 'vitest';
import policies from './component.js';
import { Policies, Reminders } from './contract.js';

const reminderModel = readFileSync(path.resolve(import.meta.dirname, '../declarations/model/reminder.yaml'), 'utf8');
const files = {
  'model/reminder.yaml': reminderModel,
  'model/customer.yaml': 'object: Customer\nattributes:\n  no: { type: text, key: true }\n  segment: { type: text }\n',
  'model/case.yaml': `object: Case
attributes:
  id: { type: text, key: true }
  kind: { type: text }
  priority: { type: text }
  due: { type: datetime }
  customer: { to: Customer }
`,
  'policies/outage.yaml': `policy: outage-of-a-key-account
on: Case.created
if: case.kind = 'outage' and case.customer.segment = 'key account'
do:
  - set: { priority: high, due: "= now() + 4h" }
  - remind: Outage still open
    to: role:supervisor
    at: "= now() + 3h + 30m"
`,
};
const supervisor: Principal = { kind: 'user', id: 'sam', name: 'Sam', roles: ['supervisor'] };
const agent: Principal = { kind: 'user', id: 'anna', name: 'Anna', roles: ['agent'] };
const hour = 3_600_000;
const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };

async function house(extra: Record<string, string> = {}) {
  const clock = new VirtualClock();
  const declarations = createDeclarations(
    folderOf(
      { ...files, ...extra },
      { databases: { main: { url: 'sqlite::memory:', managed: true } }, timezone: 'Europe/Amsterdam' },
    ),
  );
  const manager = createServiceManager({ clock, log });
  manager.install('declarations', declarations.component);
  manager.install('storage', storage);
  manager.install('objects', objects);
  manager.install('policies', policies);
  await manager.start();
  await manager.settled();
  const services = {
    objects: manager.use(BusinessObjects, '^1.0'),
    journal: manager.use(Journal, '^1.0'),
    reminders: manager.use(Reminders, '^1.0'),
    policies: manager.use(Policies, '^1.0'),
  };
  const create = (object: string, values: Record<string, unknown>) => services.objects.create({ object, values });
  await create('Customer', { no: 'C1', segment: 'key account' });
  await create('Customer', { no: 'C2', segment: 'household' });
  return { ...services, manager, clock, declarations, create };
}

let open: Awaited<ReturnType<typeof house>> | undefined;
afterEach(() => open?.manager.stop());

describe('policies at work', () => {
  test('an outage of a key account gets a due time and a reminder, which falls due; others do not', async () => {
    const { create, objects: cases, journal, reminders, policies: list, clock } = (open = await house());
    await create('Case', { id: '1', kind: 'outage', customer: 'C1' });
    await create('Case', { id: '2', kind: 'outage', customer: 'C2' });
    await create('Case', { id: '3', kind: 'move', customer: 'C1' });
    await journal.idle();

    const due = new Date(clock.now() + 4 * hour).toISOString();
    expect((await cases.get({ object: 'Case', key: '1' }))?.values).toMatchObject({ priority: 'high', due });
    expect((await cases.get({ object: 'Case', key: '2' }))?.values).toMatchObject({ priority: null, due: null });
    expect((await cases.get({ object: 'Case', key: '3' }))?.values).toMatchObject({ due: null });
    expect((await list.list({})).policies).toMatchObject([
      { policy: 'outage-of-a-key-account', checked: 3, fired: 1, failed: 0 },
    ]);

    const mine = () => actingAs(supervisor, () => reminders.mine({}));
    expect((await mine()).reminders).toMatchObject([
      { text: 'Outage still open', state: 'waiting', about: { object: 'Case', key: '1' } },
    ]);
    expect((await actingAs(agent, () => reminders.mine({}))).reminders).toEqual([]);
    await clock.advance(3 * hour);
    expect((await mine()).reminders[0]?.state).toBe('waiting');
    await clock.advance(hour / 2);
    await vi.waitFor(async () => expect((await mine()).reminders[0]?.state).toBe('due'));
    expect((await journal.read({ types: ['Reminder.due'] })).map((event) => event.subject?.object)).toEqual([
      'Reminder',
    ]);

    const [reminder] = (await mine()).reminders;
    await expect(actingAs(agent, () => reminders.done({ id: reminder?.id ?? '' }))).rejects.toMatchObject({
      code: 'REMINDER_UNKNOWN',
    });
    await actingAs(supervisor, () => reminders.done({ id: reminder?.id ?? '' }));
    expect((await mine()).reminders).toEqual([]);
  });

  test('the history names the policy as the one who acted', async () => {
    const { create, journal, objects: cases } = (open = await house());
    await create('Case', { id: '1', kind: 'outage', customer: 'C1' });
    await journal.idle();
    const { events } = await cases.history({ object: 'Case', key: '1' });
    expect(events.map((event) => [event.type, event.actor.kind, event.actor.id])).toEqual([
      ['Case.updated', 'policy', 'outage-of-a-key-account'],
      ['Case.created', 'system', 'caruso'],
    ]);
  });

  test('a changed rule takes effect at once; a faulty one leaves the former at work and names its place', async () => {
    const { create, journal, objects: cases, declarations } = (open = await house());
    const change = (text: string) =>
      declarations.update(folderOf({ ...files, 'policies/outage.yaml': text }, { databases: {}, timezone: 'UTC' }));
    change(files['policies/outage.yaml'].replace("'key account'", "'nobody'").replace('case.kind', 'case.knd'));
    await vi.waitFor(() => expect(JSON.stringify(log.error.mock.calls)).toContain('policies/outage.yaml:3'));
    await create('Case', { id: '1', kind: 'outage', customer: 'C1' });
    await journal.idle();
    expect((await cases.get({ object: 'Case', key: '1' }))?.values['priority']).toBe('high');

    change(files['policies/outage.yaml'].replace('priority: high', 'priority: highest'));
    await vi.waitFor(async () => {
      const id = `new-${Math.trunc(performance.now())}`;
      await create('Case', { id, kind: 'outage', customer: 'C1' });
      await journal.idle();
      expect((await cases.get({ object: 'Case', key: id }))?.values['priority']).toBe('highest');
    });
  });

  test('an object and a rule about it may be saved together', async () => {
    log.error.mockClear();
    const { policies: list, declarations } = (open = await house());
    const both = {
      ...files,
      'model/meeting.yaml': 'object: Meeting\nattributes:\n  no: { type: text, key: true }\n  room: { type: text }\n',
      'policies/meeting.yaml': 'policy: book\non: Meeting.created\ndo: [{ set: { room: A } }]\n',
    };
    declarations.update(folderOf(both, { databases: {}, timezone: 'UTC' }));
    await vi.waitFor(async () => expect((await list.list({})).policies).toHaveLength(2));
    expect(log.error).not.toHaveBeenCalled();
  });

  test('two policies that set one another off are stopped, and say so', async () => {
    const swap = (name: string, from: string, to: string) =>
      `policy: ${name}\non: Case.updated\nif: case.priority = '${from}'\ndo: [{ set: { priority: ${to} } }]\n`;
    const {
      create,
      objects: cases,
      policies: list,
    } = (open = await house({ 'policies/a.yaml': swap('ping', 'a', 'b'), 'policies/b.yaml': swap('pong', 'b', 'a') }));
    await create('Case', { id: '1', kind: 'x', priority: 'x' });
    await cases.update({ object: 'Case', key: '1', values: { priority: 'a' } });
    await vi.waitFor(
      async () => {
        const { policies: all } = await list.list({});
        expect(all.map((each) => each.lastError ?? '').join()).toContain('fired');
      },
      { timeout: 15_000 },
    );
  });

  test('what is due once is created once', async () => {
    const { reminders } = (open = await house());
    const given = { text: 'x', at: '2026-02-01T00:00:00Z', to: 'role:agent', once: 'key' };
    const [first, second] = [await reminders.create(given), await reminders.create(given)];
    expect(second.id).toBe(first.id);
    await expect(reminders.create({ ...given, at: 'soon', once: 'other' })).rejects.toMatchObject({
      code: 'REMINDER_TIME_INVALID',
    });
  });
});
