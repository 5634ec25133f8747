import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { actingAs, type Principal } from './call.js';
import { CarusoError } from './caruso-error.js';
import { type AnyComponent, defineComponent, type Log, need } from './component-definition.js';
import { defineContract } from './contract-definition.js';
import type { Outcome, OutgoingCall } from './links.js';
import { createServiceManager, type ServiceManager } from './service-manager.js';
import { VirtualClock } from './virtual-clock.js';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
const ada: Principal = { kind: 'user', id: 'u1', name: 'Ada', roles: ['agent'] };
const erpOf = (version: string) =>
  defineContract({
    id: 'erp',
    version,
    methods: {
      stock: { summary: 'Stock', input: z.object({ no: z.coerce.number() }), output: z.string(), idempotent: true },
      order: { summary: 'Orders', input: z.object({}), output: z.string() },
    },
  });
const Desk = defineContract({
  id: 'desk',
  version: '1.0.0',
  methods: { show: { summary: 'Shows', input: z.object({}), output: z.string() } },
});

function erp(where: string, version = '1.0.0', told: string[] = []): AnyComponent {
  return defineComponent({
    provides: erpOf(version),
    version,
    needs: {},
    config: z.strictObject({}),
    create: () => ({
      handlers: {
        stock: ({ no }, { principal }) => `${no} in ${where} for ${principal.name}`,
        order: () => {
          told.push(where);
          return where;
        },
      },
    }),
  });
}

const desk = defineComponent({
  provides: Desk,
  version: '1.0.0',
  needs: { erp: need(erpOf('1.0.0'), '^1.0') },
  config: z.strictObject({}),
  create: ({ needs }) => ({ handlers: { show: () => needs.erp.order({}) } }),
});

function node(clock = new VirtualClock()): ServiceManager {
  return createServiceManager({ clock, log: quiet });
}

/** Tells `here` of all that `there` offers, as a transport does; gives the way to break the line. */
function connect(
  here: ServiceManager,
  there: ServiceManager,
  name: string,
): { line: { down: boolean }; tell: () => void } {
  const line = { down: false };
  const send = (request: OutgoingCall, outcome: Outcome): void => {
    if (line.down) {
      throw new CarusoError({
        code: 'NODE_UNREACHABLE',
        message: `${name} is away`,
        status: 503,
        details: { delivered: false },
      });
    }
    const { provider, contract, method, call, ancestors } = request;
    const input: unknown = JSON.parse(JSON.stringify(request.input));
    const { id, principal } = call;
    there.links
      .answer({ provider, contract, method, input, id, principal, ancestors })
      .then(outcome.answered, outcome.failed);
  };
  const tell = (): void =>
    here.links.join(
      name,
      there.links.offered().map((offered) => ({ ...offered, send })),
    );
  there.links.onChange(tell);
  tell();
  return { line, tell };
}

