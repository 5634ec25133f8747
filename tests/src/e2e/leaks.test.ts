import { mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiClient } from '../support/api.js';
import { FrontOffice, makeFolder, removeFolder, waitFor } from '../support/front-office.js';

/** Polls the meters and forgets to stop: lines 17 and 18. */
const leaky = `import { createServer } from 'node:net';
import { defineComponent, defineContract } from '@caruso/service-manager/contract';
import { z } from 'zod';

const Meters = defineContract({
  id: 'meters',
  version: '1.0.0',
  methods: {
    poll: { summary: 'Looks once', input: z.object({}), output: z.object({ polls: z.number() }), allow: ['administrator'] },
  },
});

let polls = 0;

export default defineComponent({
  provides: Meters, version: '1.0.0', needs: {}, config: z.strictObject({}), async create() {
    setInterval(() => polls++, 1000);
    await new Promise<void>((listening) => createServer().listen({ port: 0 }, () => listening()));
    return { handlers: { poll: () => ({ polls }) } };
  },
});
`;

/** The gateway comes back where it was. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

interface Service {
  name: string;
  state: string;
  generation: number;
  leaks?: string[];
}

describe('what replaced components leave open', () => {
  let office: FrontOffice;
  let ada: ApiClient;

  beforeAll(async () => {
    const folder = makeFolder('utility', 'components:\n  meters: { use: ./services/meters.ts }\n');
    mkdirSync(path.join(folder, 'services'));
    writeFileSync(path.join(folder, 'services', 'meters.ts'), leaky);
    // Where components are made, those of packages are watched too.
    office = await FrontOffice.start(folder, { verb: 'dev', port: await freePort() });
    ada = await ApiClient.signedIn(office.url, 'ada', 'lumen-demo');
  });
  afterAll(async () => {
    await office?.stop();
    removeFolder(office.folder);
  });

  const services = async () => (await ada.call<{ services: Service[] }>('services.tree')).services;
  const service = async (name: string) => (await services()).find((each) => each.name === name);

  test('a wrapper that forgets is told by name and line', async () => {
    await ada.call('services.restart', { name: 'meters' });
    const leaks = await waitFor('the report', async () => (await service('meters'))?.leaks, 15_000);
    expect(leaks).toEqual([
      'generation 1: interval set at services/meters.ts:17',
      expect.stringMatching(/^generation 1: server on :::\d+ opened at services\/meters\.ts:18$/),
    ]);
    expect(office.output).toContain("'meters' generation 1 left open: interval set at services/meters.ts:17");
  });

  test('the components of the house leave nothing, though all of them worked and were replaced twice', async () => {
    const work = async () => {
      const anna = await ApiClient.signedIn(office.url, 'anna', 'lumen-demo');
      await anna.json('GET', '/api/objects/Customer?limit=20');
      await anna.call('billing.balance', { customerNo: 'C100001' });
      await anna.call('communication.desktop');
      await anna.call('communication.setPresence', { presence: 'ready' });
      const visitor = new ApiClient(office.url);
      await visitor.fetch('GET', '/api/me');
      const monitor = await ApiClient.signedIn(office.url, 'sam', 'lumen-demo');
      await monitor.call('reporting.monitor');
    };
    const names = (await services()).map(({ name }) => name).filter((name) => name !== 'meters');
    const before = new Map((await services()).map(({ name, generation }) => [name, generation]));
    await work();
    for (let round = 0; round < 2; round++) {
      for (const name of names) {
        // The gateway's connections end with it, and neither the manager nor the declarations are replaced.
        await ada.call('services.restart', { name }).catch(() => undefined);
        await waitFor('the gateway', () =>
          ada
            .call('services.tree')
            .then(() => true)
            .catch(() => undefined),
        );
      }
      await work();
    }
    const after = await services();
    const replaced = after.filter(({ name, generation }) => generation >= (before.get(name) ?? 0) + 2);
    expect(replaced.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'storage',
        'objects',
        'policies',
        'scripts',
        'communication',
        'chat',
        'mail',
        'voice',
        'reporting',
        'screens',
        'gateway',
        'billing',
        'erp',
        'price-lists',
      ]),
    );
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    const leaking = (await services()).filter(({ name, leaks }) => name !== 'meters' && leaks !== undefined);
    expect(leaking.map(({ name, leaks }) => ({ name, leaks }))).toEqual([]);
  });
});
