import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { z } from 'zod';
import type { Principal } from '../call.js';
import { CarusoError } from '../caruso-error.js';
import { defineComponent } from '../component-definition.js';
import { createLog } from '../log.js';
import { createServiceManager, type ServiceManager } from '../service-manager.js';
import type { ServiceNode } from '../services.js';
import { nodesComponent } from './index.js';
import { Ledger } from './ledger.test.support.js';
import { NatsServer, startNode, natsTest as test, until } from './nats.test.support.js';
import { PrincipalTokens } from './principal-token.js';

const secret = 'a secret of twenty-four c';
const running: { stop(): unknown }[] = [];

interface Made {
  node?: string;
  secret?: string;
  where?: string;
  ledger?: (kind: string, id: string, signal: AbortSignal) => Promise<{ node: string }>;
}

/** A node in this process, with a connection of its own. */
async function startManager(server: NatsServer, made: Made = {}): Promise<ServiceManager> {
  const manager = createServiceManager({ log: createLog({ level: 'silent' }) });
  const node = made.node ?? 'main';
  const where = made.where ?? `test ${node}`;
  const cluster = { servers: server.url, secret: made.secret ?? secret };
  manager.install('nodes', nodesComponent(manager.links), { node, house: 'test', where, cluster });
  const { ledger } = made;
  if (ledger !== undefined) {
    const component = defineComponent({
      provides: Ledger,
      version: '1.0.0',
      needs: {},
      config: z.strictObject({}),
      create: () => ({
        handlers: {
          book: ({ id }, { signal }) => ledger('book', id, signal),
          look: ({ id }, { signal }) => ledger('look', id, signal),
        },
      }),
    });
    manager.install(`ledger-${node}`, component);
  }
  running.push(manager);
  await manager.start();
  return manager;
}

function lineOf(manager: ServiceManager, name: string): ServiceNode | undefined {
  return manager.services.tree().find((line) => line.name === name);
}

const serves = (manager: ServiceManager, name: string): boolean => lineOf(manager, name)?.state === 'active';
const codeOf = (error: unknown): string => (error instanceof CarusoError ? error.code : String(error));

afterEach(async () => {
  for (const each of running.splice(0).reverse()) await each.stop();
});

describe('nodes over NATS', () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await NatsServer.start();
  });
  afterAll(() => server.stop());

  test('an orderly stop loses no call: those under way end, later ones go elsewhere', async () => {
    const main = await startManager(server);
    const work = async (node: string): Promise<{ node: string }> => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      return { node };
    };
    const first = await startManager(server, { node: 'a', ledger: () => work('a') });
    await startManager(server, { node: 'b', ledger: () => work('b') });
    await until('both to serve', () => serves(main, 'ledger-a') && serves(main, 'ledger-b'));
    const ledger = main.use(Ledger, '^1.0');
    const answered: string[] = [];
    const load = { over: false };
    const lanes = Array.from({ length: 16 }, async (_, lane) => {
      for (let n = 0; n < 400 && !load.over; n++) answered.push((await ledger.book({ id: `${lane}-${n}` })).node);
    });
    await until('calls to be answered', () => answered.length > 200);
    await first.stop();
    expect(lineOf(main, 'ledger-a')).toBeUndefined();
    const before = answered.length;
    await until('calls to go on', () => answered.length > before + 200);
    load.over = true;
    await Promise.all(lanes);
    expect(new Set(answered)).toEqual(new Set(['a', 'b']));
  });

  test('another secret admits nobody, and both sides say so', async () => {
    const main = await startManager(server);
    const stranger = await startManager(server, {
      node: 'stranger',
      secret: 'another secret altogether',
      ledger: async () => ({ node: 'stranger' }),
    });
    const trouble = (manager: ServiceManager): string =>
      String((lineOf(manager, 'nodes')?.details as { trouble?: unknown } | undefined)?.trouble ?? null);
    await until('both to know', () => trouble(main) !== 'null' && trouble(stranger) !== 'null');
    expect(trouble(main)).toBe(
      "Node 'stranger' (test stranger) is not trusted: it does not have the secret of this cluster",
    );
    expect(trouble(stranger)).toMatch(/^Node 'main' \(test main\) is not trusted/);
    expect(lineOf(main, 'ledger-stranger')).toBeUndefined();
  });

  test('of two nodes with one name the older keeps it, and the younger says so', async () => {
    const main = await startManager(server);
    await startManager(server, { node: 'a', ledger: async () => ({ node: 'older' }) });
    await until('the first to serve', () => serves(main, 'ledger-a'));
    const younger = await startManager(server, {
      node: 'a',
      where: 'elsewhere',
      ledger: async () => ({ node: 'younger' }),
    });
    const ledger = main.use(Ledger, '^1.0');
    for (let n = 0; n < 50; n++) expect(await ledger.look({ id: String(n) })).toEqual({ node: 'older' });
    await until('the younger to say so', () =>
      JSON.stringify(lineOf(younger, 'nodes')?.details).includes('runs already'),
    );
    const { nodes } = (await younger.services.call('nodes.list', {})) as { nodes: { node: string }[] };
    expect(nodes[0]).toMatchObject({ node: 'a', own: true });
  });
});

