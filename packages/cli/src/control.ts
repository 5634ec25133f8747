import { randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Folder } from '@caruso/declarations';
import type { ServiceManager } from '@caruso/service-manager';
import { ServiceNode } from '@caruso/service-manager/contract';
import { z } from 'zod';
import { workFolder } from './places.js';

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

export const Tree = z.object({ services: z.array(ServiceNode), text: z.string() });
export type Tree = z.infer<typeof Tree>;

export interface Control {
  /** Writes `.caruso/run.json`, readable by its owner alone. */
  announce(url: string): void;
  close(): Promise<void>;
}

/**
 * Answers `caruso services` on a port of the loopback address of its own, against a token that only the owner of the folder can read.
 * It works while the gateway does not, which is when the tree is wanted most.
 */
export async function openControl(folder: Folder, manager: ServiceManager, startedAt: number): Promise<Control> {
  const token = randomBytes(32).toString('hex');
  const expected = Buffer.from(`Bearer ${token}`);
  const server = createServer((request, response) => {
    const given = Buffer.from(request.headers.authorization ?? '');
    const known = given.length === expected.length && timingSafeEqual(given, expected);
    if (!known || request.url !== '/services') {
      response.writeHead(known ? 404 : 401).end();
      return;
    }
    const tree: Tree = { services: manager.services.tree(), text: manager.printTree() };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(tree));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  server.unref();
  const { port } = server.address() as AddressInfo;
  const file = runFile(folder);
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
      if (readRunFile(folder)?.token === token) rmSync(file, { force: true });
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** The tree of the front office that runs in a folder; undefined where none does. A file left by a crash answers nothing. */
export async function askRunning(folder: Folder): Promise<{ run: RunFile; tree: Tree } | undefined> {
  const run = readRunFile(folder);
  if (run === undefined) return undefined;
  try {
    const response = await fetch(`${run.control}/services`, {
      headers: { authorization: `Bearer ${run.token}` },
      signal: AbortSignal.timeout(5000),
    });
    if (!response.ok) return undefined;
    return { run, tree: Tree.parse(await response.json()) };
  } catch {
    return undefined;
  }
}

function readRunFile(folder: Folder): RunFile | undefined {
  try {
    return RunFile.parse(JSON.parse(readFileSync(runFile(folder), 'utf8')));
  } catch {
    return undefined;
  }
}

function runFile(folder: Folder): string {
  return join(workFolder(folder), 'run.json');
}
