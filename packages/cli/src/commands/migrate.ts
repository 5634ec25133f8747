import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type DatabaseEntry, type Fault, type Folder, hasErrors } from '@caruso/declarations';
import { createLog } from '@caruso/service-manager';
import type { MigrationPlan, TableShape } from '@caruso/storage-manager/contract';
import { ExitCode } from '../exit-code.js';
import { inspect } from '../front-office.js';
import type { House } from '../house.js';
import { progress } from '../io.js';
import { compiledModel } from '../model.js';
import { countFaults, plural, printFaults } from '../report.js';
import { withDatabase } from '../storage-only.js';
import type { Invocation } from './command.js';

export interface MigrateOptions {
  plan?: boolean;
  allowLoss?: boolean;
}

/**
 * `caruso migrate`: brings each managed database to what the model wants; with `--plan` only says what that takes. Databases that are
 * not managed are never touched.
 */
export async function migrate({ io, json }: Invocation, path: string, options: MigrateOptions): Promise<number> {
  const log = createLog({ level: 'silent' });
  const { folder, house, faults } = await inspect(io, path, {}, log);
  const blocking = faults.filter(concernsModel(folder));
  if (hasErrors(blocking)) {
    if (json) io.out(JSON.stringify({ faults: blocking }));
    else {
      printFaults(io, blocking);
      io.out(`${countFaults(blocking)}; nothing was planned`);
    }
    return ExitCode.faults;
  }
  const plans: MigrationPlan[] = [];
  for (const [name, entry] of Object.entries(folder.manifest.databases)) {
    if (!entry.managed) continue;
    const work = () => migrateOne(folder, name, entry, wanted(folder, house, name), options);
    plans.push(json ? await work() : await progress(io, `Comparing '${name}' with the model`, work));
  }
  const applied = options.plan !== true;
  const withheld =
    plans.some((plan) => plan.steps.some((step) => step.destructive)) && options.allowLoss !== true && applied;
  if (json) io.out(JSON.stringify({ applied, plans }));
  else for (const line of plans.flatMap((plan) => planLines(plan, applied))) io.out(line);
  if (withheld && !json) io.out('steps that lose data were not taken; --allow-loss takes them');
  return withheld ? ExitCode.faults : ExitCode.well;
}

/** Only what is wrong with the model or the manifest stands in the way. */
function concernsModel(folder: Folder): (fault: Fault) => boolean {
  const files = new Set(folder.sources('model').flatMap((source) => [source.path, source.below?.path]));
  return (fault) => files.has(fault.file) || fault.code === 'MANIFEST_MISSING' || fault.code === 'VARIABLE_MISSING';
}

function wanted(folder: Folder, house: House, database: string): TableShape[] {
  const compiled = compiledModel(folder, house.loaded);
  return compiled?.wantedTables?.(compiled.model, database) ?? [];
}

async function migrateOne(
  folder: Folder,
  name: string,
  entry: DatabaseEntry,
  tables: TableShape[],
  options: MigrateOptions,
): Promise<MigrationPlan> {
  const log = createLog({ level: 'silent' });
  const applies = options.plan !== true;
  // Looking must not make a file that is not there.
  const url = !applies && isAbsentFile(folder, entry.url) ? 'sqlite::memory:' : entry.url;
  return withDatabase(folder.root, { url, managed: true }, log, async (storage) => {
    const plan = await storage.plan('target', tables);
    if (applies) {
      const steps = options.allowLoss === true ? plan.steps : plan.steps.filter((step) => !step.destructive);
      const { backup } = await storage.migrate(
        { ...plan, steps },
        { allowLoss: options.allowLoss ?? false, backup: true },
      );
      if (backup !== undefined) plan.notes.unshift(`copied to ${backup} first`);
    }
    return { ...plan, database: name, steps: plan.steps.map((step) => ({ ...step, database: name })) };
  });
}

function isAbsentFile(folder: Folder, url: string): boolean {
  return (
    url.startsWith('sqlite:') &&
    !existsSync(resolve(folder.root, url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '')))
  );
}

function planLines(plan: MigrationPlan, applied: boolean): string[] {
  const count = plan.steps.length;
  const head =
    count === 0
      ? `${plan.database}: nothing to do`
      : `${plan.database}: ${plural(count, 'step')}${applied ? '' : ' to take'}`;
  const steps = plan.steps.flatMap((step) => [
    `  ${step.destructive ? 'LOSES DATA: ' : ''}${step.summary}`,
    ...step.statement.split('\n').map((line) => `      ${line}`),
  ]);
  return [head, ...steps, ...plan.notes.map((note) => `  note: ${note}`)];
}
