// `npm test`: everything that must hold. `npm test -- --only unit` (or lint, e2e) runs one part.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { bin, build, checkNode, ensureFolder, install, must, root, run } from './toolchain.mjs';

checkNode();
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;
const wants = (part) => only === undefined || only === part;
const reports = ensureFolder(path.join(root, 'node_modules', '.caruso-reports'));

await install();
await build();
if (wants('lint')) {
  await must('Lint (oxlint)', bin('oxlint'), ['--deny-warnings']);
  await must('Format (biome)', bin('biome'), ['check', '.']);
  await must('Unused code (knip)', bin('knip'), []);
}

let failed = false;
const totals = { passed: 0, failed: 0, skipped: 0 };
for (const [part, title, args] of [
  ['unit', 'Tests of the packages', []],
  ['e2e', 'Tests across packages, in browsers and against servers', ['--config', 'tests/vitest.config.ts']],
]) {
  if (!wants(part)) continue;
  console.log(`\n▸ ${title}`);
  const report = path.join(reports, `${part}.json`);
  const code = await run(bin('vitest'), [
    'run',
    ...args,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  if (code !== 0) failed = true;
  const result = JSON.parse(readFileSync(report, 'utf8'));
  totals.passed += result.numPassedTests;
  totals.failed += result.numFailedTests;
  totals.skipped += result.numPendingTests;
}
if (only !== 'lint') console.log(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
if (process.env.CARUSO_REQUIRE_ALL && totals.skipped > 0) {
  console.error('Tests were skipped although CARUSO_REQUIRE_ALL is set: nothing may be skipped here.');
  failed = true;
}
process.exit(failed ? 1 : 0);
