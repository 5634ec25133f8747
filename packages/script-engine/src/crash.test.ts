import { fork } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { expect, it } from 'vitest';
import type { View } from './contract.js';

/** 500 come to the same in ten times the time. */
const sessions = Number(process.env['CARUSO_TEST_SESSIONS'] ?? 50);

/** Third-party packages are loaded from where they are, not bundled: some of them are native. */
const outside: Plugin = {
  name: 'outside',
  setup(bundle) {
    bundle.onResolve({ filter: /^[^./]/ }, async ({ path: name, pluginData, ...from }) => {
      if (pluginData === 'asked' || name.startsWith('@caruso/') || name.startsWith('node:') || path.isAbsolute(name))
        return null;
      const found = await bundle.resolve(name, { ...from, pluginData: 'asked' });
      return { path: found.external ? found.path : pathToFileURL(found.path).href, external: true };
    });
  },
};

async function bundleChild(): Promise<string> {
  const folder = path.join(import.meta.dirname, '../node_modules/.children');
  mkdirSync(folder, { recursive: true });
  const outfile = path.join(folder, `crash-${process.pid}.mjs`);
  await build({
    entryPoints: [path.join(import.meta.dirname, 'crash.test.child.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@caruso/source'],
    plugins: [outside],
    logLevel: 'error',
    define: {
      'import.meta.url': JSON.stringify(pathToFileURL(path.join(import.meta.dirname, 'house.test.support.ts')).href),
    },
  });
  return outfile;
}

/** Lets all sessions work; when stopping, until each has gone one event further, and kills the process there. */
function run(program: string, database: string, ledger: string, stopping: boolean): Promise<View[] | undefined> {
  const child = fork(program, [`sqlite:${database}`, ledger, String(sessions), stopping ? 'stopping' : ''], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  return new Promise((resolve, reject) => {
    let views: View[] | undefined;
    child.on('message', (message: { waiting?: number; views?: View[] }) => {
      if (message.views !== undefined) views = message.views;
      else child.kill('SIGKILL');
    });
    child.once('exit', (code, signal) => {
      if (signal === 'SIGKILL' || code === 0) resolve(views);
      else reject(new Error(`the process ended with ${code}`));
    });
  });
}

/** What the ledger did for each session; the same key twice is once. */
function booked(ledger: string, views: readonly View[]): string[][] {
  const lines = new Set(existsSync(ledger) ? readFileSync(ledger, 'utf8').trim().split('\n') : []);
  const bySession = new Map<string, string[]>();
  for (const line of lines) {
    const at = line.indexOf('/');
    const list = bySession.get(line.slice(0, at)) ?? [];
    list.push(line.slice(at + 1));
    bySession.set(line.slice(0, at), list);
  }
  return views.map(({ session }) => bySession.get(session) ?? []);
}

it(`killed at every event of ${sessions} sessions, each comes to what it comes to undisturbed`, {
  timeout: 400_000,
}, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'caruso-script-crash-'));
  try {
    const program = await bundleChild();
    const at = (name: string) => path.join(folder, name);
    const calm = (await run(program, at('calm.db'), at('calm.txt'), false)) ?? [];
    expect(calm).toHaveLength(sessions);
    let kills = 0;
    let views: View[] | undefined;
    for (; views === undefined; kills++) {
      expect(kills).toBeLessThan(60);
      views = await run(program, at('killed.db'), at('killed.txt'), true);
    }
    // Each session was killed at each of its events: after every commit, and after every call before its outcome was stored.
    expect(kills).toBeGreaterThan(10);
    const seen = (view: View) => ({ ...view, session: '' });
    expect(views.map(seen)).toEqual(calm.map(seen));
    expect(booked(at('killed.txt'), views)).toEqual(booked(at('calm.txt'), calm));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
