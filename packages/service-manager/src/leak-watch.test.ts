import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from './clock.js';
import type { Log } from './component-definition.js';
import { loadComponent } from './component-file.js';
import { GRACE } from './leak-hook.js';
import { createServiceManager, type ServiceManager } from './service-manager.js';

/** A wrapper whose handler, `create` and `started` do as told. */
const wrapper = (parts: { top?: string; create?: string; started?: string; handler?: string; dispose?: string }) => `
import { defineComponent, defineContract } from '@caruso/service-manager/contract';
import { z } from 'zod';
${parts.top ?? ''}
const Probe = defineContract({ id: 'probe', version: '1.0.0', methods: {
  touch: { summary: 'Does as told', input: z.object({}), output: z.object({}) } } });
export default defineComponent({
  provides: Probe, version: '1.0.0', needs: {}, config: z.object({}),
  async create({ services, clock, effect }) {
    ${parts.create ?? ''}
    return {
      handlers: { touch: async () => {
        ${parts.handler ?? ''}
        return {};
      } },
      async started() {
        ${parts.started ?? ''}
      },
    };
  },
});
`;

/** What one generation left open. (The test runner moves lines; what is made of those of a bundle is tested with placeOf.) */
interface Case {
  parts: Parameters<typeof wrapper>[0];
  leaks: (string | RegExp)[];
}

const cases: Record<string, Case> = {
  'an interval': {
    parts: { create: 'setInterval(() => {}, 1000).unref();' },
    leaks: [/^interval set at services\/\w+\.ts:\d+$/],
  },
  'a long timeout': {
    parts: { create: 'setTimeout(() => {}, 600_000);' },
    leaks: [/^timeout set at services\/\w+\.ts:\d+$/],
  },
  'a timeout that sets the next one': {
    parts: { create: 'const again = () => setTimeout(again, 20);\n    again();' },
    leaks: [/^timeout set at services\/\w+\.ts:\d+$/],
  },
  'an interval of the clock': {
    parts: { create: 'clock.every(1000, () => {});' },
    leaks: [/^interval set at services\/\w+\.ts:\d+$/],
  },
  'an interval of each call': {
    parts: { handler: 'setInterval(() => {}, 1000);' },
    leaks: [/^3 times interval set at services\/\w+\.ts:\d+$/],
  },
  'an interval set after waiting': {
    parts: { started: 'await new Promise((resolve) => setTimeout(resolve, 5));\n        setInterval(() => {}, 1000);' },
    leaks: [/^interval set at services\/\w+\.ts:\d+$/],
  },
  'a server': {
    parts: {
      top: "import { createServer } from 'node:http';",
      started: "await new Promise((done) => createServer().listen(0, '127.0.0.1', done));",
    },
    leaks: [/^server on 127\.0\.0\.1:\d+ opened/],
  },
  'a connection': {
    parts: {
      top: "import { connect } from 'node:net';",
      create:
        'const socket = connect(PORT, "127.0.0.1");\n    await new Promise((done) => socket.once("connect", done));',
    },
    leaks: [/^connection to 127\.0\.0\.1:\d+ opened at services\/\w+\.ts:\d+$/],
  },
  'a UDP socket': {
    parts: {
      top: "import { createSocket } from 'node:dgram';",
      create:
        "const socket = createSocket('udp4');\n    await new Promise((done) => socket.bind(0, '127.0.0.1', done));",
    },
    leaks: [/^UDP socket on 127\.0\.0\.1:\d+ opened at services\/\w+\.ts:\d+$/],
  },
  'a watch on files': {
    parts: { top: "import { watch } from 'node:fs';", create: 'watch(FOLDER, () => {});' },
    leaks: [/^watch on files opened at services\/\w+\.ts:\d+$/],
  },
  'a child process': {
    parts: {
      top: "import { spawn } from 'node:child_process';",
      create: "globalThis.leaked = spawn('sleep', ['60']);",
    },
    leaks: [/^child process opened at services\/\w+\.ts:\d+$/],
  },
  'a worker thread': {
    parts: {
      top: "import { Worker } from 'node:worker_threads';",
      create: "globalThis.worker = new Worker('setInterval(() => {}, 1000)', { eval: true });",
    },
    leaks: [/^worker thread opened at services\/\w+\.ts:\d+$/],
  },
  'a listener on the process': {
    parts: { create: "process.on('SIGUSR2', () => {});" },
    leaks: [/^listener 'SIGUSR2' on process, added at services\/\w+\.ts:\d+$/],
  },
  'a listener to the service tree': {
    parts: { create: 'services.onChange(() => {});' },
    leaks: [/^listener to the service tree, added at services\/\w+\.ts:\d+$/],
  },
  'an observer of calls': {
    parts: { started: 'services.observe(() => undefined);' },
    leaks: [/^observer of calls, added at services\/\w+\.ts:\d+$/],
  },
  'nothing, though it used all of them': {
    parts: {
      top: "import { createServer } from 'node:http';\nimport { connect } from 'node:net';",
      create: `
    const interval = setInterval(() => {}, 10);
    effect('interval', () => clearInterval(interval));
    effect('beat', clock.every(10, () => {}));
    const socket = connect(PORT, '127.0.0.1');
    effect('socket', () => socket.destroy());
    const listener = () => {};
    process.on('SIGUSR2', listener);
    effect('listener', () => process.off('SIGUSR2', listener));
    effect('tree', services.onChange(() => {}));
    effect('calls', services.observe(() => undefined));`,
      started: `
        const server = createServer();
        await new Promise((done) => server.listen(0, '127.0.0.1', done));
        effect('server', () => new Promise((done) => server.close(done)));`,
      handler:
        "await new Promise((resolve) => setTimeout(resolve, 5)); setTimeout(() => {}, 200); await fetch('http://127.0.0.1:PORT').then((answer) => answer.text());",
    },
    leaks: [],
  },
};

