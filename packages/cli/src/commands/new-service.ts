import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { findPackage, spliceYaml } from '@caruso/declarations';
import { noFrontOffice, serviceExists, serviceNameInvalid } from '../errors.js';
import { ExitCode } from '../exit-code.js';
import { cliRoot, openFrontOffice } from '../places.js';
import type { NewFile } from '../scaffold.js';
import {
  type LegacyKind,
  type NewService,
  serviceEntry,
  serviceFiles,
  tsconfig,
  withServicePackages,
} from '../service-template.js';
import type { Invocation } from './command.js';

/** `caruso new-service`: a wrapper round a legacy system, with its test and a legacy system to test it with. */
export async function createService(
  { io, json }: Invocation,
  name: string,
  options: { in: string; legacy: LegacyKind; class?: boolean },
): Promise<number> {
  const folder = resolve(io.cwd, options.in);
  const manifest = join(folder, 'caruso.yaml');
  if (!existsSync(manifest)) throw noFrontOffice(options.in);
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) throw serviceNameInvalid(name);
  const service: NewService = { name, legacy: options.legacy, asClass: options.class ?? false };
  const files = serviceFiles(service);
  const taken = openFrontOffice(io, options.in).folder.manifest.components[name];
  if (taken !== undefined) throw serviceExists(name, `component '${name}' (${taken.use})`);
  for (const { path } of files) if (existsSync(join(folder, path))) throw serviceExists(name, path);

  const entry = serviceEntry(service);
  const altered: NewFile[] = [
    { path: 'caruso.yaml', text: spliceYaml(readFileSync(manifest, 'utf8'), ['components', name], entry) },
    { path: 'package.json', text: withServicePackages(packageJson(folder), service, ownVersion()) },
  ];
  const made = existsSync(join(folder, 'tsconfig.json'))
    ? files
    : [...files, { path: 'tsconfig.json', text: tsconfig }];
  for (const { path, text } of [...made, ...altered]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }

  const installed = ['@caruso/testkit', 'vitest', 'zod'].every((each) => findPackage(each, [folder]) !== undefined);
  if (json) {
    const paths = (list: readonly NewFile[]) => list.map((file) => file.path);
    io.out(JSON.stringify({ name, folder, installed, made: paths(made), altered: paths(altered) }));
    return ExitCode.well;
  }
  const near = relative(io.cwd, folder);
  for (const { path } of made) io.out(`made ${join(near, path)}`);
  for (const { path } of altered) io.out(`altered ${join(near, path)}`);
  io.out('');
  io.out(near === '' ? 'Next:' : `Next, in ${near.startsWith('..') ? folder : near}:`);
  if (!installed) io.out('  npm install');
  io.out(
    `  npx vitest run services/${name}.test.ts    # against the legacy system in services/${name}.legacy.mjs, whole and out of order`,
  );
  io.out(`  node services/${name}.legacy.mjs           # that system, in a terminal of its own`);
  io.out(`  npx caruso dev                  # then call ${name}.order; saving services/${name}.ts replaces it`);
  return ExitCode.well;
}

function packageJson(folder: string): string {
  const file = join(folder, 'package.json');
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-');
  return JSON.stringify({ name, version: '0.1.0', private: true, type: 'module', engines: { node: '>=20.19' } });
}

function ownVersion(): string {
  return (JSON.parse(readFileSync(join(cliRoot, 'package.json'), 'utf8')) as { version: string }).version;
}
