import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServiceManager, type ServiceManager } from '@caruso/service-manager';
import { CarusoError, defineComponent, defineContract, type Log } from '@caruso/service-manager/contract';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Telemetry } from './contract.js';
import telemetry from './index.js';
import { readExposition } from './testing/exposition.js';

const Erp = defineContract({
  id: 'erp',
  version: '1.0.0',
  methods: {
    stock: { summary: 'Pieces in store', input: z.object({}), output: z.object({ pieces: z.number() }) },
    order: { summary: 'Fails', input: z.object({}), output: z.object({}) },
  },
});
const erp = (version: string) =>
  defineComponent({
    provides: Erp,
    version,
    needs: {},
    config: z.object({}),
    create: () => ({
      handlers: {
        stock: () => ({ pieces: 3 }),
        order: () => {
          throw new CarusoError({ code: 'ERP_FULL', message: 'The ERP takes no orders' });
        },
      },
    }),
  });

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
let manager: ServiceManager;
afterEach(() => manager.stop());

async function started(config: unknown): Promise<ServiceManager> {
  manager = createServiceManager({ log: quiet });
  manager.install('telemetry', telemetry, config);
  manager.install('legacy "ERP"', erp('1.0.0'));
  await manager.start();
  return manager;
}

const describeIt = () => manager.use(Telemetry, '^1.0').describe({});

/** Reads the metrics as Prometheus does; gives the value of the one series with these labels. */
async function scrape(url: string) {
  const answer = await fetch(url);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const families = readExposition(await answer.text());
  const all = [...families.values()].flatMap(({ samples }) => samples);
  const find = (name: string, labels: Record<string, string>) =>
    all.filter(
      (each) => each.name === name && Object.entries(labels).every(([key, value]) => each.labels[key] === value),
    );
  return {
    of: (name: string, labels: Record<string, string> = {}) => {
      const found = find(name, labels);
      expect({ name, labels, found: found.length }).toEqual({ name, labels, found: 1 });
      return found[0]?.value;
    },
    services: () => new Set(find('caruso_service_state', {}).map(({ labels }) => labels['service'])),
  };
}

describe('metrics', () => {
  test('tell of every call, by contract, method and provider', async () => {
    await started({ metrics: { port: 0 } });
    const client = manager.use(Erp, '^1.0');
    for (let i = 0; i < 3; i++) await client.stock({});
    await expect(client.order({})).rejects.toThrow('takes no orders');
    const { metrics } = await describeIt();
    expect(metrics?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    const { of } = await scrape(metrics?.url ?? '');
    const stock = { contract: 'erp', method: 'stock', provider: 'legacy "ERP"' };
    const order = { contract: 'erp', method: 'order', provider: 'legacy "ERP"' };
    expect(of('caruso_calls_total', stock)).toBe(3);
    expect(of('caruso_calls_total', order)).toBe(1);
    expect(of('caruso_calls_failed_total', stock)).toBe(0);
    expect(of('caruso_calls_failed_total', order)).toBe(1);
    expect(of('caruso_calls_in_flight', stock)).toBe(0);
    expect(of('caruso_call_duration_seconds_count', stock)).toBe(3);
    expect(of('caruso_call_duration_seconds_bucket', { ...stock, le: '+Inf' })).toBe(3);
  });

  test('tell of services and of the process', async () => {
    await started({ metrics: { port: 0 } });
    await manager.replace('legacy "ERP"', erp('1.0.1'));
    const { metrics } = await describeIt();
    const { of } = await scrape(metrics?.url ?? '');
    const service = 'legacy "ERP"';
    expect(of('caruso_service_state', { service, state: 'active' })).toBe(1);
    expect(of('caruso_service_state', { service, state: 'failed' })).toBe(0);
    expect(of('caruso_service_circuit', { service, state: 'closed' })).toBe(1);
    expect(of('caruso_service_generation', { service })).toBe(2);
    expect(of('caruso_replacements_total', { service, outcome: 'replaced' })).toBe(1);
    for (const name of ['process_resident_memory_bytes', 'nodejs_heap_size_used_bytes', 'process_cpu_seconds_total']) {
      expect(of(name)).toBeGreaterThan(0);
    }
    expect(of('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
    await manager.uninstall(service);
    expect((await scrape(metrics?.url ?? '')).services()).toEqual(new Set(['services', 'telemetry']));
  });

  test('are read only, and nothing else is served', async () => {
    await started({ metrics: { port: 0 } });
    const url = (await describeIt()).metrics?.url ?? '';
    expect((await fetch(url, { method: 'POST', body: 'x' })).status).toBe(405);
    expect((await fetch(new URL('/', url))).status).toBe(404);
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test('stay on their port when the component is replaced, and give it back when it stops', async () => {
    await started({ metrics: { port: 0 } });
    const url = (await describeIt()).metrics?.url ?? '';
    await manager.replace('telemetry', telemetry, { metrics: { port: Number(new URL(url).port) } });
    expect((await describeIt()).metrics?.url).toBe(url);
    await manager.use(Erp, '^1.0').stock({});
    expect((await scrape(url)).of('caruso_calls_total', { contract: 'erp', method: 'stock' })).toBe(1);
    await manager.uninstall('telemetry');
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  test('say which port another program has', async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const { port } = other.address() as AddressInfo;
    await started({ metrics: { port } });
    const node = manager.inspect().services.find(({ name }) => name === 'telemetry');
    expect(node).toMatchObject({ state: 'failed' });
    expect(node?.reason).toContain(`127.0.0.1:${port}`);
    await new Promise((done) => other.close(done));
  });

  test('can be left out', async () => {
    await started({ metrics: false });
    expect(await describeIt()).toEqual({ metrics: null, traces: null });
  });
});

describe('traces', () => {
  test('a collector that does not answer is told, and what was meant for it is counted as lost', async () => {
    const gone = createServer();
    await new Promise<void>((done) => gone.listen(0, '127.0.0.1', done));
    const { port } = gone.address() as AddressInfo;
    await new Promise((done) => gone.close(done));
    await started({ metrics: false, traces: { url: `http://127.0.0.1:${port}` } });
    await manager.use(Erp, '^1.0').stock({});
    await manager.use(Telemetry, '^1.0').flush({});
    const { traces } = await describeIt();
    expect(traces).toMatchObject({ url: `http://127.0.0.1:${port}/v1/traces`, sent: 0 });
    expect(traces?.lost).toBeGreaterThan(0);
    expect(traces?.trouble).toContain('ECONNREFUSED');
  });

  test('a collector that refuses is told', async () => {
    const refusing = createServer((_request, response) => response.writeHead(401, 'Who are you').end());
    await new Promise<void>((done) => refusing.listen(0, '127.0.0.1', done));
    const { port } = refusing.address() as AddressInfo;
    await started({ metrics: false, traces: { url: `http://127.0.0.1:${port}/v1/traces/` } });
    await manager.use(Erp, '^1.0').stock({});
    await manager.use(Telemetry, '^1.0').flush({});
    expect((await describeIt()).traces).toMatchObject({
      url: `http://127.0.0.1:${port}/v1/traces`,
      trouble: 'Who are you',
    });
    await new Promise((done) => refusing.close(done));
  });

  test('an address that is empty means none: a variable that is not set', async () => {
    await started({ metrics: false, traces: { url: '' } });
    expect((await describeIt()).traces).toBeNull();
  });

  test('an address that is none is refused, with an example', () => {
    manager = createServiceManager({ log: quiet });
    expect(() => manager.install('telemetry', telemetry, { traces: { url: 'collector:4318' } })).toThrow(
      'http://127.0.0.1:4318',
    );
  });
});
