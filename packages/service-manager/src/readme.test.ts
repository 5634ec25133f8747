import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadComponent } from './component-file.js';
import { createServiceManager } from './service-manager.js';
import { VirtualClock } from './virtual-clock.js';

/** The components shown in the README, loaded from files as a front office loads them. */
let folder: string;
let examples: string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caruso-readme-'));
  const text = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  examples = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => match[1] ?? '');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function load(index: number) {
  const file = join(folder, `example${index}.ts`);
  await writeFile(file, examples[index] ?? '');
  return (await loadComponent(file, { into: join(folder, 'bundles') })).component;
}

describe('the README', () => {
  it('shows a wrapper that works', async () => {
    const depot = createServer((request, response) => {
      response.statusCode = request.url === '/stock/A%201' ? 200 : 404;
      response.end('12');
    });
    await new Promise<void>((resolve) => depot.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(depot.address() as AddressInfo).port}/`;
    const manager = createServiceManager({ clock: new VirtualClock() });
    manager.install('depot', await load(0), { url });
    await manager.start();
    expect(await manager.services.call('depot.stock', { article: 'A 1' })).toEqual({ pieces: 12 });
    await expect(manager.services.call('depot.stock', { article: 'B' })).rejects.toMatchObject({
      code: 'ARTICLE_UNKNOWN',
    });
    expect(manager.inspect().services[1]).toMatchObject({
      state: 'active',
      effects: ['probe of the depot'],
      details: { url },
    });
    await manager.stop();
    depot.closeAllConnections();
    await new Promise((resolve) => depot.close(resolve));
  });

  it('shows a class that works', async () => {
    const manager = createServiceManager({ clock: new VirtualClock(Date.UTC(2031, 5, 1)) });
    manager.install('tariff', await load(1));
    await manager.start();
    expect(await manager.services.call('tariff.year', {})).toEqual({ year: 2031 });
  });
});
