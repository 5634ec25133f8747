import type { Clock, Ids } from '@caruso/service-manager/contract';
import type { Knex } from 'knex';
import { decode, encode } from './codec.js';
import type {
  ColumnType,
  DatabaseInfo,
  DatabaseSchema,
  Dialect,
  MigrationPlan,
  MigrationStep,
  RowsToInsert,
  StorageApi,
  TableShape,
} from './contract.js';
import type { Database } from './database.js';
import { createTable } from './ddl.js';
import { databaseUnknown } from './errors.js';
import { insertStatements } from './insert-rows.js';
import { introspectMariadb } from './introspect-mariadb.js';
import { introspectPostgres } from './introspect-postgres.js';
import { introspectSqlite, type Read } from './introspect-sqlite.js';
import { ledgerTable, ownTables } from './journal-tables.js';
import { ddlEnded, underMariadbLock } from './mariadb-lock.js';
import { migrate } from './migrate.js';
import { planMigration } from './plan-migration.js';
import type { UnitsOfWork } from './unit-of-work.js';

export interface StorageOptions {
  databases: ReadonlyMap<string, Database>;
  units: UnitsOfWork;
  clock: Clock;
  ids: Ids;
}

const INTROSPECTIONS: Readonly<Record<Dialect, (database: string, read: Read) => Promise<DatabaseSchema>>> = {
  sqlite: introspectSqlite,
  postgres: introspectPostgres,
  mariadb: introspectMariadb,
};

/** The `storage` contract over databases and units of work. */
export class StorageManager implements StorageApi {
  readonly #options: StorageOptions;

  constructor(options: StorageOptions) {
    this.#options = options;
  }

  databases(): DatabaseInfo[] {
    return [...this.#options.databases.values()].map((database) => database.info());
  }

  dialect(database: string): Dialect {
    return this.#database(database).settings.dialect;
  }

  unitOfWork<T>(work: () => Promise<T>, options?: { alone?: boolean }): Promise<T> {
    return this.#options.units.run(work, options);
  }

  async lock(name: string): Promise<void> {
    switch (this.dialect('main')) {
      case 'sqlite':
        // Its first statement gives a unit of work the turn until its end.
        await this.query('main', (knex) => knex.raw('select 1'));
        return;
      case 'postgres':
        await this.query('main', (knex) =>
          knex.raw('select pg_advisory_xact_lock(hashtext(?), hashtext(current_schema()))', [name]),
        );
        return;
      case 'mariadb': {
        const take = () => this.query<unknown[]>('main', (knex) => knex('caruso_lock').where({ name }).forUpdate());
        if ((await take()).length > 0) return;
        // Made and committed apart from this unit of work, so that two that come first at once do not wait for each other.
        await this.#options.units.outside(() =>
          this.query('main', (knex) => knex('caruso_lock').insert({ name }).onConflict('name').ignore()),
        );
        await take();
      }
    }
  }

  inUnitOfWork(): boolean {
    return this.#options.units.inside();
  }

  afterCommit(work: () => void | Promise<void>): void {
    this.#options.units.afterCommit(work);
  }

