import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../..');

/** Higher floors stand on lower ones; packages of one floor do not know each other. */
const floors: string[][] = [
  ['service-manager', 'expressions'],
  ['declarations', 'dialog-script', 'testkit'],
  ['storage-manager'],
  ['business-objects'],
  ['policies', 'script-engine', 'communication-server', 'reporting', 'data-quality', 'modeler', 'webhooks'],
  ['channel-chat', 'channel-mail', 'channel-voice-simulated', 'data-exchange'],
  ['application-builder', 'gateway', 'telemetry'],
  ['front-office'],
  ['cli'],
];
/** Pure libraries: nothing to replace, nothing to wire; everybody calls them directly. */
const libraries = new Set(['@caruso/expressions', '@caruso/declarations', '@caruso/dialog-script']);
/** The composition root loads what the configuration names. */
const compositionRoot = 'cli';
/** For tests of others: it starts what they start. */
const forTests = 'testkit';

interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const packages = readdirSync(path.join(root, 'packages')).sort();
const floorOf = (name: string) => floors.findIndex((floor) => floor.includes(name));

function manifest(name: string): Manifest {
  return JSON.parse(readFileSync(path.join(root, 'packages', name, 'package.json'), 'utf8')) as Manifest;
}

/** Tests and what only they use: `router.test.ts`, `house.test.support.ts`, files of a folder `testing`. */
function ofTests(file: string): boolean {
  return /\.test\./.test(path.basename(file)) || file.includes(`${path.sep}testing${path.sep}`);
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

function imports(file: string): { from: string; typeOnly: boolean }[] {
  const text = readFileSync(file, 'utf8');
  const found = text.matchAll(
    /^\s*(?:import|export)\s+(type\s)?[^'"]*?from\s+['"](@caruso\/[^'"]+)['"]|import\(\s*['"](@caruso\/[^'"]+)['"]/gm,
  );
  return [...found].map((match) => ({ from: match[2] ?? match[3] ?? '', typeOnly: match[1] !== undefined }));
}

describe('the floors of the house', () => {
  test('every package has its floor', () => {
    expect(packages.filter((name) => floorOf(name) < 0)).toEqual([]);
    expect(floors.flat().filter((name) => !packages.includes(name))).toEqual([]);
  });

  test.each(packages)('%s depends on lower floors only', (name) => {
    const wrong = Object.keys(manifest(name).dependencies ?? {})
      .filter((dependency) => dependency.startsWith('@caruso/'))
      .filter((dependency) => floorOf(dependency.slice('@caruso/'.length)) >= floorOf(name));
    expect(wrong).toEqual([]);
  });

  test.each(packages.filter((name) => name !== compositionRoot && name !== forTests))(
    '%s enters others through their contract',
    (name) => {
      const wrong: string[] = [];
      for (const file of sources(path.join(root, 'packages', name, 'src'))) {
        if (ofTests(file)) continue;
        for (const { from, typeOnly } of imports(file)) {
          const allowed = libraries.has(from) || /^@caruso\/[^/]+\/contract$/.test(from);
          // The browser takes libraries and types: a contract at run time would bring its schemas into the bundle.
          if (!allowed || (name === 'front-office' && !typeOnly && !libraries.has(from)))
            wrong.push(`${path.relative(root, file)} imports ${from}`);
        }
      }
      expect(wrong).toEqual([]);
    },
  );

  test('no source file is longer than 400 lines', () => {
    const long = packages
      .flatMap((name) => sources(path.join(root, 'packages', name, 'src')))
      .filter((file) => readFileSync(file, 'utf8').split('\n').length > 400);
    expect(long.map((file) => path.relative(root, file))).toEqual([]);
  });

  test('pure code takes time and chance from outside', () => {
    // The system's own clock and identifiers are made in one place each.
    const allowed = /service-manager\/src\/(clock|ids|log|component-file)\.ts$|front-office\/|cli\//;
    const wrong = packages
      .flatMap((name) => sources(path.join(root, 'packages', name, 'src')))
      .filter((file) => !allowed.test(file) && !ofTests(file))
      .filter((file) =>
        /\bDate\.now\(\)|\bMath\.random\(\)|\bnew Date\(\)|\bsetInterval\(/.test(
          readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''),
        ),
      );
    expect(wrong.map((file) => path.relative(root, file))).toEqual([]);
  });

  test('nothing of an example is known to a package', () => {
    const words = /\b(meterNo|customerNo|MeterReading|FAKTUUR|KLANTNR|clientNo|cardNo|Lumen|Harbour)\b/;
    const wrong = packages
      .flatMap((name) => sources(path.join(root, 'packages', name, 'src')))
      .filter((file) => !ofTests(file))
      .filter((file) => words.test(readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')));
    expect(wrong.map((file) => path.relative(root, file))).toEqual([]);
  });
});
