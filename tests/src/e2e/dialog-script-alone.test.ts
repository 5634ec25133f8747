import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch } from '../support/browser.js';
import { chromiumPath, root } from '../support/requirement.js';

/** A company's own program with nothing of Caruso but the language. */
const program = `
import { compileScripts, decideAnswer, replay, view } from '@caruso/dialog-script';
const text = \`<!DOCTYPE script SYSTEM "dialog-script.dtd">
<script id="age" version="1" xml:lang="en" channels="web"><section id="s">
<question id="ask" name="age" type="integer" required="yes"><say>How old are you?</say><check expr="age >= 18"><say>You must be 18.</say></check></question>
<end id="e" outcome="done"><say>You are <value of="age"/>.</say></end></section></script>\`;
const [{ program, faults }] = compileScripts([{ path: 'age.xml', text }, { path: 'bad.xml', text: '<script id="bad"/>' }]);
const setting = { locale: 'en-GB', timezone: 'Europe/Amsterdam', currency: 'EUR' };
const at = '2026-03-02T09:00:00.000Z';
let state = replay(program, 's', [{ type: 'started', at, channel: 'web', language: 'en', params: {}, starter: 'me', interaction: null }], setting);
const said = [];
for (const age of [17, 44]) {
  for (const event of decideAnswer(state, { age }, { message: 'm' + age, at })) state = state.advance(event);
  const shown = view(state);
  said.push(shown.step?.questions[0].errors.join() ?? shown.messages[0].map((run) => run.text).join(''));
}
export const result = JSON.stringify({ faults: faults.length, said, outcome: view(state).outcome });
`;
const wanted = { faults: 0, said: ['You must be 18.', 'You are 44.'], outcome: 'done' };

describe('the dialog script language without the rest of Caruso', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'caruso-alone-'));
  beforeAll(async () => {
    for (const platform of ['node', 'browser'] as const) {
      await build({
        stdin: { contents: program, resolveDir: path.join(root, 'tests') },
        outfile: path.join(folder, `${platform}.mjs`),
        bundle: true,
        format: 'esm',
        target: 'es2022',
        platform,
        // libxml2 looks whether it is in Node, and loads what it needs of it only there.
        ...(platform === 'browser' ? { external: ['module', 'node:*', 'fs', 'path', 'url'] } : {}),
        logLevel: 'error',
      });
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('runs in bare Node as one file', () => {
    const run = path.join(folder, 'run.mjs');
    writeFileSync(run, "import { result } from './node.mjs';\nconsole.log(result);\n");
    const out = execFileSync(process.execPath, [run], { cwd: folder, env: {}, encoding: 'utf8' });
    expect(JSON.parse(out)).toEqual(wanted);
  });

  test.skipIf(chromiumPath === undefined)('runs in a browser', async () => {
    const { readFileSync } = await import('node:fs');
    const server = createServer((request, response) => {
      const script = request.url === '/browser.mjs';
      response.setHeader('content-type', script ? 'text/javascript' : 'text/html');
      response.end(script ? readFileSync(path.join(folder, 'browser.mjs')) : '<!doctype html><title>alone</title>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const browser = await launch();
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      const result = await page.evaluate("import('/browser.mjs').then((module) => module.result)");
      expect(JSON.parse(String(result))).toEqual(wanted);
    } finally {
      await browser.close();
      server.close();
    }
  });
});
