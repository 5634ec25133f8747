import { systemIds, VirtualClock } from '@caruso/service-manager/contract';
import { createStorage, type OpenStorage } from '@caruso/storage-manager';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Passwords } from './password.js';
import { Sessions } from './sessions.js';
import { ensureTables } from './tables.js';
import { UserStore } from './users.js';

const HOUR = 3_600_000;

describe('sessions', () => {
  let clock: VirtualClock;
  let open: OpenStorage;
  let sessions: Sessions;
  let users: UserStore;

  beforeEach(async () => {
    clock = new VirtualClock();
    open = await createStorage({ databases: { main: 'sqlite::memory:' }, clock, ids: systemIds });
    const { storage, journal } = open;
    await ensureTables(storage);
    sessions = new Sessions(storage, clock, 12 * HOUR);
    const onChange = (user: string, end: boolean) => sessions.changed(user, end);
    users = new UserStore({ storage, journal, passwords: new Passwords(), clock, onChange });
    await users.define({
      user: 'anna',
      name: 'Anna',
      email: null,
      roles: ['agent'],
      attributes: { region: 'north' },
      active: true,
      password: 'correct horse',
    });
  });
  afterEach(() => open.close());

  const stored = () => open.storage.query<unknown[]>('main', (knex) => knex('caruso_session'));

  test('carry who acts, with the facts that row rights name', async () => {
    const session = await sessions.find(await sessions.open('anna'));
    expect(session?.principal).toEqual({
      kind: 'user',
      id: 'anna',
      name: 'Anna',
      roles: ['agent'],
      attributes: { region: 'north' },
    });
    expect(await sessions.find('something else')).toBeUndefined();
  });

  test('last as long as they are used, and no longer', async () => {
    const token = await sessions.open('anna');
    for (let day = 0; day < 5; day += 1) {
      await clock.advance(11 * HOUR);
      expect(await sessions.find(token)).toBeDefined();
    }
    await clock.advance(12 * HOUR);
    expect(await sessions.find(token)).toBeUndefined();
  });

  test('are not prolonged by being looked at', async () => {
    const session = await sessions.find(await sessions.open('anna'));
    if (session === undefined) throw new Error('no session');
    await clock.advance(11 * HOUR);
    expect(await sessions.refresh(session)).toBeDefined();
    await clock.advance(HOUR);
    expect(await sessions.refresh(session)).toBeUndefined();
  });

  test('are deleted when they have expired', async () => {
    await sessions.open('anna');
    await clock.advance(6 * HOUR);
    const later = await sessions.open('anna');
    await clock.advance(7 * HOUR);
    await sessions.purge();
    expect(await stored()).toHaveLength(1);
    expect(await sessions.find(later)).toBeDefined();
  });

  test('that end while they are being read stay ended', async () => {
    const token = await sessions.open('anna');
    const session = await sessions.find(token);
    if (session === undefined) throw new Error('no session');
    // What was read is no longer taken as fresh, so that the next look goes to the database.
    await clock.advance(6_000);
    const reading = sessions.find(token);
    await sessions.close(session);
    await reading;
    expect(await sessions.find(token)).toBeUndefined();
  });

  test('go on where a change of the user is rolled back', async () => {
    const token = await sessions.open('anna');
    await expect(
      open.storage.unitOfWork(async () => {
        await sessions.changed('anna', true);
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    expect(await sessions.find(token)).toBeDefined();
    await sessions.changed('anna', true);
    expect(await sessions.find(token)).toBeUndefined();
  });

  test('are found without the database for some seconds', async () => {
    const token = await sessions.open('anna');
    await sessions.find(token);
    await open.storage.query('main', (knex) => knex('caruso_session').delete());
    expect(await sessions.find(token)).toBeDefined();
    await clock.advance(5_000);
    expect(await sessions.find(token)).toBeUndefined();
  });
});
