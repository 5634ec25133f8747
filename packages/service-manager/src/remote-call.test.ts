import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { actingAs, type Call, currentCall, type Principal, withinCall } from './call.js';
import { defineComponent, type Log, need } from './component-definition.js';
import { defineContract, defineLocalContract } from './contract-definition.js';
import { createServiceManager, type ServiceManager } from './service-manager.js';
import { VirtualClock } from './virtual-clock.js';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
const ada: Principal = { kind: 'user', id: 'u1', name: 'Ada', roles: ['agent'] };

const Meter = defineContract({
  id: 'meter',
  version: '1.0.0',
  methods: {
    enter: {
      summary: 'Enters a reading',
      input: z.object({ meterNo: z.string(), lines: z.array(z.object({ value: z.coerce.number() })) }),
      output: z.object({ sum: z.number() }),
      allow: ['agent', 'public'],
    },
    list: {
      summary: 'Readings, as many as wanted',
      input: z.object({ count: z.number().int() }),
      output: z.object({ readings: z.array(z.number()) }),
      check: 'input',
    },
    who: { summary: 'The call', input: z.object({}), output: z.custom<Call>(), allow: ['agent'] },
    slow: { summary: 'Takes a second', input: z.object({}), output: z.string() },
  },
});
const Relay = defineContract({
  id: 'relay',
  version: '1.0.0',
  methods: { who: { summary: 'Asks on', input: z.object({}), output: z.custom<[Call, Call]>() } },
});

async function serving(): Promise<{ manager: ServiceManager; clock: VirtualClock }> {
  const clock = new VirtualClock(1_000);
  let id = 0;
  const manager = createServiceManager({ clock, ids: { next: () => `call-${++id}` }, log: quiet });
  manager.install(
    'meter',
    defineComponent({
      provides: Meter,
      version: '1.0.0',
      needs: {},
      config: z.strictObject({}),
      create: () => ({
        handlers: {
          enter: ({ meterNo, lines }) => ({
            sum: meterNo === 'broken' ? ('many' as never) : lines.reduce((sum, line) => sum + line.value, 0),
          }),
          list: ({ count }) => ({ readings: count < 0 ? ('none' as never) : Array.from({ length: count }, () => 1) }),
          who: (_, call) => {
            expect(currentCall()).toBe(call);
            return call;
          },
          slow: () => new Promise<string>((resolve) => clock.after(1_000, () => resolve('done'))),
        },
      }),
    }),
  );
  manager.install(
    'relay',
    defineComponent({
      provides: Relay,
      version: '1.0.0',
      needs: { meter: need(Meter, '^1.0') },
      config: z.strictObject({}),
      create: ({ needs }) => ({ handlers: { who: async (_, call) => [call, await needs.meter.who({})] } }),
    }),
  );
  await manager.start();
  return { manager, clock };
}

