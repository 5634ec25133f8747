import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { VirtualClock } from '@caruso/service-manager/contract';
import { build, type Plugin } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { type House, openHouse } from './house.test.support.js';

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
  });
  return outfile;
}

interface Told {
  /** Message ids that were taken in, with their interaction. */
  received: Map<string, string>;
}

/** Lets the child work and kills it in the midst of it, after it took in so many messages. */
async function runAndKill(program: string, database: string, seed: string, after: number, told: Told): Promise<void> {
  const declarations = path.resolve(import.meta.dirname, '../declarations');
  const child: ChildProcess = fork(program, [database, declarations, seed], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [],
  });
  let count = 0;
  await new Promise<void>((resolve) => {
    child.on('message', (message) => {
      if (typeof message !== 'object' || message === null || !('received' in message) || !('interaction' in message))
        return;
      told.received.set(String(message.received), String(message.interaction));
      count += 1;
      if (count === after) child.kill('SIGKILL');
    });
    child.once('exit', () => resolve());
  });
  expect(child.signalCode).toBe('SIGKILL');
}

const holding = ['active', 'held', 'wrap-up'];
const stages: Record<string, string> = {
  queued: 'queue',
  offered: 'queue',
  active: 'conversation',
  held: 'hold',
  'wrap-up': 'wrap-up',
};

async function all(house: House, object: string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<House['objects']['find']>> = await house.objects.find({
      object,
      limit: 500,
      ...(after === null ? {} : { after }),
    });
    rows.push(...page.records.map((record) => record.values));
    after = page.next;
  } while (after !== null);
  return rows;
}

/** What must hold whatever happened. */
async function check(house: House, told: Told): Promise<void> {
  const [interactions, messages, segments] = await Promise.all(
    ['Interaction', 'Message', 'Segment'].map((object) => all(house, object)),
  );
  const stored = new Map(interactions?.map((row) => [String(row.id), row]));
  const ids = messages?.map((row) => String(row.id)) ?? [];
  expect(new Set(ids).size).toBe(ids.length);
  const byId = new Map(messages?.map((row) => [String(row.id), row]));
  const lost = [...told.received].filter(
    ([id, interaction]) => byId.get(id)?.interaction !== interaction || !stored.has(interaction),
  );
  expect(lost).toEqual([]);
  const wrong = [...stored.values()].filter((row) => {
    const own = messages?.filter((message) => message.interaction === row.id) ?? [];
    const running = segments?.filter((segment) => segment.interaction === row.id && segment.endedAt === null) ?? [];
    const stage = stages[String(row.state)];
    return (
      own.length !== row.messageCount ||
      (row.state === 'offered') !== (row.leaseAgent !== null) ||
      (holding.includes(String(row.state)) && row.agent === null) ||
      (row.endedAt !== null) !== ['done', 'abandoned', 'failed'].includes(String(row.state)) ||
      running.length !== (stage === undefined ? 0 : 1) ||
      running[0]?.kind !== stage
    );
  });
  expect(wrong).toEqual([]);
}

describe('killed in the midst of its work', () => {
  it('has lost nothing that it took in, and everything that waited or ran is there again', {
    timeout: 180_000,
  }, async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'caruso-crash-'));
    const database = `sqlite:${path.join(folder, 'main.db')}`;
    const told: Told = { received: new Map() };
    const program = await bundleChild();
    try {
      for (const [round, after] of [17, 43].entries()) {
        await runAndKill(program, database, `round${round}`, after, told);
        const clock = new VirtualClock(Date.now() + 1000);
        const house = await openHouse({ database, clock });
        try {
          await check(house, told);
          const { interactions, agents } = await house.communication.snapshot({});
          const live = (await all(house, 'Interaction')).filter((row) => stages[String(row.state)] !== undefined);
          expect(interactions.map((row) => row.id).sort()).toEqual(live.map((row) => String(row.id)).sort());
          expect(agents.map((agent) => agent.presence)).toEqual(['ready', 'ready', 'ready']);
          // Leases of before the crash run out; what was offered is offered again or waits.
          const offered = live.filter((row) => row.state === 'offered');
          await clock.advance(60_000);
          await house.until(async () => {
            const now = new Map((await all(house, 'Interaction')).map((row) => [String(row.id), row]));
            const stuck = offered.filter(
              (row) =>
                now.get(String(row.id))?.leaseToken === row.leaseToken && now.get(String(row.id))?.state === 'offered',
            );
            expect(stuck).toEqual([]);
          });
          await check(house, told);
        } finally {
          await house.stop();
        }
      }
      expect(told.received.size).toBeGreaterThanOrEqual(17 + 43);
    } finally {
      rmSync(folder, { recursive: true, force: true });
      rmSync(program, { force: true });
    }
  });
});