describe('the component itself', () => {
  test('is replaced while calls go on, and the nodes find each other again', async () => {
    const server = await NatsServer.start();
    running.push(server);
    const main = await startManager(server);
    await startManager(server, { node: 'a', ledger: async () => ({ node: 'a' }) });
    await until('the node to serve', () => serves(main, 'ledger-a'));
    await main.restart('nodes');
    const ledger = main.use(Ledger, '^1.0');
    await until('calls to go on', async () => (await ledger.look({ id: '1' }).catch(() => undefined)) !== undefined);
    await until('the other to know it again', () => lineOf(main, 'nodes')?.state === 'active');
  });
});

describe('the server of NATS', () => {
  test('lost, calls fail at once and both ends say so; back again, everything heals', async () => {
    const server = await NatsServer.start();
    running.push(server);
    const main = await startManager(server);
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const aborted: boolean[] = [];
    await startManager(server, {
      node: 'a',
      ledger: async (kind, _, signal) => {
        signal.addEventListener('abort', () => aborted.push(true));
        if (kind === 'book') await held;
        return { node: 'a' };
      },
    });
    await until('the node to serve', () => serves(main, 'ledger-a'));
    const ledger = main.use(Ledger, '^1.0');
    const underWay = ledger.book({ id: '1' }).catch(codeOf);
    await ledger.look({ id: '2' });
    await server.stop();
    expect(await underWay).toBe('NODE_LOST');
    await expect(ledger.book({ id: '3' })).rejects.toMatchObject({ code: 'NODE_UNREACHABLE' });
    await until('the provider to be given up', () => aborted.length > 0);
    release();
    await until('what the node offered to be gone', () => lineOf(main, 'ledger-a') === undefined);
    await server.resume();
    await until('the node to serve again', () => serves(main, 'ledger-a'));
    expect(await ledger.look({ id: '4' })).toEqual({ node: 'a' });
  });

  test('not there yet, a front office starts without, says so, and joins later', async () => {
    const server = await NatsServer.start();
    running.push(server);
    await server.stop();
    const main = await startManager(server, { ledger: async () => ({ node: 'main' }) });
    expect(await main.use(Ledger, '^1.0').look({ id: '1' })).toEqual({ node: 'main' });
    expect(lineOf(main, 'nodes')).toMatchObject({
      state: 'degraded',
      reason: expect.stringMatching(/^NATS \(nats:.*\) is not reached: /),
    });
    await server.resume();
    const other = await startManager(server, { node: 'b' });
    await until('the nodes to meet', () => serves(other, 'ledger-main'));
  });
});

