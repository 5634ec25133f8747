import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actingAs, type Principal } from './call.js';
import type { Log } from './component-definition.js';
import { bundleComponent, loadComponent } from './component-file.js';
import { createServiceManager } from './service-manager.js';
import { VirtualClock } from './virtual-clock.js';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
const resolveFrom = fileURLToPath(new URL('../../cli/', import.meta.url));

let folder: string;
let into: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caruso-services-'));
  into = join(folder, '.caruso', 'services');
  await mkdir(join(folder, 'services'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function service(text: string, name = 'billing.ts'): Promise<string> {
  const file = join(folder, 'services', name);
  await writeFile(file, text);
  return file;
}

const billing = (version: string) => `
import { currentCall, defineComponent, defineContract } from '@caruso/service-manager/contract';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { format } from './format.js';

export const Billing = defineContract({ id: 'billing', version: '1.0.0', methods: {
  balance: { summary: 'Balance', input: z.object({}), output: z.object({ text: z.string(), who: z.string() }) } } });

export default defineComponent({
  provides: Billing, version: '${version}', needs: {}, config: z.strictObject({}),
  create: () => ({ handlers: { balance: () => ({ text: format('${version}', typeof readFileSync), who: currentCall().principal.id }) } }),
});
`;

describe('a component in a file', () => {
  beforeEach(() => service('export const format = (...parts: string[]): string => parts.join(":");', 'format.ts'));

  it('is loaded, sees the call of the program that runs it, and is replaced when it is saved anew', async () => {
    const file = await service(billing('1.0.0'));
    const manager = createServiceManager({ clock: new VirtualClock(), log: quiet });
    const first = await loadComponent(file, { into, resolveFrom });
    manager.install('billing', first.component);
    await manager.start();
    const ada: Principal = { kind: 'user', id: 'ada', name: 'Ada', roles: [] };
    const ask = () => actingAs(ada, () => manager.services.call('billing.balance', {}));
    expect(await ask()).toEqual({ text: '1.0.0:function', who: 'ada' });

    await service(billing('1.0.1'));
    const second = await loadComponent(file, { into, resolveFrom });
    expect(second.path).not.toBe(first.path);
    await manager.replace('billing', second.component);
    expect(await ask()).toEqual({ text: '1.0.1:function', who: 'ada' });
  });

  it('has a bundle named for its content, with all it imports relatively and no package in it', async () => {
    const file = await service(billing('1.0.0'));
    const first = await bundleComponent(file, { into, resolveFrom });
    expect(await bundleComponent(file, { into, resolveFrom })).toEqual(first);
    expect(await readdir(into)).toEqual([`billing-${first.hash}.mjs`]);
    const text = await readFile(first.path, 'utf8');
    const imports = [...text.matchAll(/^import .* from "(.*)";$/gm)].map((m) => m[1]);
    expect(imports).toEqual([
      expect.stringMatching(/^file:.*service-manager\/src\/contract\.ts$/),
      'node:fs',
      expect.stringMatching(/^file:.*\/zod\/.*\.js$/),
    ]);
  });

  it('may be a class with decorators', async () => {
    const file = await service(`
      import { defineClassComponent, defineContract, Tokens } from '@caruso/service-manager/contract';
      import { inject, injectable } from 'inversify';
      import { z } from 'zod';
      const Echo = defineContract({ id: 'echo', version: '1.0.0', methods: { say: { summary: 'Says', input: z.object({}), output: z.string() } } });
      @injectable()
      class EchoService {
        constructor(@inject(Tokens.config) private readonly config: { word: string }) {}
        say(): string { return this.config.word; }
      }
      export default defineClassComponent({ provides: Echo, version: '1.0.0', needs: {}, config: z.strictObject({ word: z.string() }), implementation: EchoService });
    `);
    const manager = createServiceManager({ clock: new VirtualClock(), log: quiet });
    manager.install('echo', (await loadComponent(file, { into, resolveFrom })).component, { word: 'halloo' });
    await manager.start();
    expect(await manager.services.call('echo.say', {})).toBe('halloo');
  });

  it('leaves only a few old bundles', async () => {
    const hashes: string[] = [];
    for (let i = 0; i < 8; i++) {
      const { path, hash } = await bundleComponent(await service(billing(`1.0.${i}`)), { into, resolveFrom });
      // Files of one moment have no order in which to be pruned.
      await utimes(path, new Date(2026, 0, 1 + i), new Date(2026, 0, 1 + i));
      hashes.push(hash);
    }
    const other = await bundleComponent(await service(billing('1.0.0'), 'billing-archive.ts'), { into, resolveFrom });
    const kept = [...hashes.slice(-5), `archive-${other.hash}`].map((hash) => `billing-${hash}.mjs`);
    expect(new Set(await readdir(into))).toEqual(new Set(kept));
  });

  it('gives file, line and column of what cannot be compiled', async () => {
    const file = await service('import { z } from "zod";\n\nexport default defineComponent({ provides: , });\n');
    await expect(loadComponent(file, { into, resolveFrom })).rejects.toMatchObject({
      code: 'COMPONENT_INVALID',
      message: `${file}:3:44: Unexpected ","`,
      details: { faults: [{ file, line: 3, column: 44 }] },
    });
  });

  it('names what it imports and nobody has', async () => {
    const file = await service(
      "import x from './nothing.js';\nimport y from 'no-such-package';\nexport default x + y;\n",
    );
    const failure = await loadComponent(file, { into, resolveFrom }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'COMPONENT_INVALID' });
    expect((failure as Error).message.split('\n')).toEqual([
      expect.stringContaining(`${file}:1:15: Could not resolve "./nothing.js"`),
      expect.stringContaining(`${file}:2:15: Could not resolve "no-such-package"`),
    ]);
  });

  it.each([
    ['export const billing = 1;', 'has no default export'],
    ['export default { version: "1.0.0" };', 'is not a component: it has no create()'],
    ['throw new Error("licence expired");\nexport default 1;', 'could not be loaded: licence expired'],
  ])('is refused by name when it is none (%#)', async (text, message) => {
    const file = await service(text);
    await expect(loadComponent(file, { into, resolveFrom })).rejects.toMatchObject({
      code: 'COMPONENT_INVALID',
      message: expect.stringMatching(new RegExp(`billing\\.ts.*${message.replaceAll(/[()]/g, '\\$&')}`)),
    });
  });
});