  async query<T = unknown>(
    database: string,
    build: (knex: Knex) => Knex.QueryBuilder | Knex.Raw | Knex.SchemaBuilder,
  ): Promise<T> {
    const target = this.#database(database);
    return (await this.#options.units.statement(target, () => build(target.adapter.knex))) as T;
  }

  async rows<T extends object = Record<string, unknown>>(
    database: string,
    text: string,
    bindings: readonly unknown[] = [],
  ): Promise<T[]> {
    return (await this.#options.units.rows(this.#database(database), text, bindings)) as T[];
  }

  async insertRows<T extends object = Record<string, unknown>>(database: string, into: RowsToInsert): Promise<T[]> {
    const target = this.#database(database);
    const { units } = this.#options;
    const back: T[] = [];
    const statements = insertStatements(target.settings.dialect, into);
    await units.run(async () => {
      for (const { text, bindings } of statements) back.push(...((await units.rows(target, text, bindings)) as T[]));
    });
    return back;
  }

  /** Rows as they lie there now, committed or not: only where the adapter can read so. */
  async uncommittedRows(
    database: string,
    text: string,
    bindings: readonly unknown[],
  ): Promise<Record<string, unknown>[]> {
    const target = this.#database(database);
    const read = target.adapter.uncommittedRows;
    if (read === undefined) throw new Error(`unreachable: '${database}' is asked for what is not committed`);
    if (!target.adapter.isOpen()) await target.open();
    return target.guard(text, () => read(text, bindings));
  }

  introspect(database: string): Promise<DatabaseSchema> {
    const read: Read = (sql, bindings = []) => this.query(database, (knex) => knex.raw(sql, bindings));
    return INTROSPECTIONS[this.dialect(database)](database, read);
  }

  async plan(database: string, wanted: TableShape[]): Promise<MigrationPlan> {
    const { settings } = this.#database(database);
    if (settings.managed && settings.dialect === 'mariadb') await ddlEnded(this.#database(database));
    const plan = planMigration(await this.introspect(database), wanted);
    if (settings.managed) {
      for (const step of plan.steps) if (step.loses !== undefined) await this.#count(database, step, step.loses);
      return plan;
    }
    const notes = plan.steps.map((step) => `${step.summary}: not done, '${database}' is not managed`);
    return { database, steps: [], notes: [...notes, ...plan.notes] };
  }

  /** What would be lost is said beforehand. */
  async #count(database: string, step: MigrationStep, loses: NonNullable<MigrationStep['loses']>): Promise<void> {
    const [row] = await this.query<{ values: number }[]>(database, (knex) =>
      knex(loses.table).count({ values: loses.column }),
    );
    loses.values = Number(row?.values ?? 0);
    step.summary += `, and with it ${loses.values === 1 ? '1 value' : `${loses.values} values`}`;
  }

  migrate(plan: MigrationPlan, options: { allowLoss?: boolean; backup?: boolean } = {}): Promise<{ backup?: string }> {
    return migrate({ ...this.#options, storage: this, database: this.#database(plan.database) }, plan, options);
  }

  encode(database: string, type: ColumnType, value: unknown, scale?: number): unknown {
    return encode(this.#database(database).settings, type, value, scale);
  }

  decode(database: string, type: ColumnType, stored: unknown, scale?: number): unknown {
    return decode(this.#database(database).settings, type, stored, scale);
  }

  /** Makes or extends the ledger's and the journal's tables; of several processes that start at once, one does it. */
  async prepareOwnTables(): Promise<void> {
    const main = this.#database('main');
    if (main.settings.dialect === 'mariadb') return underMariadbLock(main, 'own', () => this.#makeOwnTables());
    await this.unitOfWork(async () => {
      if (main.settings.dialect === 'postgres') await this.query('main', (knex) => knex.raw(POSTGRES_LOCK));
      await this.#makeOwnTables();
    });
  }

  async #makeOwnTables(): Promise<void> {
    await this.#ensureLedger();
    await this.migrate(await this.plan('main', ownTables(this.dialect('main'))));
  }

  /** The ledger cannot record its own making. */
  async #ensureLedger(): Promise<void> {
    const statement = createTable(this.dialect('main'), ledgerTable);
    await this.query('main', (knex) => knex.raw(statement.replace(/^create table /, 'create table if not exists ')));
  }

  #database(name: string): Database {
    const database = this.#options.databases.get(name);
    if (database === undefined) throw databaseUnknown(name, [...this.#options.databases.keys()]);
    return database;
  }
}

/** Ends with the unit of work. */
const POSTGRES_LOCK = `select pg_advisory_xact_lock(hashtext('caruso_migration'), hashtext(current_schema()))`;
