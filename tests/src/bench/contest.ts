import { spawn } from 'node:child_process';
import path from 'node:path';
import { median, type Outcome } from './figure.js';
import { installPeers, versionOf } from './peers.js';

/** What can be measured by a process of task.ts. */
export type Task = 'call' | 'checked' | 'boot' | 'components' | 'clients';

/** Those that are part of this process; the others are peers. */
const own = ['caruso', 'direct'];

/** Medians of ours and of those it is held against, by their names for people. */
export interface Contest {
  ours: number;
  against: Record<string, Outcome>;
}

/** All in one process, so that they meet the same conditions. */
export async function together(task: Task, others: readonly string[]): Promise<Contest> {
  await installPeers();
  const present = others.filter(isPresent);
  const values = await measure(task, ['caruso', ...present]);
  return contest(others, (name) => [values[name] ?? Number.NaN]);
}

/** Each alone in a process of its own, in rounds in which each has its turn. */
export async function apart(task: Task, others: readonly string[], rounds: number): Promise<Contest> {
  await installPeers();
  const values = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const name of ['caruso', ...others.filter(isPresent)]) {
      const measured = (await measure(task, [name]))[name] ?? Number.NaN;
      values.set(name, [...(values.get(name) ?? []), measured]);
    }
  }
  return contest(others, (name) => values.get(name) ?? []);
}

function contest(others: readonly string[], valuesOf: (name: string) => readonly number[]): Contest {
  const outcome = (name: string): [string, Outcome] => {
    if (isPresent(name)) return [title(name), median(valuesOf(name))];
    return [name, { missing: `${name} is not installed; it needs the network once` }];
  };
  return { ours: median(valuesOf('caruso')), against: Object.fromEntries(others.map(outcome)) };
}

function isPresent(name: string): boolean {
  return own.includes(name) || versionOf(name) !== undefined;
}

function title(name: string): string {
  return name === 'direct' ? 'nothing between' : `${name} ${versionOf(name)}`;
}

function measure(task: Task, names: readonly string[]): Promise<Record<string, number>> {
  const script = path.join(import.meta.dirname, 'task.js');
  const child = spawn(process.execPath, ['--expose-gc', script, task, ...names], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve(JSON.parse(printed) as Record<string, number>);
      else reject(new Error(`measuring ${task} of ${names.join(', ')} ended with exit code ${code}`));
    });
  });
}
