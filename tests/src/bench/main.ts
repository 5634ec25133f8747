import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import path from 'node:path';
import { root } from '../support/requirement.js';
import { callRemote } from './call-remote.js';
import { dedupFebrl } from './dedup-febrl.js';
import { type Figure, jsonLines, tableRows, textLines } from './figure.js';
import { http } from './http.js';
import { importRows } from './import-rows.js';
import { model500 } from './model-500.js';
import { pageMillion } from './page-million.js';
import { rest, benches as restBenches } from './rest.js';
import { routing } from './routing.js';
import { scriptDurable } from './script-durable.js';
import { scriptBenches, scriptStep } from './script-step.js';
import { serviceCall } from './service-call.js';
import { serviceManager, benches as serviceManagerBenches } from './service-manager.js';

const benches: { names: string[]; run: (wanted: (name: string) => boolean) => Promise<Figure[]> | Figure[] }[] = [
  { names: ['service-call'], run: serviceCall },
  { names: serviceManagerBenches, run: serviceManager },
  { names: ['call-remote'], run: callRemote },
  { names: scriptBenches, run: scriptStep },
  { names: ['script-durable'], run: scriptDurable },
  { names: ['routing'], run: routing },
  { names: ['dedup-febrl'], run: dedupFebrl },
  { names: ['start', 'memory'], run: http },
  { names: restBenches, run: rest },
  { names: ['page-million'], run: pageMillion },
  { names: ['model-500'], run: model500 },
  { names: ['import-50k'], run: importRows },
];

const json = process.argv.includes('--json');
const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const known = benches.flatMap((bench) => bench.names);
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are ${known.join(', ')}.`);
  process.exit(2);
}
const wanted = (name: string) => asked.length === 0 || asked.includes(name);

/** What else the machine was doing when the benchmarks began: processes that ran or wanted to. */
const loadBefore = (loadavg()[0] ?? 0).toFixed(1);
const figures: Figure[] = [];
for (const bench of benches.filter((each) => each.names.some(wanted))) {
  for (const figure of await bench.run(wanted)) {
    figures.push(figure);
    for (const line of json ? jsonLines(figure) : textLines(figure)) console.log(line);
  }
}
if (!json && asked.length === 0) writeFileSync(path.join(root, 'docs', 'benchmarks.md'), page(figures));

function page(all: Figure[]): string {
  const rows = all.flatMap(tableRows);
  return `# Benchmarks

Written by \`npm run bench\` on ${cpus().length} processors (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.versions.node},
with a load of ${loadBefore} before it began. Machines differ and are noisy: read the ratios, which compare medians taken in turn within one run. For rates (1/s) more is better, for times and memory less.
\`npm run -s bench -- --json [name...]\` prints one line a figure.

| name | what | ours | against | reference | ratio |
| --- | --- | ---: | --- | ---: | ---: |
${rows.join('\n')}
`;
}