describe('standard tools of NATS', () => {
  let server: NatsServer;
  let client: NatsConnection;
  const anna: Principal = { kind: 'user', id: 'anna', name: 'Anna', roles: ['agent'] };

  beforeAll(async () => {
    server = await NatsServer.start();
    client = await connect({ servers: server.url }).catch(() => undefined as never);
  });
  afterAll(async () => {
    await client?.close();
    await server.stop();
  });

  async function ask(subject: string): Promise<Record<string, unknown>[]> {
    const found: Record<string, unknown>[] = [];
    try {
      for await (const answer of await client.requestMany(subject, '', { maxWait: 300 })) found.push(answer.json());
    } catch {
      // Nobody listens there at all.
    }
    return found;
  }

  test('list the contracts of a node, with our figures', async () => {
    const main = await startManager(server, { ledger: async () => ({ node: 'main' }) });
    await until('the ledger to be listed', async () => (await ask('$SRV.PING.ledger')).length === 1);
    await main.use(Ledger, '^1.0').look({ id: '1' });
    const pings = await ask('$SRV.PING');
    expect(pings).toContainEqual(
      expect.objectContaining({ type: 'io.nats.micro.v1.ping_response', name: 'ledger', version: '1.0.0' }),
    );
    expect(await ask('$SRV.INFO.ledger')).toMatchObject([
      {
        metadata: { node: 'main', house: 'test', contract: 'ledger' },
        endpoints: [
          { name: 'book', subject: 'caruso.test.ledger.v1.book', queue_group: 'v1', metadata: { idempotent: 'false' } },
          { name: 'look', subject: 'caruso.test.ledger.v1.look', queue_group: 'v1', metadata: { idempotent: 'true' } },
        ],
      },
    ]);
    expect(await ask('$SRV.STATS.ledger')).toMatchObject([
      { endpoints: [{ data: [{ provider: 'ledger-main', state: 'active', calls: { total: 1 } }] }, {}] },
    ]);
    await main.uninstall('ledger-main');
    await until('the ledger to be listed no longer', async () => (await ask('$SRV.PING.ledger')).length === 0);
  });

  test('call as visitors, or as whom a token names', async () => {
    const extra = { node: 'main', inner: 'not of the contract' };
    await startManager(server, { ledger: async () => extra });
    await until('the ledger to be listed', async () => (await ask('$SRV.PING.ledger')).length === 1);
    const look = await client.request('caruso.test.ledger.v1.look', JSON.stringify({ id: '1' }));
    expect(look.json()).toEqual({ node: 'main' });
    const denied = await client.request('caruso.test.ledger.v1.book', JSON.stringify({ id: '1' }));
    expect(denied.headers?.get('Nats-Service-Error-Code')).toBe('403');
    expect(denied.headers?.get('Nats-Service-Error')).toMatch(/^a program on NATS may not call ledger\.book/);
    expect(denied.json()).toMatchObject({ code: 'ACCESS_DENIED', remedy: expect.any(String) });

    const signed = headers();
    signed.set('Caruso-Principal', new PrincipalTokens('test', secret).issue(anna, Date.now()).token);
    const booked = await client.request('caruso.test.ledger.v1.book', JSON.stringify({ id: '1' }), {
      headers: signed,
      timeout: 5_000,
    });
    expect(booked.json()).toEqual({ node: 'main' });

    const forged = headers();
    forged.set(
      'Caruso-Principal',
      new PrincipalTokens('test', 'another secret altogether').issue(anna, Date.now()).token,
    );
    const refused = await client.request('caruso.test.ledger.v1.book', '{}', { headers: forged, timeout: 5_000 });
    expect(refused.json()).toMatchObject({ code: 'NODE_NOT_TRUSTED' });
    const invalid = await client.request('caruso.test.ledger.v1.look', JSON.stringify({ id: 1 }));
    expect(invalid.json()).toMatchObject({ code: 'INPUT_INVALID', status: 400 });
    const broken = await client.request('caruso.test.ledger.v1.look', '{');
    expect(broken.json()).toMatchObject({ code: 'CALL_MALFORMED' });
  });
});

