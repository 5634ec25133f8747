import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

interface Held {
  generation: number;
  heap: number;
  listeners: number;
  notified: number;
  timers: number;
  resources: number;
  leaks: string[];
}

test('500 replacements leave nothing behind: the heap levels off, listeners, timers and subscriptions stay as many', async () => {
  const folder = join(import.meta.dirname, '../node_modules/.children');
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `growth-${process.pid}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, 'growth.test.child.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  });
  const held: Held[] = [];
  const child = fork(outfile, [], { execArgv: ['--expose-gc'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  child.on('message', (message) => held.push(message as Held));
  const [code] = (await once(child, 'exit')) as [number | null];
  rmSync(outfile, { force: true });
  expect({ code, reports: held.length }).toEqual({ code: 0, reports: 6 });

  expect(held.map(({ generation }) => generation)).toEqual([1, 101, 201, 301, 401, 501]);
  const [, first, ...later] = held;
  for (const each of later) {
    expect({ ...each, generation: 0, heap: 0 }).toEqual({ ...first, generation: 0, heap: 0 });
  }
  expect(first?.leaks).toEqual([]);
  expect(first?.notified).toBeGreaterThan(0);
  // A generation holds 200 kB, so that 300 of them kept would be 60 MB. A megabyte is for what compiles meanwhile.
  const [second, , , fifth] = later;
  expect((fifth?.heap ?? Number.POSITIVE_INFINITY) - (second?.heap ?? 0)).toBeLessThan(1_000_000);
}, 120_000);