describe('a call of a remote contract', () => {
  it('parses the input before the provider sees it', async () => {
    const { manager } = await serving();
    const meter = manager.use(Meter, '^1.0');
    expect(await meter.enter({ meterNo: 'M1', lines: [{ value: '3' }, { value: 4 }] })).toEqual({ sum: 7 });
  });

  it('refuses invalid input, naming method and path', async () => {
    const { manager } = await serving();
    const call = manager.services.call('meter.enter', { meterNo: 'M1', lines: [{ value: 1 }, { value: 'x' }] });
    await expect(call).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      status: 400,
      message: expect.stringMatching(/meter\.enter.*lines\.1\.value/),
      details: { method: 'meter.enter', issues: [{ path: 'lines.1.value' }] },
    });
  });

  it('refuses an answer that the contract does not allow, naming the provider', async () => {
    const { manager } = await serving();
    await expect(manager.use(Meter, '^1.0').enter({ meterNo: 'broken', lines: [] })).rejects.toMatchObject({
      code: 'OUTPUT_INVALID',
      message: expect.stringMatching(/'meter' answered meter\.enter.*sum/),
    });
  });

  it('parses the input alone where the method says so', async () => {
    const { manager } = await serving();
    const { list } = manager.use(Meter, '^1.0');
    expect(await list({ count: 2 })).toEqual({ readings: [1, 1] });
    expect(await list({ count: -1 })).toEqual({ readings: 'none' });
    await expect(list({ count: 1.5 })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('keeps the principal through further calls, each with an id of its own', async () => {
    const { manager } = await serving();
    const [outer, inner] = await actingAs(ada, () => manager.use(Relay, '^1.0').who({}));
    expect(outer.principal).toBe(ada);
    expect(inner.principal).toBe(ada);
    expect(new Set([outer.id, inner.id, 'system']).size).toBe(3);
  });

  it('hands on the nearer of two deadlines', async () => {
    const { manager } = await serving();
    const relay = manager.use(Relay, '^1.0');
    const within = (deadline: number) =>
      withinCall({ id: 'x', principal: ada, deadline }, () => relay.who({}, { timeout: 500 }));
    expect((await within(1_200)).map((call) => call.deadline)).toEqual([1_200, 1_200]);
    expect((await within(9_000)).map((call) => call.deadline)).toEqual([1_500, 1_500]);
  });

  it('gives up at the deadline, and at once when it has passed', async () => {
    const { manager, clock } = await serving();
    const meter = manager.use(Meter, '^1.0');
    const late = meter.slow({}, { timeout: 100 }).catch((error: unknown) => error);
    await clock.advance(100);
    expect(await late).toMatchObject({ code: 'CALL_TIMED_OUT', status: 504 });
    const past = withinCall({ id: 'x', principal: ada, deadline: 900 }, () => meter.who({}));
    await expect(past).rejects.toMatchObject({ code: 'CALL_TIMED_OUT' });
  });

  it('needs one timer for the deadlines of all calls, and none once stopped', async () => {
    const { manager, clock } = await serving();
    const pending = clock.pending;
    const meter = manager.use(Meter, '^1.0');
    await Promise.all(Array.from({ length: 100 }, (_, i) => meter.who({}, { timeout: 1_000 - i })));
    expect(clock.pending).toBe(pending + 1);
    await manager.stop();
    expect(clock.pending).toBe(0);
  });

  it('is cancelled by its signal', async () => {
    const { manager } = await serving();
    const gone = new AbortController();
    const call = manager
      .use(Meter, '^1.0')
      .slow({}, { signal: gone.signal })
      .catch((error: unknown) => error);
    gone.abort('closed the window');
    expect(await call).toMatchObject({ code: 'CALL_CANCELLED', cause: 'closed the window' });
  });

  it('makes components as the system, whoever asked for them', async () => {
    const { manager } = await serving();
    let creator: Principal | undefined;
    const nosy = defineComponent({
      provides: {},
      version: '1.0.0',
      needs: {},
      config: z.strictObject({}),
      create: () => {
        creator = currentCall().principal;
        return { handlers: {} };
      },
    });
    await actingAs(ada, async () => {
      manager.install('nosy', nosy);
      await manager.settled();
    });
    expect(creator?.kind).toBe('system');
  });
});

describe('a call by name', () => {
  it.each([
    ['meter.entr', "No service has a method 'meter.entr'; did you mean 'meter.enter'?"],
    ['metre.enter', "No service has a method 'metre.enter'; did you mean 'meter.enter'?"],
    ['fax', "No service has a method 'fax'"],
    ['meter.constructor', "No service has a method 'meter.constructor'"],
  ])('of an unknown method suggests the nearest (%s)', async (method, message) => {
    const { manager } = await serving();
    const failure = await manager.services.call(method, {}).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'METHOD_UNKNOWN', message, status: 404 });
  });

  it('goes to the named provider', async () => {
    const { manager } = await serving();
    expect(await manager.services.call('relay.who', {}, { provider: 'relay' })).toHaveLength(2);
    await expect(manager.services.call('relay.who', {}, { provider: 'other' })).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: expect.stringContaining("of 'other', which is not installed"),
    });
  });

  it('is authorised by role, public, or being the system', async () => {
    const { manager } = await serving();
    const { authorize } = manager.services;
    const visitor: Principal = { kind: 'visitor', id: 'v', name: 'a visitor', roles: [] };
    const system: Principal = { kind: 'system', id: 's', name: 'Caruso', roles: [] };
    authorize('meter.who', ada);
    authorize('meter.enter', visitor);
    authorize('meter.slow', system);
    expect(() => authorize('meter.who', visitor)).toThrow(
      expect.objectContaining({
        code: 'ACCESS_DENIED',
        status: 403,
        message: 'a visitor may not call meter.who, which asks for one of: agent',
      }),
    );
    expect(() => authorize('meter.slow', ada)).toThrow('is for components only');
    expect(() => authorize('meter.whom', system)).toThrow("did you mean 'meter.who'?");
  });

  it('can be listed with schema and rights', async () => {
    const { manager } = await serving();
    const listed = manager.services.methods().map((m) => [`${m.contract}.${m.method}`, m.allow, m.idempotent]);
    expect(listed).toContainEqual(['services.tree', ['administrator'], true]);
    expect(listed).toContainEqual(['services.remove', ['administrator'], false]);
    expect(listed.filter(([method]) => !String(method).startsWith('services.'))).toEqual([
      ['meter.enter', ['agent', 'public'], false],
      ['meter.list', [], false],
      ['meter.who', ['agent'], false],
      ['meter.slow', [], false],
      ['relay.who', [], false],
    ]);
  });
});

