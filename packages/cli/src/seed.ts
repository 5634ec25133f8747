import { createHash } from 'node:crypto';
import type { Folder, Source } from '@caruso/declarations';
import { compileTemplate } from '@caruso/expressions';
import type { ServiceManager } from '@caruso/service-manager';
import { actingAs, systemPrincipal } from '@caruso/service-manager/contract';
import { Journal, Storage } from '@caruso/storage-manager/contract';
import { seedFailed } from './errors.js';
import { readSeed, type SeedStep } from './seed-file.js';

/** The journal's record of a seed file that was applied. */
const APPLIED = 'seed.applied';

/** What the seed files of a folder still have to do in its database. */
export async function sortSeeds(
  manager: ServiceManager,
  folder: Folder,
): Promise<{ pending: Source[]; known: string[]; altered: string[] }> {
  const before = await manager.use(Journal, '^1.0').read({ types: [APPLIED], limit: 10_000 });
  const hashes = new Map(before.map((event) => [event.data['file'], event.data['hash']]));
  const pending: Source[] = [];
  const known: string[] = [];
  const altered: string[] = [];
  for (const source of folder.sources('seed')) {
    const applied = hashes.get(nameOf(source));
    if (applied === undefined) pending.push(source);
    else if (applied === hashOf(source)) known.push(nameOf(source));
    else altered.push(nameOf(source));
  }
  return { pending, known, altered };
}

/**
 * Applies seed files, each as a whole: what a file makes and the record that it was applied are one unit of work. Acts as the system.
 * Throws SEED_FAILED, which names file, line and column; the files before it stay applied.
 */
export async function applySeeds(
  manager: ServiceManager,
  folder: Folder,
  pending: readonly Source[],
  now: number,
): Promise<{ file: string; steps: number }[]> {
  const storage = manager.use(Storage, '^1.0');
  const journal = manager.use(Journal, '^1.0');
  const context = { now: new Date(now), timezone: folder.manifest.timezone };
  return actingAs(systemPrincipal, async () => {
    const applied: { file: string; steps: number }[] = [];
    for (const source of pending) {
      const { steps, faults } = readSeed(source);
      const faulty = faults.find((fault) => fault.severity === 'error');
      if (faulty !== undefined) {
        const place = `${faulty.file}:${faulty.line}:${faulty.column}`;
        throw seedFailed(place, 'reading it', new Error(faulty.message));
      }
      await storage.unitOfWork(async () => {
        for (const step of steps) await applyStep(manager, step, source, context);
        await journal.append({
          type: APPLIED,
          data: { file: nameOf(source), hash: hashOf(source), steps: steps.length },
        });
      });
      applied.push({ file: nameOf(source), steps: steps.length });
    }
    return applied;
  });
}

function nameOf(source: Source): string {
  return source.name ?? source.path;
}

function hashOf(source: Source): string {
  return createHash('sha256').update(source.text).digest('hex');
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
