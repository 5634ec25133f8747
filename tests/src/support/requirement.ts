import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { expect, test } from 'vitest';

/** The repository's root. */
export const root = path.resolve(import.meta.dirname, '../../..');

/** Something a suite needs that a machine may lack. */
interface Requirement {
  present: boolean;
  /** What is missing and how to get it. */
  remedy: string;
}

/**
 * `test` where everything needed is there; else a skipped test with one line that says what is missing, or, where nothing may be skipped
 * (`CARUSO_REQUIRE_ALL`), a test that fails and says the same.
 */
export function testWith(...requirements: Requirement[]): typeof test {
  const missing = requirements.filter((requirement) => !requirement.present).map((requirement) => requirement.remedy);
  if (missing.length === 0 || process.env['CARUSO_REQUIRE_ALL']) {
    if (missing.length > 0) test('has what it needs', () => expect(missing).toEqual([]));
    return test;
  }
  console.log(`skipped: ${missing.join('; ')}`);
  return test.skip as unknown as typeof test;
}

export const chromiumPath =
  process.env['CARUSO_CHROMIUM'] ??
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) => existsSync(file));

export const browser: Requirement = {
  present: chromiumPath !== undefined,
  remedy: 'no Chromium found: install the package chromium, or set CARUSO_CHROMIUM to its path',
};

export const postgresUrl = process.env['CARUSO_TEST_POSTGRES'] ?? 'postgres://root@127.0.0.1:5432/test';
export const postgres: Requirement = {
  present: await answers(new URL(postgresUrl), 5432),
  remedy: 'PostgreSQL does not answer: install the package postgresql and set CARUSO_TEST_POSTGRES to a database',
};

export const mariadbUrl = process.env['CARUSO_TEST_MARIADB'] ?? 'mariadb://root@127.0.0.1:3306/test';
export const mariadb: Requirement = {
  present: await answers(new URL(mariadbUrl), 3306),
  remedy: 'MariaDB does not answer: install the package mariadb-server and set CARUSO_TEST_MARIADB to a database',
};

export const natsUrl = process.env['CARUSO_TEST_NATS'] ?? 'nats://127.0.0.1:4222';
export const nats: Requirement = {
  present: await answers(new URL(natsUrl), 4222),
  remedy: 'NATS does not answer: install the package nats-server and set CARUSO_TEST_NATS to its address',
};

/** Data that nobody of the project wrote; it stays outside the repository. */
const sharedData = process.env['CARUSO_SHARED_DATA'] ?? path.resolve(root, '../shared/data');
export const northwindFile = path.join(sharedData, 'legacy-northwind', 'create.sql');
export const northwind: Requirement = {
  present: existsSync(northwindFile),
  remedy:
    'the Northwind database is not here: set CARUSO_SHARED_DATA to a folder that holds legacy-northwind/create.sql',
};

/** Record sets of the Febrl project with known duplicates (P. Christen, 2008). */
export const febrlFile = (name: 'febrl1' | 'febrl3') => path.join(sharedData, 'dedup', `${name}.csv`);
export const febrl: Requirement = {
  present: existsSync(febrlFile('febrl1')) && existsSync(febrlFile('febrl3')),
  remedy:
    'the record sets of Febrl are not here: set CARUSO_SHARED_DATA to a folder that holds dedup/febrl1.csv and febrl3.csv',
};

function answers(url: URL, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: url.hostname, port: Number(url.port || port), timeout: 2000 });
    const done = (value: boolean) => {
      socket.destroy();
      resolve(value);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
    socket.once('timeout', () => done(false));
  });
}
