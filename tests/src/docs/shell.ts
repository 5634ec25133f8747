import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { run } from '@caruso/cli';
import { root } from '../support/requirement.js';
import type { Block } from './markdown.js';

/** Words of a shell and of every machine that documents may use. */
const everywhere = new Set(['cd', 'alias', 'export', 'curl', 'echo', 'mkdir', 'git']);
const npmWords = new Set(['install', 'ci', 'pack']);

/** The commands of a block, one a line, without comments and prompts. */
function commands(text: string): string[][] {
  return text
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) =>
      line
        .replace(/(^|\s)#.*$/, '')
        .replace(/^\$\s+/, '')
        .trim(),
    )
    .filter((line) => line !== '')
    .map((line) => line.split(/\s+/));
}

/** What is wrong with the commands that a block names: scripts, programs, commands and options that do not exist. */
export async function shellFaults({ document, line, text }: Block): Promise<string[]> {
  const faults: string[] = [];
  /** Files that commands before have written. */
  const made = new Set<string>();
  for (const words of commands(text)) {
    const [first = '', ...rest] = words.filter((word) => !/^[A-Z_]+=/.test(word));
    if (rest[1] === 'new-service') made.add(`services/${rest[2]}.legacy.mjs`);
    const fault = first === 'node' && made.has(rest[0] ?? '') ? undefined : await faultOf(first, rest);
    if (fault !== undefined) faults.push(`${document}:${line} '${words.join(' ')}': ${fault}`);
  }
  return faults;
}

async function faultOf(first: string, rest: readonly string[]): Promise<string | undefined> {
  if (first === 'caruso') return carusoFault(rest);
  if (first === 'npm') return npmFault(rest);
  if (first === 'npx') {
    const words = rest.filter((word) => word !== '-y');
    if (words[0] === 'caruso' || words[0] === '@caruso/cli') return carusoFault(words.slice(1));
    return existsSync(path.join(root, 'node_modules', '.bin', words[0] ?? ''))
      ? undefined
      : `there is no program '${words[0]}'`;
  }
  if (first === 'node') return existsSync(path.join(root, rest[0] ?? '')) ? undefined : `there is no file '${rest[0]}'`;
  return everywhere.has(first) ? undefined : `the test does not know '${first}'`;
}

function npmFault(rest: readonly string[]): string | undefined {
  const words = rest.filter((word) => !word.startsWith('-'));
  const name = words[0] === 'run' ? words[1] : words[0];
  const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  if (name !== undefined && Object.hasOwn(scripts, name)) return undefined;
  return words[0] !== 'run' && npmWords.has(name ?? '') ? undefined : `package.json has no script '${name}'`;
}

const helps = new Map<string, Promise<{ code: number; text: string }>>();

function help(command: string): Promise<{ code: number; text: string }> {
  const known = helps.get(command) ?? askHelp(command);
  helps.set(command, known);
  return known;
}

async function askHelp(command: string): Promise<{ code: number; text: string }> {
  let text = '';
  const tell = (said: string) => {
    text += `${said}\n`;
  };
  const io = { out: tell, err: tell, tty: false, cwd: root, env: {}, onStop: () => () => {} };
  return { code: await run([command, '--help'], io), text };
}

async function carusoFault([command, ...rest]: readonly string[]): Promise<string | undefined> {
  if (command === undefined || command.startsWith('--')) return undefined;
  const { code, text } = await help(command);
  // For an unknown command commander shows the help of all.
  if (code !== 0 || !text.includes(`caruso ${command} `)) return `caruso has no command '${command}'`;
  const [unknown] = rest
    .filter((word) => word.startsWith('--'))
    .map((word) => word.replace(/=.*$/, ''))
    .filter((word) => !new RegExp(`${word}\\b`).test(text));
  return unknown === undefined ? undefined : `caruso ${command} has no option '${unknown}'`;
}
