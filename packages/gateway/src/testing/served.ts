import { createServiceManager, type ServiceManager } from '@caruso/service-manager';
import {
  type AnyComponent,
  CarusoError,
  defineComponent,
  defineContract,
  type Log,
  systemClock,
  systemIds,
} from '@caruso/service-manager/contract';
import storage from '@caruso/storage-manager';
import { z } from 'zod';
import { gatewayComponent as gateway } from '../component.js';
import { Gateway, Users } from '../contract.js';

/** A wrapper as an integrator writes it: something to call. */
const Notes = defineContract({
  id: 'notes',
  version: '1.0.0',
  methods: {
    add: {
      summary: 'Adds a note',
      input: z.object({ text: z.string().min(1), lines: z.array(z.object({ count: z.number() })).default([]) }),
      output: z.object({ text: z.string(), by: z.string(), kind: z.string() }),
      allow: ['agent', 'supervisor'],
    },
    whoAmI: {
      summary: 'Who calls',
      input: z.object({}),
      output: z.object({ kind: z.string(), id: z.string() }).nullable(),
      idempotent: true,
      allow: ['public'],
    },
    nothing: { summary: 'Gives nothing', input: z.object({}), output: z.null(), allow: ['public'] },
    fail: {
      summary: 'Fails as told',
      input: z.object({ how: z.enum(['bug', 'inside', 'refusal']) }),
      output: z.null(),
      allow: ['public'],
    },
    inside: { summary: 'For components only', input: z.object({}), output: z.null() },
  },
});

export const notes = defineComponent({
  provides: Notes,
  version: '1.0.0',
  needs: {},
  config: z.strictObject({}),
  create: () => ({
    handlers: {
      add: ({ text }, { principal }) => ({ text, by: principal.id, kind: principal.kind }),
      whoAmI: (_input, { principal }) => ({ kind: principal.kind, id: principal.id }),
      nothing: () => null,
      fail: ({ how }) => {
        if (how === 'bug') throw new TypeError('password=hunter2 at /secret/path');
        const inside = { code: 'BILLING_DOWN', message: 'billing.internal:5432 does not answer', status: 503 };
        if (how === 'inside') throw new CarusoError(inside);
        throw new CarusoError({ code: 'NOTE_REFUSED', message: 'No', remedy: 'ask again', status: 409, details: [1] });
      },
      inside: () => null,
    },
  }),
});

export interface Served {
  url: string;
  manager: ServiceManager;
  /** What was logged as an error. */
  errors: unknown[];
  stop: () => Promise<void>;
}

/** Serves on a free port, over a database in memory, with three people: anna (agent), sam (supervisor) and ada (administrator). */
export async function serve(
  config: Record<string, unknown> = {},
  more: Record<string, AnyComponent | [AnyComponent, unknown]> = {},
  databases: Record<string, unknown> = { main: 'sqlite::memory:' },
): Promise<Served> {
  const errors: unknown[] = [];
  const log: Log = { debug() {}, info() {}, warn() {}, error: (data) => errors.push(data) };
  const manager = createServiceManager({ clock: systemClock, ids: systemIds, log });
  manager.install('storage', storage, { databases, folder: '/' });
  for (const [name, entry] of Object.entries(more)) {
    const [component, own] = Array.isArray(entry) ? entry : [entry, {}];
    manager.install(name, component, own);
  }
  manager.install('notes', notes);
  manager.install('gateway', gateway, { port: 0, ...config });
  await manager.start();
  const { url } = await manager.use(Gateway, '^1.0').address({});
  const users = manager.use(Users, '^1.0');
  for (const [user, role] of [
    ['anna', 'agent'],
    ['sam', 'supervisor'],
    ['ada', 'administrator'],
  ] as const) {
    await users.define({ user, name: user, roles: [role], password });
  }
  return { url, manager, errors, stop: () => manager.stop() };
}

export const password = 'correct horse';

/** A browser, as far as cookies go. */
export class Browser {
  readonly cookies = new Map<string, string>();

  constructor(readonly url: string) {}

  static async signedIn(url: string, user: string): Promise<Browser> {
    const browser = new Browser(url);
    const answer = await browser.post('/api/sign-in', { user, password });
    if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status}`);
    return browser;
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const answer = await fetch(this.url + path, { ...init, headers: { cookie: this.cookie, ...init.headers } });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return this.send('POST', path, body, headers);
  }

  send(method: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return this.fetch(path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }
}
