import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import path from 'node:path';
import { type ChildServer, startServer } from './child-server.js';
import { directusPeer } from './peers.js';

const admin = { email: 'admin@example.com', password: 'bench-admin-1' };
const anna = { email: 'anna@example.com', password: 'bench-anna-1' };

export interface Directus extends ChildServer {
  /** Of a person whose role may read and create what the benchmarks ask for. */
  headers: Record<string, string>;
}

/** Directus in production mode over a SQLite file, with a role, its rights, and somebody who has signed in. */
export async function startDirectus(
  file: string,
  rights: readonly [collection: string, action: string][],
): Promise<Directus> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    NODE_ENV: 'production',
    KEY: 'bench',
    SECRET: 'bench-secret',
    DB_CLIENT: 'sqlite3',
    DB_FILENAME: file,
    HOST: '127.0.0.1',
    PORT: String(port),
    PUBLIC_URL: url,
    ADMIN_EMAIL: admin.email,
    ADMIN_PASSWORD: admin.password,
    ACCESS_TOKEN_TTL: '1d',
    TELEMETRY: 'false',
    // A line a request would be charged to it alone.
    LOG_LEVEL: 'error',
  };
  const folder = directusPeer.folder;
  const cli = path.join(folder, 'node_modules', 'directus', 'cli.js');
  await ran([cli, 'bootstrap'], folder, env);
  const server = await startServer(['--import', listening(url), cli, 'start'], /listening on (\S+)/, {
    cwd: folder,
    env,
  });
  try {
    let token = await signIn(url, admin);
    const post = async (address: string, body: object): Promise<string> => {
      const { id } = await send<{ id: string }>(url, token, address, body);
      return id;
    };
    // Who changed what is kept, as in our journal; it is so by default where Directus makes a collection itself.
    for (const collection of new Set(rights.map(([name]) => name)))
      await send(url, token, `/collections/${collection}`, { meta: { accountability: 'all' } }, 'PATCH');
    const none = { create: [], update: [], delete: [] };
    const policy = await post('/policies', {
      name: 'bench',
      app_access: false,
      admin_access: false,
      permissions: none,
    });
    for (const [collection, action] of rights)
      await post('/permissions', { policy, collection, action, fields: ['*'], permissions: {}, validation: {} });
    const role = await post('/roles', { name: 'bench' });
    await post('/access', { role, policy });
    await post('/users', { ...anna, role, status: 'active' });
    token = await signIn(url, anna);
    return { ...server, headers: { authorization: `Bearer ${token}` } };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** A module that asks until the server answers, and says so: with its log at `error` it does not itself. */
function listening(url: string): string {
  const ask = `const ask = () => fetch('${url}/server/ping').then(() => console.log('listening on ${url}'), () => setTimeout(ask, 200)); setTimeout(ask, 1000);`;
  return `data:text/javascript,${encodeURIComponent(ask)}`;
}

async function signIn(url: string, credentials: typeof admin): Promise<string> {
  const { access_token: token } = await send<{ access_token: string }>(url, undefined, '/auth/login', credentials);
  return token;
}

async function send<T>(
  url: string,
  token: string | undefined,
  address: string,
  body: object,
  method: 'POST' | 'PATCH' = 'POST',
): Promise<T> {
  const answer = await fetch(url + address, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`Directus: ${address} answered ${answer.status}: ${text}`);
  return (JSON.parse(text) as { data: T }).data;
}

function ran(args: string[], cwd: string, env: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 2],
    });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${args.join(' ')} ended with ${code}`))));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
