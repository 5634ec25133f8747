import { CarusoError } from '@caruso/service-manager/contract';

export function databaseUnknown(database: string, known: string[]): CarusoError {
  return new CarusoError({
    code: 'DATABASE_UNKNOWN',
    message: `database '${database}' is not declared; caruso.yaml declares ${known.map((name) => `'${name}'`).join(', ')}`,
    remedy: `declare '${database}' under databases: in caruso.yaml, or use one that is declared`,
    details: { database, known },
  });
}

export function databaseUrlInvalid(database: string, reason: string): CarusoError {
  return new CarusoError({
    code: 'DATABASE_URL_INVALID',
    message: `the url of database '${database}' cannot be used: ${reason}`,
    remedy:
      'write sqlite:./data/x.db, sqlite::memory:, postgres://user@host:5432/name or mariadb://user@host:3306/name',
    details: { database },
  });
}

export function databaseUnreachable(database: string, where: string, reason: string, cause?: unknown): CarusoError {
  return new CarusoError({
    code: 'DATABASE_UNREACHABLE',
    message: `database '${database}' (${where}) does not answer: ${reason}`,
    remedy: `start the server of '${database}' or correct its url in caruso.yaml; Caruso goes on trying and recovers by itself`,
    status: 503,
    details: { database, reason },
    cause,
  });
}

export function databaseMisdeclared(names: string[]): CarusoError {
  return new CarusoError({
    code: 'DATABASE_MAIN_MISSING',
    message: `the storage manager needs a database named 'main' for the journal; declared: ${names.length === 0 ? 'none' : names.map((name) => `'${name}'`).join(', ')}`,
    remedy: 'declare databases: { main: sqlite:./data/x.db } in caruso.yaml; it must be managed',
  });
}

export function databaseUnmanaged(database: string): CarusoError {
  return new CarusoError({
    code: 'DATABASE_UNMANAGED',
    message: `database '${database}' is not managed by Caruso, so its tables are never altered`,
    remedy: `apply the change with the tools of the system that owns '${database}', or declare it managed: true`,
    status: 409,
    details: { database },
  });
}

export interface ViolationDetails {
  database: string;
  kind: 'unique' | 'foreign key' | 'required' | 'check' | 'other';
  table?: string | undefined;
  columns?: string[] | undefined;
  constraint?: string | undefined;
}

export function constraintViolated(details: ViolationDetails, cause: unknown): CarusoError {
  const where = [details.table, details.columns?.join(', ')].filter(Boolean).join(': ');
  const what = {
    unique: 'a row with the same key exists already',
    'foreign key': 'a row it refers to does not exist, or rows still refer to it',
    required: 'a required value is missing',
    check: 'a value is not allowed',
    other: 'a constraint does not hold',
  }[details.kind];
  return new CarusoError({
    code: 'CONSTRAINT_VIOLATED',
    message: `database '${details.database}' refuses the change${where === '' ? '' : ` of ${where}`}: ${what}`,
    remedy: 'change the values at fault and send the change again',
    status: 409,
    details,
    cause,
  });
}

/** `held` and `wanted` name both ends of the wait. */
export function storageTimeout(wanted: string, held: string, ms: number, cause?: unknown): CarusoError {
  return new CarusoError({
    code: 'STORAGE_TIMEOUT',
    message: `waited ${ms} ms for database '${wanted}' (${held})`,
    remedy:
      'send the call again; if it repeats, keep units of work short and touch databases in the same order everywhere',
    status: 503,
    details: { database: wanted },
    cause,
  });
}

export function viewNotWritable(database: string, reason: string, cause: unknown): CarusoError {
  return new CarusoError({
    code: 'VIEW_NOT_WRITABLE',
    message: `database '${database}' cannot change rows of a view: ${reason}`,
    remedy:
      'change the tables that it shows; PostgreSQL and MariaDB change simple views of one table, SQLite none. Or let the object have no key, so that it is read only',
    status: 409,
    details: { database },
    cause,
  });
}

