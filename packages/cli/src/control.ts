import { randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Folder } from '@caruso/declarations';
import type { ServiceManager } from '@caruso/service-manager';
import { actingAs, CarusoError, type ErrorInfo, type Principal, ServiceNode } from '@caruso/service-manager/contract';
import { z } from 'zod';
import { filesOfControl } from './control-files.js';
import { notRunning } from './errors.js';
import { workFolder } from './places.js';
import { errorJson } from './report.js';

/** Where a running front office can be asked for its service tree: on this machine, by who may read this file. */
const RunFile = z.object({
  pid: z.number(),
  /** Of the gateway. */
  url: z.string(),
  control: z.string(),
  token: z.string(),
  startedAt: z.string(),
});
export type RunFile = z.infer<typeof RunFile>;

const Tree = z.object({ services: z.array(ServiceNode) });

const ImportMethod = z.enum([
  'imports.status',
  'imports.map',
  'imports.check',
  'imports.run',
  'imports.undo',
  'imports.rows',
]);
export type ImportMethod = z.infer<typeof ImportMethod>;

const ModelMethod = z.enum(['modeler.model', 'modeler.edit', 'modeler.promote', 'modeler.preview', 'modeler.apply']);
export type ModelMethod = z.infer<typeof ModelMethod>;

/** What may be asked for: acts of the service manager, of imports and of the modeler, and nothing else of the front office. */
const Asked = z.strictObject({
  method: z.enum([
    'services.replace',
    'services.rollBack',
    'services.restart',
    ...ImportMethod.options,
    ...ModelMethod.options,
  ]),
  input: z.record(z.string(), z.unknown()),
});

/** Characters of a request at most: the texts of a model's files. */
const LIMIT = 2_000_000;
/** A replacement may wait for calls under way, in milliseconds. */
const PATIENCE = 60_000;

export interface Control {
  /** Writes `.caruso/run.json`, readable by its owner alone. */
  announce(url: string): void;
  close(): Promise<void>;
}

/**
 * Answers `caruso services` and does its acts on a port of the loopback address of its own, against a token that only the owner of the folder can read.
 * It works while the gateway does not, which is when the tree is wanted most.
 */
export async function openControl(
  folder: Folder,
  manager: ServiceManager,
  startedAt: number,
  node?: string,
): Promise<Control> {
  const token = randomBytes(32).toString('hex');
  const expected = Buffer.from(`Bearer ${token}`);
  const server = createServer((request, response) => {
    const given = Buffer.from(request.headers.authorization ?? '');
    const known = given.length === expected.length && timingSafeEqual(given, expected);
    if (!known) response.writeHead(401).end();
    else if (request.method === 'GET' && request.url === '/services')
      answer(response, 200, { services: manager.services.tree() });
    else if (request.method === 'POST' && request.url === '/call') {
      void callOf(request)
        .then((call) => actingAs(whoever(), () => manager.services.call(call.method, call.input)))
        .then(
          (result) => answer(response, 200, result),
          (error: unknown) => answer(response, 400, errorJson(error)),
        );
    } else {
      void actingAs(whoever(), () => filesOfControl(manager, request, response)).then((known) => {
        if (!known) response.writeHead(404).end();
      });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  server.unref();
  const { port } = server.address() as AddressInfo;
  const file = runFile(folder, node);
  return {
    announce(url) {
      const run: RunFile = {
        pid: process.pid,
        url,
        control: `http://127.0.0.1:${port}`,
        token,
        startedAt: new Date(startedAt).toISOString(),
      };
      mkdirSync(workFolder(folder), { recursive: true });
      writeFileSync(`${file}.part`, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
      renameSync(`${file}.part`, file);
    },
    async close() {
      if (readRunFile(file)?.token === token) rmSync(file, { force: true });
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function callOf(request: IncomingMessage): Promise<z.infer<typeof Asked>> {
  let body = '';
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > LIMIT) throw new Error('the request is too large');
  }
  return Asked.parse(JSON.parse(body));
}

/** Whoever can read the token owns the folder, and so may do what an administrator may; the journal names the account of the machine. */
export function whoever(): Principal {
  const { username } = userInfo();
  return { kind: 'user', id: `machine:${username}`, name: username, roles: ['administrator'] };
}

/**
 * Has the front office that runs in a folder do something. Throws NOT_RUNNING where none does, and what the service manager throws.
 */
export async function tellRunning(
  folder: Folder,
  method: z.infer<typeof Asked>['method'],
  input: object,
  node?: string,
): Promise<unknown> {
  const run = (await askRunning(folder, node))?.run;
  if (run === undefined) throw notRunning(folder.root);
  const response = await fetch(`${run.control}/call`, {
    method: 'POST',
    headers: { authorization: `Bearer ${run.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ method, input }),
    signal: AbortSignal.timeout(PATIENCE),
  });
  const body = (await response.json()) as { error?: ErrorInfo };
  if (response.ok) return body;
  throw new CarusoError(body.error ?? { code: 'INTERNAL', message: `the front office answered ${response.status}` });
}

/**
 * The tree of the front office that runs in a folder, or as one of its nodes sees it; undefined where none runs. A file left by a crash
 * answers nothing.
 */
export async function askRunning(
  folder: Folder,
  node?: string,
): Promise<{ run: RunFile; tree: z.infer<typeof Tree> } | undefined> {
  const run = readRunFile(runFile(folder, node));
  if (run === undefined) return undefined;
  try {
    const response = await fetch(`${run.control}/services`, {
      headers: { authorization: `Bearer ${run.token}` },
      // One that lives and is busy answers late; taken for dead, it would get a second one beside it.
      signal: AbortSignal.timeout(isAlive(run.pid) ? PATIENCE : 5000),
    });
    if (!response.ok) return undefined;
    return { run, tree: Tree.parse(await response.json()) };
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function readRunFile(file: string): RunFile | undefined {
  try {
    return RunFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Nodes of one folder have one each beside that of the first process. */
function runFile(folder: Folder, node: string | undefined): string {
  return join(workFolder(folder), node === undefined ? 'run.json' : `run-${node}.json`);
}
