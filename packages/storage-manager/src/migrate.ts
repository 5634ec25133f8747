import type { Clock, Ids } from '@caruso/service-manager/contract';
import type { Knex } from 'knex';
import { backUp } from './backup.js';
import type { Dialect, MigrationPlan, MigrationStep, StorageApi } from './contract.js';
import type { Database } from './database.js';
import { databaseUnmanaged, migrationLosesData, migrationStepFailed } from './errors.js';
import { ddlEnded, underMariadbLock } from './mariadb-lock.js';
import type { UnitsOfWork } from './unit-of-work.js';

export interface MigrateParts {
  storage: StorageApi;
  units: UnitsOfWork;
  databases: ReadonlyMap<string, Database>;
  database: Database;
  clock: Clock;
  ids: Ids;
}

/** A row of the ledger `caruso_migration`. */
interface Entry {
  id: string;
  statement: string;
}

/**
 * Takes the steps of a plan, each recorded in main's ledger. Where DDL is transactional, a step and its entry commit together. MariaDB
 * commits DDL by itself, as a whole or not at all: its entry is `begun` before and `done` after, and what a crash left begun is settled
 * by the next plan, which has the step again or not.
 */
export async function migrate(
  parts: MigrateParts,
  plan: MigrationPlan,
  options: { allowLoss?: boolean; backup?: boolean },
): Promise<{ backup?: string }> {
  const { settings } = parts.database;
  if (!settings.managed) throw databaseUnmanaged(plan.database);
  const losses = plan.steps.filter((step) => step.destructive).map((step) => step.summary);
  if (losses.length > 0 && options.allowLoss !== true) throw migrationLosesData(plan.database, losses);
  const copied = options.backup === true || plan.steps.some((step) => step.kind !== 'add');
  const backup = copied && plan.steps.length > 0 ? await backUp(parts.database, parts.clock) : undefined;
  const byItself = settings.dialect === 'mariadb';
  if (byItself) await settleBegun(parts, plan.steps);
  for (const [done, step] of plan.steps.entries()) {
    try {
      await (byItself ? takeRecorded(parts, step) : takeWithEntry(parts, step));
    } catch (error) {
      throw migrationStepFailed(plan.database, step.summary, done, plan.steps.length, error);
    }
  }
  return backup === undefined ? {} : { backup };
}

function takeWithEntry(parts: MigrateParts, step: MigrationStep): Promise<void> {
  return parts.storage.unitOfWork(
    async () => {
      await take(parts, step);
      await parts.storage.query('main', entryOf(parts, step, 'done').insert);
    },
    { alone: true },
  );
}

async function takeRecorded(parts: MigrateParts, step: MigrationStep): Promise<void> {
  // Apart from whatever unit of work runs: DDL would commit it.
  await parts.units.outside(async () => {
    const { id, insert } = entryOf(parts, step, 'begun');
    await onLedger(parts, insert);
    const entry = () => parts.storage.query('main', (knex) => knex('caruso_migration').where({ id }).delete());
    try {
      await take(parts, step);
    } catch (error) {
      await entry();
      throw error;
    }
    await parts.storage.query('main', (knex) => knex('caruso_migration').where({ id }).update({ state: 'done' }));
  });
}

async function take({ storage, database }: MigrateParts, step: MigrationStep): Promise<void> {
  const { name, settings, adapter } = database;
  const statements = (step.statements ?? [step.statement]).map((statement) => literally(settings.dialect, statement));
  if (settings.dialect !== 'mariadb') {
    for (const statement of statements) await storage.query(name, (knex) => knex.raw(statement));
    return;
  }
  await underMariadbLock(database, 'ddl', async (session) => {
    for (const statement of statements) await database.guard(statement, () => session.run(adapter.knex.raw(statement)));
  });
}

function entryOf(
  { storage, database, clock, ids }: MigrateParts,
  step: MigrationStep,
  state: 'begun' | 'done',
): { id: string; insert: (knex: Knex) => Knex.QueryBuilder } {
  const id = ids.next();
  const { statement, summary } = step;
  const at = storage.encode('main', 'datetime', clock.now());
  const row = { id, at, database: database.name, statement, summary, state };
  return { id, insert: (knex) => knex('caruso_migration').insert(row) };
}

/** What was sent before a crash has come to its end where MariaDB keeps the ledger, once the lock can be had. */
async function onLedger({ storage, databases }: MigrateParts, build: (knex: Knex) => Knex.QueryBuilder): Promise<void> {
  const main = databases.get('main');
  if (main?.settings.dialect !== 'mariadb') return void (await storage.query('main', build));
  await underMariadbLock(main, 'ddl', async (session) => {
    const statement = build(main.adapter.knex);
    await main.guard(statement, () => session.run(statement));
  });
}

/** What a crash left begun: a step that is still to be taken gets another entry, one that is not was done. */
async function settleBegun(
  { storage, databases, database }: MigrateParts,
  steps: readonly MigrationStep[],
): Promise<void> {
  const main = databases.get('main');
  if (main?.settings.dialect === 'mariadb') await ddlEnded(main);
  const begun = await storage.query<Entry[]>('main', (knex) =>
    knex('caruso_migration').where({ database: database.name, state: 'begun' }),
  );
  const wanted = new Set(steps.map((step) => step.statement));
  for (const { id, statement } of begun) {
    await storage.query('main', (knex) => {
      const entry = knex('caruso_migration').where({ id });
      return wanted.has(statement) ? entry.delete() : entry.update({ state: 'done' });
    });
  }
}

/** Servers' adapters take a question mark for a binding even where there are none; in MariaDB's literals it is none. */
function literally(dialect: Dialect, statement: string): string {
  if (dialect === 'postgres') return statement.replaceAll('?', '\\?');
  if (dialect === 'mariadb') return statement.replace(/"(?:[^"]|"")*"/g, (name) => name.replace(/[\\?]/g, '\\$&'));
  return statement;
}
