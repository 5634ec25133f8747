import { createHash } from 'node:crypto';
import type { Folder, Source } from '@caruso/declarations';
import { compileTemplate } from '@caruso/expressions';
import type { ServiceManager } from '@caruso/service-manager';
import { actingAs, type Log, systemPrincipal } from '@caruso/service-manager/contract';
import { Journal, Storage } from '@caruso/storage-manager/contract';
import { seedFailed } from './errors.js';
import { readSeed, type SeedStep } from './seed-file.js';

/** The journal's record of a seed file that was applied. */
const APPLIED = 'seed.applied';

export interface SeedReport {
  applied: { file: string; steps: number }[];
  /** Applied before. */
  known: string[];
  /** Applied before, and altered since: what is in the database stays as it is. */
  altered: string[];
}

/**
 * Applies the seed files, in the order of their names, each once for a database and each as a whole: what a file wrote and the record
 * that it was applied are one unit of work. Acts as the system.
 */
export async function applySeeds(
  manager: ServiceManager,
  folder: Folder,
  now: number,
  log: Log,
  told: (file: string) => void = () => {},
): Promise<SeedReport> {
  const storage = manager.use(Storage, '^1.0');
  const journal = manager.use(Journal, '^1.0');
  const context = { now: new Date(now), timezone: folder.manifest.timezone };
  return actingAs(systemPrincipal, async () => {
    const before = await journal.read({ types: [APPLIED], limit: 10_000 });
    const hashes = new Map(before.map((event) => [event.data['file'], event.data['hash']]));
    const report: SeedReport = { applied: [], known: [], altered: [] };
    for (const source of folder.sources('seed')) {
      const file = source.name ?? source.path;
      const hash = createHash('sha256').update(source.text).digest('hex');
      const applied = hashes.get(file);
      if (applied === hash) report.known.push(file);
      else if (applied !== undefined) report.altered.push(file);
      else {
        told(file);
        const { steps, faults } = readSeed(source);
        const faulty = faults.find((fault) => fault.severity === 'error');
        if (faulty !== undefined)
          throw seedFailed(`${faulty.file}:${faulty.line}:${faulty.column}`, 'reading it', new Error(faulty.message));
        await storage.unitOfWork(async () => {
          for (const step of steps) await applyStep(manager, step, source, context);
          await journal.append({ type: APPLIED, data: { file, hash, steps: steps.length } });
        });
        report.applied.push({ file, steps: steps.length });
      }
    }
    for (const file of report.altered)
      log.warn({ file }, `${file} was altered after it was applied; what it made stays as it is`);
    return report;
  });
}

async function applyStep(
  manager: ServiceManager,
  step: SeedStep,
  source: Source,
  context: { now: Date; timezone: string },
): Promise<void> {
  const what = step.object === undefined ? step.method : `creating ${step.object}`;
  const place = `${source.path}:${step.at.line}:${step.at.column}`;
  try {
    const compiled = compileTemplate(step.with, { variables: {} });
    if (!compiled.ok) throw new Error(compiled.faults.map((fault) => fault.message).join('; '));
    const values = compiled.template.evaluate({}, context);
    const input = step.object === undefined ? values : { object: step.object, values };
    await manager.services.call(step.method, input);
  } catch (error) {
    throw seedFailed(place, what, error);
  }
}

/** People of the demonstration: whoever a seed file defines with a password. */
export interface SignIn {
  user: string;
  password: string;
  roles: string[];
}

/** The demo sign-ins that the seed files make. */
export function demoSignIns(folder: Folder): SignIn[] {
  return folder.sources('seed').flatMap((source) =>
    readSeed(source).steps.flatMap(({ method, with: given }) => {
      const { user, password, roles } = given;
      if (method !== 'users.define' || typeof user !== 'string' || typeof password !== 'string') return [];
      return [{ user, password, roles: Array.isArray(roles) ? roles.map(String) : [] }];
    }),
  );
}