describe('a component that is replaced and left something open', () => {
  let folder: string;
  let manager: ServiceManager;
  const warnings: string[] = [];
  const log: Log = { debug() {}, info() {}, error() {}, warn: (_data, message) => warnings.push(message) };
  let peer: import('node:http').Server;

  beforeAll(async () => {
    const { createServer } = await import('node:http');
    peer = createServer((_request, response) => response.end('here'));
    await new Promise<void>((done) => peer.listen(0, '127.0.0.1', done));
    const { port } = peer.address() as import('node:net').AddressInfo;
    folder = await mkdtemp(join(tmpdir(), 'caruso-leaks-'));
    await mkdir(join(folder, 'services'));
    manager = createServiceManager({ clock: systemClock, log });
    await manager.start();
    await Promise.all(
      Object.values(cases).map(async ({ parts }, index) => {
        const file = join(folder, 'services', `probe${index}.ts`);
        await writeFile(
          file,
          wrapper(parts).replaceAll('PORT', String(port)).replaceAll('FOLDER', JSON.stringify(folder)),
        );
        const { component } = await loadComponent(file, { into: join(folder, '.caruso') });
        manager.install(`probe${index}`, component, {}, { source: `./services/probe${index}.ts` });
      }),
    );
    await manager.settled();
    for (const index of Object.keys(cases).keys()) {
      for (let call = 0; call < 3; call++)
        await manager.services.call('probe.touch', {}, { provider: `probe${index}` });
    }
    for (const index of Object.keys(cases).keys()) await manager.uninstall(`probe${index}`);
    // The service tree forgets who is uninstalled; the log does not.
    await new Promise((resolve) => setTimeout(resolve, GRACE + 500));
  });
  afterAll(async () => {
    await manager.stop();
    peer.closeAllConnections();
    peer.close();
    await rm(folder, { recursive: true, force: true });
  });

  test.each(Object.entries(cases).map(([name, each], index) => [name, index, each] as const))(
    '%s',
    (_name, index, { leaks }) => {
      const told = warnings.filter((line) => line.startsWith(`'probe${index}' generation 1 left open: `));
      const found = told.flatMap((line) => line.slice(line.indexOf(': ') + 2));
      expect(found).toEqual(leaks.map((leak) => expect.stringMatching(leak) as string));
    },
  );
});
