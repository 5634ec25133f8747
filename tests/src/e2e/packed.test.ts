import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { ApiClient } from '../support/api.js';
import { FrontOffice, removeFolder } from '../support/front-office.js';
import { root } from '../support/requirement.js';

const run = promisify(execFile);
const pnpm = ['-y', 'pnpm@10.34.8'];

describe('outside the repository, from packed packages', () => {
  const place = mkdtempSync(path.join(tmpdir(), 'caruso-packed-'));
  afterAll(() => removeFolder(place));

  test('caruso new, check and start work', { timeout: 600_000 }, async () => {
    const tarballs = path.join(place, 'tarballs');
    const whole = ['packages', 'examples'];
    const workspaces = whole.flatMap((name) => readdirSync(path.join(root, name)));
    const filters = whole.flatMap((name) => ['--filter', `./${name}/*`]);
    await run('npx', [...pnpm, ...filters, 'pack', '--pack-destination', tarballs], { cwd: root, maxBuffer: 1e8 });
    const files = Object.fromEntries(
      readdirSync(tarballs).map((file) => [
        file.replace(/^caruso-/, '@caruso/').replace(/-\d+\.\d+\.\d+\.tgz$/, ''),
        `file:${path.join(tarballs, file)}`,
      ]),
    );
    expect(Object.keys(files)).toHaveLength(workspaces.length);

    // The command line alone, as `npm install --global` would give it.
    const tool = path.join(place, 'tool');
    const manifest = {
      name: 'tool',
      private: true,
      dependencies: {
        '@caruso/cli': files['@caruso/cli'],
        '@caruso/example-utility': files['@caruso/example-utility'],
      },
      pnpm: { overrides: files, onlyBuiltDependencies: ['better-sqlite3', 'esbuild'] },
    };
    await import('node:fs').then(({ mkdirSync }) => mkdirSync(tool));
    writeFileSync(path.join(tool, 'package.json'), JSON.stringify(manifest, null, 2));
    await run('npx', [...pnpm, 'install', '--prefer-offline', '--ignore-workspace'], {
      cwd: tool,
      maxBuffer: 64 * 1024 * 1024,
    });
    const caruso = path.join(tool, 'node_modules', '.bin', 'caruso');
    expect(existsSync(caruso)).toBe(true);

    const folder = path.join(tool, 'acme');
    const made = await run(caruso, ['new', folder, '--extends', 'utility']);
    expect(made.stdout).toContain('acme');
    expect(readFileSync(path.join(folder, 'caruso.yaml'), 'utf8')).toContain('@caruso/example-utility');
    const checked = await run(caruso, ['check', folder]);
    expect(checked.stdout + checked.stderr).not.toMatch(/ error /);
    const office = await FrontOffice.start(folder, { command: [caruso] });
    try {
      const anna = await ApiClient.signedIn(office.url, 'anna', 'lumen-demo');
      const balance = await anna.call<{ openInvoices: number }>('billing.balance', { customerNo: 'C100001' });
      expect(balance.openInvoices).toBeGreaterThan(0);
      expect(await (await fetch(office.url)).text()).toContain('<div id="root"');
    } finally {
      await office.stop();
    }

    // A service of its own, with what its package.json names and nothing else.
    await run(caruso, ['new-service', 'orders', '--in', folder]);
    const named = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ ...named, pnpm: manifest.pnpm }, null, 2));
    await run('npx', [...pnpm, 'install', '--prefer-offline', '--ignore-workspace'], { cwd: folder, maxBuffer: 1e8 });
    const bin = path.join(folder, 'node_modules', '.bin');
    const tested = await run(path.join(bin, 'vitest'), ['run'], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1' },
    });
    expect(tested.stdout).toMatch(/Tests +\d+ passed/);
    expect((await run(path.join(bin, 'caruso'), ['check', '.'], { cwd: folder })).stdout).toMatch(/^no faults in/);
  });
});
