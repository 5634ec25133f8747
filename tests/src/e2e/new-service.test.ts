import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiClient } from '../support/api.js';
import { FrontOffice, removeFolder, runCaruso } from '../support/front-office.js';
import { root } from '../support/requirement.js';

const run = promisify(execFile);
const utility = path.join(root, 'examples', 'utility');
/** A service of each kind, as functions and as a class. */
const variants = ['rest', 'soap', 'csv'].flatMap((legacy) => [
  { name: `orders-${legacy}`, args: ['--legacy', legacy] },
  { name: `orders-${legacy}-class`, args: ['--legacy', legacy, '--class'] },
]);

describe('caruso new-service', () => {
  const place = mkdtempSync(path.join(tmpdir(), 'caruso-new-service-'));
  const folder = path.join(place, 'acme');
  const inFolder = (...args: string[]) => runCaruso(args, { cwd: folder });
  const bin = (program: string) => path.join(root, 'node_modules', '.bin', program);

  beforeAll(async () => {
    expect(await runCaruso(['new', folder, '--extends', utility])).toMatchObject({ code: 0 });
    // As after `npm install`; that the packages named really lead there is seen by the test of the packed packages.
    symlinkSync(path.join(utility, 'node_modules'), path.join(folder, 'node_modules'));
    for (const { name, args } of variants) {
      expect(await inFolder('new-service', name, ...args)).toMatchObject({ code: 0, stderr: '' });
    }
  });
  afterAll(() => removeFolder(place));

  test('writes services that check, compile and say so in caruso.yaml', { timeout: 120_000 }, async () => {
    const manifest = readFileSync(path.join(folder, 'caruso.yaml'), 'utf8');
    expect(manifest).toContain('# Acme: what differs from');
    expect(manifest).toContain(
      '  orders-rest:\n    use: ./services/orders-rest.ts\n    config: { url: "${ORDERS_REST_URL:-http://127.0.0.1:4100/}" }\n',
    );
    expect(JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))).toMatchObject({
      scripts: { test: 'vitest run', start: 'caruso start' },
      dependencies: { zod: expect.any(String), 'csv-parse': expect.any(String), inversify: expect.any(String) },
      devDependencies: { '@caruso/testkit': expect.any(String), vitest: expect.any(String) },
    });
    expect(await inFolder('check')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^no faults in/) });
    const types = ['--typeRoots', path.join(root, 'node_modules', '@types')];
    const compiled = await run(bin('tsc'), ['-p', '.', ...types], { cwd: folder }).catch((error: unknown) => error);
    expect(compiled).toMatchObject({ stdout: '' });
  });

  test('refuses a name that is taken or no name, and a folder that is none', async () => {
    const said = async (...args: string[]) => {
      const { code, stderr } = await inFolder('new-service', ...args);
      return `${code} ${stderr}`;
    };
    expect(await said('erp')).toMatch(/^2 [^]*component 'erp' \(\.\/services\/erp\.ts\) already/);
    expect(await said('orders-rest')).toMatch(/^2 [^]*already/);
    expect(await said('Orders_2')).toMatch(/^2 [^]*price-lists/);
    expect(await said('more', '--in', place)).toMatch(/^2 [^]*holds no caruso.yaml/);
    expect(await said('more', '--legacy', 'fax')).toMatch(/^2 [^]*rest, soap, csv/);
  });

  test('their tests pass, with the legacy system whole and out of order', { timeout: 400_000 }, async () => {
    const report = path.join(place, 'report.json');
    const args = ['run', '--reporter=json', `--outputFile=${report}`, '--maxWorkers=1'];
    const done = await run(bin('vitest'), args, { cwd: folder, maxBuffer: 1e8 }).catch((error: unknown) => error);
    expect(existsSync(report), String((done as { stderr?: string }).stderr)).toBe(true);
    const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
      testResults: {
        name: string;
        assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
      }[];
    };
    expect(testResults.map(({ name }) => path.basename(name, '.test.ts')).toSorted()).toEqual(
      variants.map(({ name }) => name).toSorted(),
    );
    const all = testResults.flatMap(({ name, assertionResults }) =>
      assertionResults.map((each) => ({ file: path.basename(name), ...each })),
    );
    expect(all.filter(({ status }) => status !== 'passed')).toEqual([]);
    expect(all.length).toBeGreaterThanOrEqual(variants.length * 15);
  });

  test('one is called over HTTP and replaced by saving it, under running calls', { timeout: 120_000 }, async () => {
    const legacy = spawn(process.execPath, ['services/orders-rest.legacy.mjs', '0'], { cwd: folder });
    const [line] = (await once(legacy.stdout, 'data')) as [Buffer];
    const url = /http:\S+/.exec(String(line))?.[0] ?? '';
    const office = await FrontOffice.start(folder, { env: { ORDERS_REST_URL: url } });
    try {
      const anna = await ApiClient.signedIn(office.url, 'anna', 'lumen-demo');
      const placed = await anna.call('orders-rest.place', { customer: 'C100001', article: 'METER-3F', pieces: 2 });
      expect(placed).toEqual({ number: 'A1003', customer: 'C100001', state: 'open', total: '99.00' });

      const load = { on: true, answers: [] as unknown[] };
      const calling = Array.from({ length: 4 }, async () => {
        while (load.on) {
          load.answers.push(
            await anna.call('orders-rest.order', { number: 'A1001' }).catch((error: Error) => error.message),
          );
        }
      });
      const file = path.join(folder, 'services', 'orders-rest.ts');
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.replace('(cents / 100).toFixed(2)', '`${(cents / 100).toFixed(2)} EUR`'));
      await office.until('the replacement', () => /replaced orders-rest: .*generation 2/.exec(office.output)?.[0]);
      const seen = load.answers.length;
      await office.until('calls of the new one', () => (load.answers.length > seen + 20 ? true : undefined));
      load.on = false;
      await Promise.all(calling);
      const totals = new Set(load.answers.map((answer) => (answer as { total?: string }).total ?? answer));
      expect([...totals]).toEqual(['125.50', '125.50 EUR']);

      // A fault is told with its place, and what serves serves on.
      writeFileSync(file, text.replace('export default', 'export defualt'));
      await office.until('the fault', () => /orders-rest\.ts:\d+:\d+/.exec(office.output)?.[0]);
      expect(await anna.call('orders-rest.order', { number: 'A1001' })).toMatchObject({ total: '125.50 EUR' });
    } finally {
      await office.stop();
      legacy.kill();
    }
  });
});
