import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import objects from '@caruso/business-objects';
import { BusinessObjects, Model } from '@caruso/business-objects/contract';
import { createDeclarations, openFolder } from '@caruso/declarations';
import { createServiceManager } from '@caruso/service-manager';
import { actingAs, type Log, systemPrincipal } from '@caruso/service-manager/contract';
import storage from '@caruso/storage-manager';
import { type Figure, figure, median } from './figure.js';

const count = 500;
const changes = 5;
const silent: Log = { debug() {}, info() {}, warn() {}, error: (data, message) => console.error(message, data) };

/** 500 objects of ten attributes, a reference, a relation, a formula and a roll-up each: until they serve, and until a change does. */
export async function model500(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'caruso-bench-'));
  try {
    mkdirSync(path.join(folder, 'model'));
    writeFileSync(
      path.join(folder, 'caruso.yaml'),
      'caruso: 1\nname: Model\ndatabases:\n  main: sqlite:./data/main.db\n',
    );
    for (let at = 0; at < count; at += 1) write(folder, at);
    const made = await opened(folder);
    await made.stop();
    const starts: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const each = await opened(folder);
      starts.push(each.ready);
      await each.stop();
    }
    const office = await opened(folder);
    const lives: number[] = [];
    for (let round = 0; round <= changes; round += 1) {
      const live = await office.change(round);
      // The first one finds nothing compiled.
      if (round > 0) lives.push(live);
    }
    await office.stop();
    const from = 'from reading the folder';
    return [
      figure({
        name: 'model-500',
        ours: median(starts),
        against: { 'the goal': 3000 },
        unit: 'ms',
        what: `${from} to the first record of one of ${count} objects, their tables being there`,
      }),
      figure({
        name: 'model-500-new',
        ours: made.ready,
        against: { 'the goal': 3000 },
        unit: 'ms',
        what: `the same with an empty database, in which ${count} tables are made`,
      }),
      figure({
        name: 'model-500-change',
        ours: median(lives),
        against: { 'the goal': 200 },
        unit: 'ms',
        what: `from saving a model file with one more attribute, among ${count}, to a record that was stored with it`,
      }),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function write(folder: string, at: number, more: readonly string[] = []): void {
  const texts = Array.from({ length: 8 }, (_, index) => `  text${index}: { type: text, length: 80 }\n`).join('');
  const added = more.map((name) => `  ${name}: { type: text }\n`).join('');
  writeFileSync(
    path.join(folder, 'model', `thing-${at}.yaml`),
    `object: Thing${at}
attributes:
  no: { type: text, key: true, length: 40 }
${texts}  amount: { type: money, currency: EUR }
  next: { to: Thing${(at + 1) % count} }
  others: { count: things }
  loud: { formula: "upper(text0)" }
${added}relations:
  things: { many: Thing${(at + count - 1) % count}, by: next }
rights:
  agent: { read: "text1 = user.region", write: all, create: true }
`,
  );
}

async function opened(folder: string) {
  const begin = performance.now();
  const read = () => openFolder(folder).folder;
  const holder = createDeclarations(read());
  const manager = createServiceManager({ log: silent });
  manager.install('declarations', holder.component);
  manager.install('storage', storage, { databases: { main: 'sqlite:./data/main.db' }, folder });
  manager.install('objects', objects);
  await manager.start();
  const things = manager.use(BusinessObjects, '^1.0');
  const model = manager.use(Model, '^1.0');
  const as = <T>(work: () => Promise<T>) => actingAs(systemPrincipal, work);
  await as(() => things.find({ object: 'Thing250', limit: 1 }));
  const ready = performance.now() - begin;
  const added: string[] = [];
  return {
    ready,
    /** Adds an attribute to one of the files, and stores a record with it as soon as that can be. */
    async change(round: number): Promise<number> {
      added.push(`added${round}`);
      write(folder, 100, added);
      const saved = performance.now();
      const live = new Promise<void>((resolve) => {
        const stop = model.onChange(() => {
          stop();
          resolve();
        });
      });
      holder.update(read());
      await live;
      await as(() => things.create({ object: 'Thing100', values: { no: `R${round}`, [`added${round}`]: 'there' } }));
      return performance.now() - saved;
    },
    stop: () => manager.stop(),
  };
}