describe('a call of a local contract', () => {
  interface Api {
    now(): number;
    twice(run: () => string): string;
    later(): Promise<Principal>;
    query(): { then: () => void };
    fail(): void;
  }
  const Local = defineLocalContract<Api>()({
    id: 'local',
    version: '1.0.0',
    methods: ['now', 'twice', 'later', 'query', 'fail'],
  });
  const failure = new Error('broken');

  async function local() {
    const manager = createServiceManager({ clock: new VirtualClock(), log: quiet });
    class Handlers implements Api {
      #count = 0;
      now = () => ++this.#count;
      twice(run: () => string): string {
        this.#count++;
        return run() + run();
      }
      async later(): Promise<Principal> {
        return currentCall().principal;
      }
      // oxlint-disable-next-line unicorn/no-thenable -- query builders are thenables; that is what is tested
      query = () => ({ then: () => expect.unreachable('nobody awaited it') });
      fail(): void {
        throw failure;
      }
    }
    const component = defineComponent({
      provides: Local,
      version: '1.0.0',
      needs: {},
      config: z.strictObject({}),
      create: () => ({ handlers: new Handlers() }),
    });
    manager.install('local', component);
    await manager.start();
    return { manager, client: manager.use(Local, '^1.0') };
  }

  it('passes straight through: functions in, synchronous results and errors out', async () => {
    const { client } = await local();
    expect(client.now()).toBe(1);
    expect(client.twice(() => 'ab')).toBe('abab');
    expect(client.now()).toBe(3);
    expect(() => client.fail()).toThrow(failure);
    expect(await actingAs(ada, () => client.later())).toBe(ada);
  });

  it('does not touch a thenable that is no promise', async () => {
    const { client, manager } = await local();
    expect(client.query()).toHaveProperty('then');
    expect(manager.inspect().services[1]?.calls).toMatchObject({ total: 1, inFlight: 0 });
  });

  it('cannot be made by name', async () => {
    const { manager } = await local();
    await expect(manager.services.call('local.now', {})).rejects.toMatchObject({ code: 'METHOD_UNKNOWN' });
  });

  it('has a client that is a plain object without `then`, so that it can be returned from async functions', async () => {
    const { client } = await local();
    expect(Object.keys(client)).toEqual(['now', 'twice', 'later', 'query', 'fail']);
    expect(await (async () => client)()).toBe(client);
  });
});