/** `work` kept others waiting that had ended, and shared its transaction. */
export function heldUp(work: string, others: number, ms: number): CarusoError {
  return new CarusoError({
    code: 'STORAGE_TIMEOUT',
    message: `${work} did not end within ${ms} ms, while ${others === 1 ? 'another one' : `${others} others`} waited for their common commit`,
    remedy: 'let no unit of work wait for the answer of another one, and run a long one with { alone: true }',
    status: 503,
    details: { database: 'main' },
  });
}

export function statementFailed(database: string, sql: string, reason: string, cause: unknown): CarusoError {
  return new CarusoError({
    code: 'STATEMENT_FAILED',
    message: `database '${database}' cannot run a statement: ${reason}`,
    remedy: 'check the names of tables and columns against the database, and that its migration was applied',
    details: { database, sql: sql.slice(0, 1000) },
    cause,
  });
}

export function unitOfWorkEnded(database: string): CarusoError {
  return new CarusoError({
    code: 'UNIT_OF_WORK_ENDED',
    message: `a statement for database '${database}' came from a unit of work that has ended already`,
    remedy:
      'await every promise inside the unit of work, or start the work with afterCommit or in a unit of work of its own',
    details: { database },
  });
}

export function unitOfWorkBroken(database: string, cause: unknown): CarusoError {
  return new CarusoError({
    code: 'UNIT_OF_WORK_BROKEN',
    message: `the unit of work can only roll back: an earlier part of it failed (${cause instanceof Error ? cause.message : String(cause)}), then came work for '${database}'`,
    remedy: 'let the first error leave the unit of work, or do what may fail in a unit of work of its own',
    status: cause instanceof CarusoError ? cause.status : 500,
    details: { database },
    cause,
  });
}

export function valueNotStorable(type: string, reason: string): CarusoError {
  return new CarusoError({
    code: 'VALUE_NOT_STORABLE',
    message: `a value cannot be stored as ${type}: ${reason}`,
    remedy: 'send a value of that type',
    status: 422,
    details: { type },
  });
}

export function migrationLosesData(database: string, summaries: string[]): CarusoError {
  return new CarusoError({
    code: 'MIGRATION_LOSES_DATA',
    message: `the plan for '${database}' would lose data: ${summaries.join('; ')}`,
    remedy: 'make a backup, then apply the plan with allowLoss',
    status: 409,
    details: { database, summaries },
  });
}

export function backupFailed(database: string, folder: string, cause: unknown): CarusoError {
  return new CarusoError({
    code: 'BACKUP_FAILED',
    message: `'${database}' could not be copied to ${folder} before its migration: ${cause instanceof Error ? cause.message : String(cause)}`,
    remedy: 'make room and give the right to write there, then migrate again; nothing was changed',
    details: { database, folder },
    cause,
  });
}

export function migrationBusy(database: string, seconds: number): CarusoError {
  return new CarusoError({
    code: 'MIGRATION_BUSY',
    message: `the tables of '${database}' are being changed by another statement, which has not ended within ${seconds} seconds`,
    remedy:
      'wait for it to end (SHOW PROCESSLIST names it), then try again: a statement goes on though its process was killed',
    status: 503,
    details: { database },
  });
}

export function migrationStepFailed(
  database: string,
  summary: string,
  done: number,
  of: number,
  cause: unknown,
): CarusoError {
  return new CarusoError({
    code: 'MIGRATION_STEP_FAILED',
    message: `migration of '${database}' stopped at step ${done + 1} of ${of} (${summary}): ${cause instanceof Error ? cause.message : String(cause)}`,
    remedy: 'correct the cause and migrate again: the steps before it are done and recorded in caruso_migration',
    details: { database, summary },
    cause,
  });
}

export function consumerTaken(consumer: string): CarusoError {
  return new CarusoError({
    code: 'CONSUMER_TAKEN',
    message: `consumer '${consumer}' consumes the journal already in this process`,
    remedy: 'stop the first one, or give the second a name of its own',
    details: { consumer },
  });
}

export function idleInsideUnitOfWork(): CarusoError {
  return new CarusoError({
    code: 'IDLE_INSIDE_UNIT_OF_WORK',
    message: 'journal.idle() would wait for consumers that wait for this very unit of work',
    remedy: 'call idle() after the unit of work',
  });
}
