import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { removeFolder } from '../support/front-office.js';
import { root } from '../support/requirement.js';
import { fileOf, readDocument } from './declared-folder.js';
import { blocksOf } from './markdown.js';

const place = mkdtempSync(path.join(tmpdir(), 'caruso-wrappers-'));
afterAll(() => removeFolder(place));

test('the tests that docs/wrappers.md shows pass on the wrapper it shows', { timeout: 200_000 }, async () => {
  const document = 'docs/wrappers.md';
  mkdirSync(path.join(place, 'services'));
  writeFileSync(path.join(place, 'package.json'), '{ "type": "module" }');
  symlinkSync(path.join(root, 'examples', 'utility', 'node_modules'), path.join(place, 'node_modules'));
  for (const block of blocksOf(document, readDocument(document))) {
    const file = block.language === 'ts' ? fileOf(block) : undefined;
    if (file !== undefined) writeFileSync(path.join(place, file), block.text);
  }
  const report = path.join(place, 'report.json');
  const args = ['run', '--reporter=json', `--outputFile=${report}`];
  const vitest = path.join(root, 'node_modules', '.bin', 'vitest');
  const done = await promisify(execFile)(vitest, args, { cwd: place, maxBuffer: 1e8 }).catch((error: unknown) => error);
  expect(existsSync(report), String((done as { stderr?: string }).stderr)).toBe(true);
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    testResults: { assertionResults: { fullName: string; status: string; failureMessages: string[] }[] }[];
  };
  const all = testResults.flatMap(({ assertionResults }) => assertionResults);
  expect(all.filter(({ status }) => status !== 'passed')).toEqual([]);
  expect(all.length).toBeGreaterThan(15);
});