describe('a provider on another node', () => {
  it('meets a need, answers as one here does, and is shown with its node', async () => {
    const [here, there] = [node(), node()];
    there.install('erp', erp('the other'));
    here.install('desk', desk);
    await Promise.all([here.start(), there.start()]);
    expect(here.services.tree().find(({ name }) => name === 'desk')?.state).toBe('unsatisfied');
    connect(here, there, 'north');
    await here.settled();
    expect(await here.use(Desk, '^1.0').show({})).toBe('the other');
    expect(await actingAs(ada, () => here.use(erpOf('1.0.0'), '^1.0').stock({ no: '3' }))).toBe(
      '3 in the other for Ada',
    );
    expect(here.services.tree().find(({ name }) => name === 'erp')).toMatchObject({ node: 'north', state: 'active' });
    expect(here.printTree()).toContain('erp on north  1.0.0  active');
    here.links.leave('north');
    await here.settled();
    expect(here.services.tree().find(({ name }) => name === 'desk')).toMatchObject({
      state: 'unsatisfied',
      reason: "'desk' needs erp ^1.0, which nobody provides",
    });
  });

  it('is chosen only where none here is well, and equally good ones take turns', async () => {
    const told: string[] = [];
    const [here, north, south] = [node(), node(), node()];
    north.install('erp', erp('north', '1.0.0', told));
    south.install('erp', erp('south', '1.0.0', told));
    await Promise.all([here.start(), north.start(), south.start()]);
    connect(here, north, 'north');
    connect(here, south, 'south');
    const client = here.use(erpOf('1.0.0'), '^1.0');
    for (let i = 0; i < 4; i++) await client.order({});
    expect(told.toSorted()).toEqual(['north', 'north', 'south', 'south']);
    here.install('erp', erp('here', '1.0.0', told));
    await here.settled();
    told.length = 0;
    for (let i = 0; i < 4; i++) await client.order({});
    expect(told).toEqual(['here', 'here', 'here', 'here']);
  });

  it('of a version out of range is not chosen', async () => {
    const [here, north, south] = [node(), node(), node()];
    north.install('erp', erp('old', '1.0.0'));
    south.install('erp', erp('new', '1.4.0'));
    await Promise.all([here.start(), north.start(), south.start()]);
    connect(here, north, 'north');
    connect(here, south, 'south');
    for (let i = 0; i < 3; i++) expect(await here.use(erpOf('1.4.0'), '^1.2').order({})).toBe('new');
    // Without a bound the newer one is the better one.
    for (let i = 0; i < 3; i++) expect(await here.use(erpOf('1.0.0'), '^1.0').order({})).toBe('new');
  });

  it('that cannot be reached has its calls answered by another, whatever the method', async () => {
    const told: string[] = [];
    const [here, north, south] = [node(), node(), node()];
    north.install('erp', erp('north', '1.0.0', told));
    south.install('erp', erp('south', '1.0.0', told));
    await Promise.all([here.start(), north.start(), south.start()]);
    const { line } = connect(here, north, 'north');
    connect(here, south, 'south');
    line.down = true;
    for (let i = 0; i < 12; i++) expect(await here.use(erpOf('1.0.0'), '^1.0').order({})).toBe('south');
    expect(told).toHaveLength(12);
    // After so many it is not even asked any more.
    const tree = here.services.tree().filter(({ name }) => name === 'erp');
    expect(tree.map(({ node: where, state }) => [where, state])).toEqual([
      ['north', 'degraded'],
      ['south', 'active'],
    ]);
  });

  it('refuses input before anything is sent, and is not asked what it does not offer', async () => {
    const [here, there] = [node(), node()];
    there.install('erp', erp('the other'));
    await Promise.all([here.start(), there.start()]);
    const { line } = connect(here, there, 'north');
    line.down = true;
    await expect(here.use(erpOf('1.0.0'), '^1.0').stock({ no: 'many' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    const unknown = { contract: 'fax', method: 'send', input: {}, id: '1', principal: ada };
    await expect(there.links.answer(unknown)).rejects.toMatchObject({ code: 'METHOD_UNKNOWN' });
  });

  it('is told of replacements there at once', async () => {
    const [here, there] = [node(), node()];
    there.install('erp', erp('one'));
    await Promise.all([here.start(), there.start()]);
    connect(here, there, 'north');
    const client = here.use(erpOf('1.0.0'), '^1.0');
    expect(await client.order({})).toBe('one');
    await there.replace('erp', erp('two', '1.1.0'));
    expect(await client.order({})).toBe('two');
    expect(here.services.tree().find(({ name }) => name === 'erp')).toMatchObject({ version: '1.1.0', generation: 2 });
  });
});

describe('a component that runs elsewhere', () => {
  it('is known, can be called by name, and is not started', async () => {
    const [here, there] = [node(), node()];
    here.install('erp', erp('never'), {}, { elsewhere: true });
    there.install('erp', erp('the other'));
    await Promise.all([here.start(), there.start()]);
    expect(here.services.tree()[1]).toMatchObject({ state: 'stopped', reason: 'left to other nodes' });
    await expect(here.services.call('erp.order', {})).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    connect(here, there, 'north');
    expect(await here.services.call('erp.order', {})).toBe('the other');
    await here.stop();
    await here.start();
    expect(here.services.tree()[1]?.state).toBe('stopped');
  });
});
