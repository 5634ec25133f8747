import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, describe, expect } from 'vitest';
import { ApiClient } from '../support/api.js';
import { FrontOffice, makeFolder, removeFolder, runCaruso, waitFor } from '../support/front-office.js';
import { nats, natsUrl, postgres, postgresUrl, testWith } from '../support/requirement.js';

const test = testWith(postgres, nats);
const balance = { customerNo: 'C100004' };

describe('the utility front office on two nodes', () => {
  const schema = `caruso_nodes_${process.pid}`;
  const env = { NATS_URL: natsUrl, CLUSTER_SECRET: `a secret of process ${process.pid}`, BILLING_URL: '' };
  const running: FrontOffice[] = [];
  const folder = makeFolder(
    'utility',
    [
      `databases:\n  main: "${postgresUrl}?schema=${schema}"\n  billing: { url: "sqlite:./data/billing.db" }`,
      `cluster: { servers: "\${NATS_URL}", secret: "\${CLUSTER_SECRET}", house: e2e-${process.pid} }\n`,
    ].join('\n'),
  );
  const start = async (args: string[], ready?: RegExp): Promise<FrontOffice> => {
    const office = await FrontOffice.start(folder, { env, args, ...(ready === undefined ? {} : { ready }) });
    running.push(office);
    return office;
  };
  const startNode = () => start(['--node', 'erp-1', '--components', 'billing'], /node erp-1: (.*)/);

  afterAll(async () => {
    for (const office of running.reverse()) await office.stop();
    removeFolder(folder);
    if (!postgres.present) return;
    const client = new Client({ connectionString: postgresUrl });
    await client.connect();
    await client.query(`drop schema if exists ${schema} cascade`);
    await client.end();
  });

  test('calls a wrapper that runs on the other, loses it, and finds it again', async () => {
    const main = await start(['--without', 'billing']);
    const anna = await ApiClient.signedIn(main.url, 'anna', 'lumen-demo');
    const ask = () => anna.fetch('POST', '/api/call/billing/balance', balance);
    const answered = async () => ((await ask()).ok ? true : undefined);
    const absent = await ask();
    expect(absent.status).toBe(503);
    expect(await absent.json()).toMatchObject({ error: { code: 'SERVICE_UNAVAILABLE' } });

    const node = await startNode();
    expect(node.output).toContain('node erp-1: storage, billing');
    await main.until('the wrapper to answer', answered);
    expect(await anna.call('billing.balance', balance)).toMatchObject({ open: { currency: 'EUR' } });
    const tree = await runCaruso(['services', folder], { env });
    expect(tree.stdout).toMatch(/^billing +1\.0\.0 +active .* erp-1$/m);
    const seen = await runCaruso(['services', folder, '--node', 'erp-1'], { env });
    expect(seen.stdout).toMatch(/^billing +1\.0\.0 +active .* here$/m);
    expect(seen.stdout).toMatch(/^gateway .* main$/m);
    const again = await runCaruso(['start', folder, '--node', 'erp-1', '--components', 'billing'], { env });
    expect(again.stderr).toContain("The node 'erp-1' in");
    expect(again.code).toBe(1);

    await node.stop('SIGKILL');
    await main.until('the loss to be noticed', async () => {
      const response = await ask();
      const { error } = (await response.json()) as { error?: { code: string } };
      return error?.code === 'SERVICE_UNAVAILABLE' ? true : undefined;
    });
    const without = await runCaruso(['services', folder], { env });
    expect(without.stdout).not.toContain('erp-1');

    await startNode();
    await main.until('the wrapper to answer again', answered);
  });

  test('names what it is asked wrongly', async () => {
    const wrong = async (...args: string[]) => runCaruso(['start', folder, ...args], { env });
    expect((await wrong('--node', 'x')).stderr).toContain("it is not said what runs on the node 'x'");
    expect((await wrong('--node', 'x', '--components', 'biling')).stderr).toContain("did you mean 'billing'?");
    expect((await wrong('--node', 'x', '--without', 'storage')).stderr).toContain(
      'in the same process, which is left out',
    );
    const short = await runCaruso(['check', folder], { env: { ...env, CLUSTER_SECRET: 'short' } });
    expect(short.stdout + short.stderr).toContain('the secret of a cluster has 16 characters at least');
  });
});

describe('a front office without a cluster', () => {
  testWith()('loads nothing of NATS, and says so when asked for a node', async () => {
    const folder = makeFolder('utility');
    const notes = mkdtempSync(path.join(tmpdir(), 'caruso-loaded-'));
    // When the process ends it writes down which modules it has loaded.
    const program = [
      "import fs from 'node:fs';",
      "import Module from 'node:module';",
      `process.on('exit', () => fs.writeFileSync(${JSON.stringify(path.join(notes, 'loaded'))}, Object.keys(Module._cache).join('\\n')));`,
    ].join('');
    const watch = `--import data:text/javascript,${encodeURIComponent(program)}`;
    try {
      const office = await FrontOffice.start(folder, { env: { NODE_OPTIONS: watch } });
      await waitFor('the front office to listen', () => (office.url === '' ? undefined : true));
      await office.stop();
      const loaded = readFileSync(path.join(notes, 'loaded'), 'utf8').split('\n');
      expect(loaded.filter((file) => /semver/.test(file)).length).toBeGreaterThan(0);
      expect(loaded.filter((file) => file.includes('@nats-io'))).toEqual([]);
      const asked = await runCaruso(['start', folder, '--node', 'x', '--components', 'billing']);
      expect(asked.code).toBe(2);
      expect(asked.stderr).toContain('this front office runs in one process');
    } finally {
      removeFolder(folder);
      rmSync(notes, { recursive: true, force: true });
    }
  });
});
