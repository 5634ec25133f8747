import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cliRoot } from './places.js';
import type { NewFile } from './scaffold.js';

/** What kind of legacy system a new service wraps. */
export const legacyKinds = ['rest', 'soap', 'csv'] as const;
export type LegacyKind = (typeof legacyKinds)[number];

export interface NewService {
  /** In lower case, with hyphens; its file, its component and its contract are called so. */
  name: string;
  legacy: LegacyKind;
  /** As a class wired by inversify, instead of as functions. */
  asClass: boolean;
}

/** Where the mock of each kind listens when it is started by hand. */
const PORTS: Readonly<Record<LegacyKind, number>> = { rest: 4100, soap: 4200, csv: 0 };

/**
 * Versions of what a new service imports and is tested with, as this release was tested. A test holds them to be those of the house.
 */
export const libraries = {
  zod: '^4.6.7',
  inversify: '^8.2.3',
  'libxml2-wasm': '^0.7.2',
  'csv-parse': '^7.0.3',
  vitest: '^4.1.12',
  '@types/node': '^20.19.0',
} as const;

/** The files of a new service: the wrapper, its test, and a small legacy system that is really there. */
export function serviceFiles(service: NewService): NewFile[] {
  const { name, legacy } = service;
  const test = legacy === 'csv' ? 'csv' : 'http';
  return [
    { path: `services/${name}.ts`, text: filled(`${legacy}.ts`, service) },
    { path: `services/${name}.test.ts`, text: filled(`${test}.test.ts`, service) },
    { path: `services/${name}.legacy.mjs`, text: filled(`${legacy}.legacy.mjs`, service) },
  ];
}

/** What stands under `components:` for it. Pure. */
export function serviceEntry({ name, legacy }: NewService): { use: string; config: Record<string, string> } {
  const use = `./services/${name}.ts`;
  if (legacy === 'csv') return { use, config: { folder: `\${${codeOf(name)}_FOLDER:-file:./data/${name}}` } };
  return { use, config: { url: `\${${codeOf(name)}_URL:-http://127.0.0.1:${PORTS[legacy]}/}` } };
}

/** The text of a package.json with what the service needs added to it. Pure. */
export function withServicePackages(text: string, { legacy, asClass }: NewService, version: string): string {
  const manifest = JSON.parse(text) as Record<string, Record<string, string> | undefined>;
  const needed: Record<string, string> = {
    '@caruso/service-manager': `^${version}`,
    zod: libraries.zod,
    ...(asClass ? { inversify: libraries.inversify } : {}),
    ...(legacy === 'soap' ? { 'libxml2-wasm': libraries['libxml2-wasm'] } : {}),
    ...(legacy === 'csv' ? { 'csv-parse': libraries['csv-parse'] } : {}),
  };
  const tested = {
    '@caruso/testkit': `^${version}`,
    '@types/node': libraries['@types/node'],
    vitest: libraries.vitest,
  };
  const next = {
    ...manifest,
    scripts: { test: 'vitest run', ...manifest['scripts'] },
    // Those that are there stay as they are: they are the front office's own choice.
    dependencies: { ...needed, ...manifest['dependencies'] },
    devDependencies: { ...tested, ...manifest['devDependencies'] },
  };
  return `${JSON.stringify(next, null, 2)}\n`;
}

/** For the editor and the test runner; Caruso itself compiles services without it. */
export const tsconfig = `${JSON.stringify(
  {
    compilerOptions: {
      target: 'es2023',
      lib: ['es2023'],
      module: 'nodenext',
      types: ['node'],
      strict: true,
      noEmit: true,
      allowJs: true,
      skipLibCheck: true,
      verbatimModuleSyntax: true,
      experimentalDecorators: true,
    },
    include: ['services'],
  },
  null,
  2,
)}\n`;

function filled(template: string, { name, legacy, asClass }: NewService): string {
  const text = readFileSync(join(cliRoot, 'templates', 'service', `${template}.txt`), 'utf8');
  const pascal = name.replaceAll(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const words: Readonly<Record<string, string>> = {
    name,
    Name: pascal,
    camel: `${pascal.charAt(0).toLowerCase()}${pascal.slice(1)}`,
    CODE: codeOf(name),
    FILE: `${codeOf(name)}.CSV`,
    port: String(PORTS[legacy]),
  };
  return regions(text, asClass ? 'class' : 'functional').replaceAll(
    /\{\{(\w+)\}\}/g,
    (whole, word: string) => words[word] ?? whole,
  );
}

/** Keeps of the regions `//#functional`, `//#class` ... `//#end` those of one style. */
function regions(text: string, style: 'functional' | 'class'): string {
  let region: string | undefined;
  const kept = text.split('\n').filter((line) => {
    const mark = /^\/\/#(functional|class|end)$/.exec(line)?.[1];
    if (mark !== undefined) region = mark === 'end' ? undefined : mark;
    return mark === undefined && (region === undefined || region === style);
  });
  return kept.join('\n');
}

function codeOf(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}
