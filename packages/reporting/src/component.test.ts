import objects from '@caruso/business-objects';
import { BusinessObjects } from '@caruso/business-objects/contract';
import { createDeclarations, folderOf } from '@caruso/declarations';
import { createServiceManager } from '@caruso/service-manager';
import { actingAs, type Log, type Principal, VirtualClock } from '@caruso/service-manager/contract';
import storage from '@caruso/storage-manager';
import { Journal } from '@caruso/storage-manager/contract';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import reporting from './component.js';
import { Reporting } from './contract.js';

const files = {
  'model/contact.yaml': `object: Contact
attributes:
  id: { type: text, key: true }
  queue: { type: text }
  state: { type: text }
  queuedAt: { type: datetime }
  answeredAt: { type: datetime }
  value: { type: decimal, scale: 2 }
rights:
  supervisor: { read: all }
  partner: { read: "queue = 'billing'" }
`,
  'metrics.yaml': `metrics:
  offered: { count: Contact, at: queuedAt }
  answered: { count: Contact, at: queuedAt, where: answeredAt <> null }
  quick: { count: Contact, at: queuedAt, where: "answeredAt <> null and answeredAt - queuedAt <= 20s" }
  level: { share: quick, of: offered }
  wait: { average: answeredAt - queuedAt, of: Contact, at: queuedAt, where: answeredAt <> null }
  worth: { sum: value, of: Contact, at: queuedAt }
  waiting: { count: Contact, where: state = 'queued' }
  overdue: { count: Contact, where: "state = 'queued' and queuedAt < now() - 1h" }
monitors:
  contacts:
    figures:
      - { metric: offered, period: today }
      - { metric: answered, period: today }
      - { metric: level, period: today, at least: 0.8 }
      - { metric: wait, period: today }
      - { metric: worth, period: today }
      - { metric: waiting }
      - { metric: overdue }
`,
  'reports/contacts.yaml': `report: contacts
metrics: [offered, answered, level, wait, worth]
by: [queue]
period: { every: 1h, of: today }
chart: { line: offered }
`,
  'strategy.yaml': `strategy: Lose no caller
goals:
  - { metric: offered, at least: 2, per: day, why: Somebody must call }
  - { metric: level, at least: 0.8, per: week, why: Who waits goes elsewhere }
  - { metric: wait, at most: 30000, per: month, why: Waiting costs money }
`,
};
const zone = 'Europe/Amsterdam';
const supervisor: Principal = { kind: 'user', id: 'sam', name: 'Sam', roles: ['supervisor'] };
const partner: Principal = { kind: 'user', id: 'pat', name: 'Pat', roles: ['partner'] };
const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

async function house(start = Date.UTC(2026, 0, 5, 9)) {
  const clock = new VirtualClock(start);
  const manager = createServiceManager({ clock, log: silent });
  manager.install(
    'declarations',
    createDeclarations(
      folderOf(files, { databases: { main: { url: 'sqlite::memory:', managed: true } }, timezone: zone }),
    ).component,
  );
  manager.install('storage', storage);
  manager.install('objects', objects);
  manager.install('reporting', reporting);
  await manager.start();
  await manager.settled();
  return {
    manager,
    clock,
    objects: manager.use(BusinessObjects, '^1.0'),
    journal: manager.use(Journal, '^1.0'),
    reporting: manager.use(Reporting, '^1.0'),
  };
}

let open: Awaited<ReturnType<typeof house>> | undefined;
afterEach(() => open?.manager.stop());

const iso = (time: number) => new Date(time).toISOString();

