import { Journal, Storage } from '@caruso/storage-manager/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Users } from './contract.js';
import { Browser, password, type Served, serve } from './testing/served.js';

describe('signing in', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve();
  });
  afterAll(() => served.stop());

  test('gives a session in a cookie that scripts and other sites cannot use', async () => {
    const answer = await new Browser(served.url).post('/api/sign-in', { user: 'Anna ', password });
    expect(await answer.json()).toEqual({ user: 'anna', name: 'anna', roles: ['agent'] });
    const cookie = answer.headers.getSetCookie().find((each) => each.startsWith('caruso_session='));
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(cookie).not.toMatch(/Secure/);
  });

  test('stores neither the token nor the password', async () => {
    const browser = await Browser.signedIn(served.url, 'anna');
    const storage = served.manager.use(Storage, '^1.0');
    const stored = JSON.stringify([
      await storage.query('main', (knex) => knex('caruso_session')),
      await storage.query('main', (knex) => knex('caruso_user')),
      await served.manager.use(Journal, '^1.0').read({ limit: 500 }),
    ]);
    const token = browser.cookies.get('caruso_session') ?? '';
    expect(token.length).toBe(43);
    expect(stored).not.toContain(token);
    expect(stored).not.toContain(password);
    const journal = JSON.stringify(await served.manager.use(Journal, '^1.0').read({ limit: 500 }));
    expect(journal).not.toContain('scrypt');
  });

  test('answers a wrong password and an unknown user alike', async () => {
    const wrong = await new Browser(served.url).post('/api/sign-in', { user: 'anna', password: 'wrong horse' });
    const unknown = await new Browser(served.url).post('/api/sign-in', { user: 'nobody', password: 'wrong horse' });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    const bodies = [await wrong.json(), await unknown.json()] as { error: { code: string; request: string } }[];
    const [left, right] = bodies.map(({ error }) => ({ ...error, request: '' }));
    expect(left).toEqual(right);
    expect(left?.code).toBe('SIGN_IN_REFUSED');
  });

  test('journals who came, and refusals without the name of an unknown', async () => {
    await new Browser(served.url).post('/api/sign-in', { user: 'my-secret-password', password: 'x' });
    await Browser.signedIn(served.url, 'sam');
    const journal = served.manager.use(Journal, '^1.0');
    const refused = await journal.read({ types: ['User.signInRefused'], descending: true, limit: 1 });
    expect(refused[0]?.data).toMatchObject({ user: null });
    const signedIn = await journal.read({ types: ['User.signedIn'], descending: true, limit: 1 });
    expect(signedIn[0]).toMatchObject({ subject: { object: 'User', key: 'sam' }, actor: { kind: 'user', id: 'sam' } });
  });

  test('says who is signed in, and ends with signing out, at once', async () => {
    const browser = await Browser.signedIn(served.url, 'anna');
    expect((await browser.fetch('/api/me')).status).toBe(200);
    const stolen = browser.cookie;
    expect((await browser.fetch('/api/sign-out', { method: 'POST' })).status).toBe(204);
    expect(browser.cookies.has('caruso_session')).toBe(false);
    const answer = await fetch(`${served.url}/api/me`, { headers: { cookie: stolen } });
    expect(answer.status).toBe(401);
    expect(((await answer.json()) as { error: { code: string } }).error.code).toBe('NOT_SIGNED_IN');
  });

  test('a new password ends every session of the user', async () => {
    const users = served.manager.use(Users, '^1.0');
    await users.define({ user: 'ben', name: 'Ben', roles: ['agent'], password });
    const [one, two] = [await Browser.signedIn(served.url, 'ben'), await Browser.signedIn(served.url, 'ben')];
    expect((await one.fetch('/api/me')).status).toBe(200);
    await users.define({ user: 'ben', name: 'Ben', roles: ['agent'], password: 'another horse' });
    expect((await one.fetch('/api/me')).status).toBe(401);
    expect((await two.fetch('/api/me')).status).toBe(401);
  });

  test('changed roles hold at once, without a new sign-in', async () => {
    const users = served.manager.use(Users, '^1.0');
    await users.define({ user: 'eva', name: 'Eva', roles: ['agent'], password });
    const browser = await Browser.signedIn(served.url, 'eva');
    expect(await (await browser.fetch('/api/me')).json()).toMatchObject({ roles: ['agent'] });
    await users.define({ user: 'eva', name: 'Eva', roles: ['supervisor'] });
    expect(await (await browser.fetch('/api/me')).json()).toMatchObject({ roles: ['supervisor'] });
    await users.define({ user: 'eva', name: 'Eva', roles: ['supervisor'], active: false });
    expect((await browser.fetch('/api/me')).status).toBe(401);
    expect((await new Browser(served.url).post('/api/sign-in', { user: 'eva', password })).status).toBe(401);
  });

  test('a new user needs a password', async () => {
    const users = served.manager.use(Users, '^1.0');
    await expect(users.define({ user: 'zoe', name: 'Zoe', roles: ['agent'] })).rejects.toMatchObject({
      code: 'PASSWORD_MISSING',
    });
  });

  test('guessing is stopped, others go on', async () => {
    const guesses = Array.from({ length: 12 }, (_, at) =>
      new Browser(served.url).post('/api/sign-in', { user: 'ada', password: `guess ${at}` }),
    );
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    const limited = await new Browser(served.url).post('/api/sign-in', { user: 'ada', password });
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await new Browser(served.url).post('/api/sign-in', { user: 'anna', password })).status).toBe(200);
  });
});