describe('a node killed under load', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'caruso-nodes-'));
  const children: ChildProcess[] = [];
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  test('is noticed; idempotent calls fail over, of the others none runs twice', async () => {
    const server = await NatsServer.start();
    running.push(server);
    const main = await startManager(server);
    const files = ['a', 'b'].map((node) => path.join(folder, node));
    for (const [index, node] of ['a', 'b'].entries()) {
      children.push(await startNode([server.url, node, files[index] ?? '']));
    }
    await until('both to serve', () => serves(main, 'ledger-a') && serves(main, 'ledger-b'));
    const ledger = main.use(Ledger, '^1.0');
    const outcomes = { book: new Map<string, string>(), look: new Map<string, string>() };
    const load = { over: false };
    const lane = async (kind: 'book' | 'look', number: number): Promise<void> => {
      for (let n = 0; !load.over; n++) {
        const id = `${kind}-${number}-${n}`;
        const call = kind === 'book' ? ledger.book({ id }) : ledger.look({ id });
        outcomes[kind].set(id, await call.then((answer) => answer.node, codeOf));
      }
    };
    const lanes = Array.from({ length: 32 }, (_, n) => lane(n % 2 === 0 ? 'book' : 'look', n));
    await until('calls to be answered', () => outcomes.book.size > 200);
    // Whichever is chosen while both are there.
    const chosen = [...outcomes.book.values()][0] === 'a' ? 0 : 1;
    children[chosen]?.kill('SIGKILL');
    const killed = { book: outcomes.book.size, look: outcomes.look.size };
    const survivor = chosen === 0 ? 'b' : 'a';
    await until('the other to answer', () => [...outcomes.book.values()].slice(killed.book).includes(survivor));
    await until('the dead one to be gone', () => lineOf(main, `ledger-${chosen === 0 ? 'a' : 'b'}`) === undefined);
    await until('calls to go on', () => outcomes.look.size > killed.look + 200);
    load.over = true;
    await Promise.all(lanes);

    // Idempotent calls were all answered; of the others only those under way at the end of the node are uncertain.
    expect([...outcomes.look.values()].filter((each) => each !== 'a' && each !== 'b')).toEqual([]);
    const uncertain = [...outcomes.book].filter(([, each]) => each !== 'a' && each !== 'b');
    expect(new Set(uncertain.map(([, code]) => code))).toEqual(new Set(['NODE_LOST']));
    expect(uncertain.length).toBeLessThanOrEqual(16);

    const executions = files.flatMap((file) => readFileSync(file, 'utf8').trim().split('\n'));
    const booked = executions.filter((each) => each.startsWith('book ')).map((each) => each.slice(5));
    expect(new Set(booked).size).toBe(booked.length);
    const sure = [...outcomes.book].filter(([, each]) => each === 'a' || each === 'b').map(([id]) => id);
    expect(sure.filter((id) => !booked.includes(id))).toEqual([]);
  });

  test('comes back under its name as soon as it is started again', async () => {
    const server = await NatsServer.start();
    running.push(server);
    const main = await startManager(server);
    const file = path.join(folder, 'again');
    const first = await startNode([server.url, 'again', file]);
    children.push(first);
    await until('the node to serve', () => serves(main, 'ledger-again'));
    const gone = once(first, 'exit');
    first.kill('SIGKILL');
    await gone;
    children.push(await startNode([server.url, 'again', file]));
    const ledger = main.use(Ledger, '^1.0');
    await until(
      'its successor to answer',
      async () => (await ledger.look({ id: '1' }).catch(() => undefined)) !== undefined,
    );
  });
});