describe('the monitor', () => {
  test('shows what the report shows, whatever happens in between, also across midnight', async () => {
    open = await house();
    const { clock, objects: contacts, reporting: reports } = open;
    let next = 0;
    const operation = fc.record({
      kind: fc.constantFrom('create', 'create', 'answer', 'requeue', 'delete', 'pass', 'look'),
      which: fc.nat(30),
      queue: fc.constantFrom('billing', 'general'),
      minutes: fc.integer({ min: 1, max: 400 }),
      cents: fc.integer({ min: -500, max: 5000 }),
    });
    const ids: string[] = [];
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 12 }), async (operations) => {
        for (const { kind, which, queue, minutes, cents } of operations) {
          const id = ids[which % Math.max(ids.length, 1)];
          if (kind === 'create') {
            const created = `c${next++}`;
            ids.push(created);
            await contacts.create({
              object: 'Contact',
              values: {
                id: created,
                queue,
                state: 'queued',
                queuedAt: iso(clock.now() - minutes * 1000),
                value: (cents / 100).toFixed(2),
              },
            });
          } else if (kind === 'pass') await clock.advance(minutes * 60_000);
          else if (kind === 'look') await reports.monitor({});
          else if (id === undefined) continue;
          else if (kind === 'answer')
            await contacts.update({
              object: 'Contact',
              key: id,
              values: { state: 'active', answeredAt: iso(clock.now()) },
            });
          else if (kind === 'requeue')
            await contacts.update({
              object: 'Contact',
              key: id,
              values: { state: 'queued', queuedAt: iso(clock.now()), answeredAt: null },
            });
          else {
            ids.splice(ids.indexOf(id), 1);
            await contacts.delete({ object: 'Contact', key: id });
          }
        }
        const { figures } = await reports.monitor({});
        const { totals } = await reports.run({ report: 'contacts', every: '1d' });
        const shown = Object.fromEntries(figures.map((figure) => [figure.metric, figure.value]));
        for (const metric of ['offered', 'answered', 'level', 'wait'])
          expect([metric, shown[metric]]).toEqual([metric, totals[metric]]);
        expect(shown['worth']).toBeCloseTo(Number(totals['worth']), 6);
        const waiting = async (where: string) => {
          const { rows } = await contacts.aggregate({
            object: 'Contact',
            where,
            measures: [{ name: 'n', kind: 'count' }],
          });
          return rows[0]?.measures['n'] ?? 0;
        };
        expect(shown['waiting']).toBe(await waiting("state = 'queued'"));
        expect(shown['overdue']).toBe(await waiting("state = 'queued' and queuedAt < now() - 1h"));
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  test('holds figures against their targets; nothing to measure is unknown, not bad', async () => {
    open = await house();
    const { objects: contacts, reporting: reports, clock } = open;
    const level = async () => (await reports.monitor({})).figures.find((figure) => figure.metric === 'level');
    expect(await level()).toMatchObject({ value: null, status: 'unknown', target: { atLeast: 0.8 } });
    await contacts.create({
      object: 'Contact',
      values: { id: 'a', queuedAt: iso(clock.now() - 30_000), answeredAt: iso(clock.now()) },
    });
    expect(await level()).toMatchObject({ value: 0, status: 'bad' });
    await contacts.update({ object: 'Contact', key: 'a', values: { answeredAt: iso(clock.now() - 15_000) } });
    expect(await level()).toMatchObject({ value: 1, status: 'good' });
    await expect(reports.monitor({ monitor: 'other' })).rejects.toMatchObject({ code: 'MONITOR_UNKNOWN' });
  });
});

describe('a report', () => {
  test('has half-open local periods, under the rights of who asks', async () => {
    open = await house(Date.UTC(2026, 2, 29, 12));
    const { objects: contacts, reporting: reports } = open;
    // 23:30 and 00:00 local time around the beginning of the day on which the clocks go forward.
    const midnight = Date.UTC(2026, 2, 28, 23);
    const create = (id: string, queue: string, queuedAt: number) =>
      contacts.create({ object: 'Contact', values: { id, queue, queuedAt: iso(queuedAt) } });
    await create('before', 'general', midnight - 1);
    await create('first', 'general', midnight);
    await create('billing', 'billing', midnight + 3_600_000 - 1);
    await create('late', 'general', Date.UTC(2026, 2, 29, 22) - 1);
    await create('after', 'general', Date.UTC(2026, 2, 29, 22));

    const full = await actingAs(supervisor, () => reports.run({ report: 'contacts' }));
    expect(full.totals['offered']).toBe(3);
    expect(new Set(full.rows.map((row) => row['period'])).size).toBe(23);
    expect(full.rows.slice(0, 2).map((row) => [row['period'], row['queue'], row['offered']])).toEqual([
      [iso(midnight), 'billing', 1],
      [iso(midnight), 'general', 1],
    ]);
    const partial = await actingAs(partner, () => reports.run({ report: 'contacts' }));
    expect(partial.totals['offered']).toBe(1);
  });

  test('comes as CSV and XLSX with the same figures, and refuses what is no period', async () => {
    open = await house();
    const { objects: contacts, reporting: reports, clock } = open;
    await contacts.create({
      object: 'Contact',
      values: { id: 'a', queue: 'billing', queuedAt: iso(clock.now()), value: '12.50' },
    });
    const csv = await reports.export({ report: 'contacts', format: 'csv', every: '1d' });
    expect(Buffer.from(csv.base64, 'base64').toString('utf8')).toContain('2026-01-05,billing,1,0,0,,12.5');
    const xlsx = await reports.export({ report: 'contacts', format: 'xlsx' });
    expect(Buffer.from(xlsx.base64, 'base64').subarray(0, 2).toString()).toBe('PK');
    for (const wrong of [
      { every: '7m' },
      { from: '2026-01-05', to: '2026-01-05' },
      { from: '2000-01-01', to: '2026-01-01', every: '15m' },
    ]) {
      await expect(reports.run({ report: 'contacts', ...wrong })).rejects.toMatchObject({
        code: 'REPORT_PERIOD_INVALID',
      });
    }
    await expect(reports.run({ report: 'contact' })).rejects.toMatchObject({
      code: 'REPORT_UNKNOWN',
      remedy: expect.stringContaining('contacts'),
    });
  });
});

describe('the goals of the strategy', () => {
  test('have the values that a report has as its totals over the running period', async () => {
    // A Thursday: the week began on Monday the 5th, the month on the 1st.
    open = await house(Date.UTC(2026, 0, 8, 9));
    const { objects: contacts, reporting: reports } = open;
    const create = (id: string, queuedAt: number, waited: number) =>
      contacts.create({
        object: 'Contact',
        values: { id, queuedAt: iso(queuedAt), answeredAt: iso(queuedAt + waited) },
      });
    await create('last month', Date.UTC(2025, 11, 31, 22, 59), 10_000);
    await create('last week', Date.UTC(2026, 0, 4, 22, 59), 200_000);
    await create('monday', Date.UTC(2026, 0, 4, 23), 10_000);
    await create('tuesday', Date.UTC(2026, 0, 6, 9), 10_000);
    await create('yesterday', Date.UTC(2026, 0, 7, 22, 59), 60_000);
    await create('today', Date.UTC(2026, 0, 7, 23), 20_000);

    const { strategy, goals } = await actingAs(supervisor, () => reports.goals({}));
    expect(strategy).toBe('Lose no caller');
    expect(goals).toEqual([
      expect.objectContaining({ metric: 'offered', unit: 'count', value: 1, status: 'bad', from: '2026-01-08' }),
      expect.objectContaining({ metric: 'level', unit: 'share', value: 0.75, status: 'bad', from: '2026-01-05' }),
      expect.objectContaining({ metric: 'wait', unit: 'duration', value: 60_000, status: 'bad', from: '2026-01-01' }),
    ]);
    expect(goals[1]).toMatchObject({ per: 'week', target: { atLeast: 0.8 }, why: 'Who waits goes elsewhere' });
    for (const { metric, value, from, to } of goals) {
      const { totals } = await actingAs(supervisor, () => reports.run({ report: 'contacts', from, to, every: '1d' }));
      expect([metric, value]).toEqual([metric, totals[metric]]);
    }
    await create('tonight', Date.UTC(2026, 0, 8, 20), 0);
    const after = await actingAs(supervisor, () => reports.goals({}));
    expect(after.goals.map(({ value, status }) => [value, status])).toEqual([
      [2, 'good'],
      [0.8, 'good'],
      [50_000, 'bad'],
    ]);
  });

  test('are for supervisors and administrators, and unknown where there was nothing to measure', async () => {
    open = await house();
    const { reporting: reports } = open;
    const { goals } = await actingAs(supervisor, () => reports.goals({}));
    expect(goals.map(({ value, status }) => [value, status])).toEqual([
      [0, 'bad'],
      [null, 'unknown'],
      [null, 'unknown'],
    ]);
    const { services } = open.manager;
    expect(() => services.authorize('reporting.goals', supervisor)).not.toThrow();
    expect(() => services.authorize('reporting.goals', partner)).toThrow(/reporting\.goals/);
  });
});
