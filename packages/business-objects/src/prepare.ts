import { type Fault, formatFault, type Source } from '@caruso/declarations';
import { CarusoError, type Log } from '@caruso/service-manager/contract';
import type { StorageApi } from '@caruso/storage-manager/contract';
import { ensureAnnotations } from './annotation-tables.js';
import { compareDatabase } from './compare-database.js';
import { compileModel } from './compile-model.js';
import { fillWords } from './fill-words.js';
import { type CompiledModel, storedObjects } from './model.js';
import type { ModelReadings } from './model-readings.js';
import { wantedTables } from './wanted-table.js';

export interface Prepared {
  model: CompiledModel;
  faults: Fault[];
  /** Legacy databases that did not answer; their objects are compared when they do. */
  uncompared: string[];
}

export interface PrepareParts {
  storage: StorageApi;
  log: Log;
  currency?: string | undefined;
  /** Of the models before this one. */
  readings?: ModelReadings | undefined;
}

/**
 * Compiles the model, brings managed databases up to it (steps that lose data are never taken by themselves) and holds legacy ones
 * against it. Objects with a fault are refused, the rest serves.
 */
export async function prepareModel(parts: PrepareParts, sources: readonly Source[]): Promise<Prepared> {
  const { storage, log } = parts;
  const databases = Object.fromEntries(storage.databases().map(({ name, managed }) => [name, { managed }]));
  const compiled = compileModel(sources, { databases, currency: parts.currency, readings: parts.readings });
  const faults = [...compiled.faults];
  const refused = new Map(compiled.model.refused);
  const model: CompiledModel = { ...compiled.model, refused };
  const uncompared: string[] = [];
  const used = new Set(storedObjects(model).map((object) => object.database));
  for (const { name, managed } of storage.databases()) {
    if (!used.has(name)) continue;
    try {
      if (managed) {
        await migrate(parts, model, name);
        for (const object of model.objects.values()) {
          if (object.database === name && !refused.has(object.name)) await fillWords(storage, object);
        }
      } else {
        for (const mismatch of compareDatabase(model, await storage.introspect(name))) {
          const place = compiled.locate(mismatch.object, mismatch.path);
          const { code, message, remedy } = mismatch;
          const fault: Fault = { ...place, code, message, remedy, severity: 'error' };
          faults.push(fault);
          if (!refused.has(mismatch.object))
            refused.set(mismatch.object, `${place.file}:${place.line}:${place.column} ${message} (${remedy})`);
        }
      }
    } catch (error) {
      if (!(error instanceof CarusoError) || error.code !== 'DATABASE_UNREACHABLE') throw error;
      uncompared.push(name);
      log.warn(
        { database: name, error: error.message },
        'a database does not answer; its objects are out of service until it does',
      );
    }
  }
  await ensureAnnotations(storage, model);
  for (const fault of faults) log.error({ fault }, formatFault(fault));
  return { model, faults, uncompared };
}

async function migrate({ storage, log }: PrepareParts, model: CompiledModel, database: string): Promise<void> {
  const plan = await storage.plan(database, wantedTables(model, database));
  const safe = plan.steps.filter((step) => !step.destructive);
  for (const step of plan.steps.filter((each) => each.destructive)) {
    log.warn({ database, step: step.summary }, 'a step that loses data is left to `caruso migrate`');
  }
  if (safe.length > 0) await storage.migrate({ ...plan, steps: safe });
  for (const step of safe) log.info({ database, step: step.summary }, 'migrated');
}
