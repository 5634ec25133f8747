import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createLog, formatTree } from '@caruso/service-manager';
import { ChangeReport, type ServiceNode } from '@caruso/service-manager/contract';
import { askRunning, tellRunning } from '../control.js';
import { actUnknown, serviceUnknown } from '../errors.js';
import { ExitCode } from '../exit-code.js';
import { inspect } from '../front-office.js';
import { openFrontOffice } from '../places.js';
import { printFaults } from '../report.js';
import { changeLines, serviceLines } from '../service-lines.js';
import type { Invocation } from './command.js';

const ACTS = { replace: 'services.replace', 'roll-back': 'services.rollBack', restart: 'services.restart' } as const;

export interface ServicesOptions {
  folder?: string;
  /** Another source for `replace`. */
  use?: string;
  /** The node that is asked; the first process of the front office if absent. */
  node?: string;
}

/**
 * `caruso services`: what runs in the folder; where nothing does, what is configured. With a name, everything about one component; with an
 * act and a name, has the running front office do it.
 */
export async function services(
  invocation: Invocation,
  words: readonly string[],
  options: ServicesOptions,
): Promise<number> {
  const { path, rest } = folderIn(invocation, words, options);
  const [first, name, ...more] = rest;
  if (first !== undefined && isAct(first)) {
    if (name === undefined || more.length > 0 || (options.use !== undefined && first !== 'replace'))
      throw actUnknown(words);
    return act(invocation, path, first, name, options);
  }
  if (name !== undefined || options.use !== undefined) throw actUnknown(words);
  return show(invocation, path, first, options.node);
}

/** The folder may be said first, as with the other commands. */
function folderIn(
  { io }: Invocation,
  words: readonly string[],
  { folder }: ServicesOptions,
): { path: string; rest: string[] } {
  const [first, ...others] = words;
  const isFolder =
    first !== undefined && (/[./\\]/.test(first) || existsSync(join(resolve(io.cwd, first), 'caruso.yaml')));
  if (folder !== undefined || !isFolder) return { path: folder ?? '.', rest: [...words] };
  return { path: first, rest: others };
}

function isAct(word: string): word is keyof typeof ACTS {
  return Object.hasOwn(ACTS, word);
}

async function act(
  { io, json }: Invocation,
  path: string,
  what: keyof typeof ACTS,
  name: string,
  { use, node }: ServicesOptions,
): Promise<number> {
  const { folder } = openFrontOffice(io, path);
  const report = ChangeReport.parse(
    await tellRunning(folder, ACTS[what], use === undefined ? { name } : { name, use }, node),
  );
  if (json) io.out(JSON.stringify(report));
  else for (const line of changeLines(report)) io.out(line);
  return ExitCode.well;
}

async function show(
  { io, json }: Invocation,
  path: string,
  name: string | undefined,
  node: string | undefined,
): Promise<number> {
  const { folder } = openFrontOffice(io, path);
  const running = await askRunning(folder, node);
  if (running !== undefined) {
    const { run, tree } = running;
    const shown = chosen(tree.services, name);
    const { url, pid, startedAt } = run;
    if (json) io.out(JSON.stringify({ running: true, url, pid, startedAt, services: shown }));
    else {
      io.out(`running: ${url === '' ? '' : `${url} `}(process ${pid}, since ${startedAt})`);
      io.out('');
      for (const line of name === undefined ? serviceLines(shown) : [formatTree(shown)]) io.out(line);
    }
    return ExitCode.well;
  }
  const { house, faults } = await inspect(io, path, {}, createLog({ level: 'silent' }));
  const missing = faults.some((fault) => fault.code === 'MANIFEST_MISSING');
  if (missing) {
    if (json) io.out(JSON.stringify({ running: false, services: [], faults }));
    else printFaults(io, faults);
    return ExitCode.faults;
  }
  const shown = chosen(house.manager.services.tree(), name);
  if (json) io.out(JSON.stringify({ running: false, services: shown, faults }));
  else {
    io.out('not running; the components as configured:');
    io.out('');
    io.out(formatTree(shown));
  }
  return ExitCode.well;
}

function chosen(nodes: ServiceNode[], name: string | undefined): ServiceNode[] {
  if (name === undefined) return nodes;
  const found = nodes.filter((node) => node.name === name);
  if (found.length === 0) {
    throw serviceUnknown(
      name,
      nodes.map((node) => node.name),
    );
  }
  return found;
}
