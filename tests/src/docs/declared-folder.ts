import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '@caruso/cli';
import { root } from '../support/requirement.js';
import type { Block } from './markdown.js';

/** What `caruso check` says of a front office. */
interface Checked {
  code: number;
  /** What it prints, faults first. */
  lines: string[];
}

const utility = path.join(root, 'examples', 'utility');

/** The file of a front office that a block is, by its first line or its content; undefined for a block that is none. */
export function fileOf({ language, text }: Block): string | undefined {
  if (language === 'yaml') return /^# ([\w./-]+\.yaml)\b/.exec(text)?.[1];
  if (language === 'ts') return /^\/\/ (services\/[\w.-]+\.ts)\n/.exec(text)?.[1];
  if (language !== 'xml' || !/<!DOCTYPE script/.test(text)) return undefined;
  const id = /<script\s[^>]*?\bid="([\w-]+)"/.exec(text)?.[1];
  return id === undefined ? undefined : `scripts/${id}.xml`;
}

/** A front office in a temporary folder, laid over the utility example, that a document's blocks are written into. */
export class DeclaredFolder {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'caruso-document-'));
  readonly #written = new Map<string, string>();

  constructor() {
    this.#put('caruso.yaml', '');
  }

  has(file: string): boolean {
    return this.#written.has(file);
  }

  write(file: string, text: string): void {
    this.#written.set(file, text);
    this.#put(file, text);
  }

  /** Checks the folder with one file in another form, and puts that file back. */
  async checkWith(file: string, text: string): Promise<Checked> {
    this.#put(file, text);
    const checked = await this.check();
    this.#put(file, this.#written.get(file) ?? '');
    return checked;
  }

  /** Runs `caruso check`. Addresses that a document takes from the environment are those of some other system. */
  async check(): Promise<Checked> {
    const lines: string[] = [];
    const names = [...this.#written.values()].flatMap((text) =>
      [...text.matchAll(/\$\{(\w+)\}/g)].map((found) => found[1] ?? ''),
    );
    const code = await run(['check', this.folder], {
      out: (line) => lines.push(line),
      err: () => {},
      tty: false,
      // Packages are looked up from here, so that the examples are found as if they were installed.
      cwd: path.join(root, 'tests'),
      env: Object.fromEntries(names.map((name) => [name, 'https://system.example'])),
      onStop: () => () => {},
    });
    return { code, lines };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #put(file: string, text: string): void {
    const target = path.join(this.folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, file === 'caruso.yaml' ? manifest(text) : text);
  }
}

/** A block may show a part of caruso.yaml alone; the rest is that of a front office over the utility example. */
function manifest(text: string): string {
  const missing = ['caruso: 1', 'name: Document', `extends: ${JSON.stringify(utility)}`];
  const head = missing.filter(
    (line) => !new RegExp(`^${line.split(':')[0]}:`, 'm').test(text) && !/^caruso:/m.test(text),
  );
  return `${head.join('\n')}\n${text}`;
}

export function readDocument(document: string): string {
  return readFileSync(path.join(root, document), 'utf8');
}
