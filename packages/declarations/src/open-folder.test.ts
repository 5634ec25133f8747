import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { formatFault } from './fault.js';
import { type OpenOptions, openFolder } from './open-folder.js';
import { readYaml } from './read-yaml.js';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'caruso-declarations-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (files: Record<string, string>) => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
};
const open = (folder = 'own', options: OpenOptions = {}) =>
  openFolder(join(root, folder), { environment: {}, ...options });
const lines = (folder = 'own', options: OpenOptions = {}) => open(folder, options).faults.map(formatFault);
const any = z.record(z.string(), z.unknown());

describe('openFolder', () => {
  it('takes a file: in a configuration from the folder of the layer that says it', () => {
    write({
      'under/caruso.yaml':
        'caruso: 1\nname: under\ncomponents:\n  erp: { use: ./erp.ts, config: { in: "${IN:-file:./exports}", out: [file:../out, ./as-it-is] } }\n',
      'under/erp.ts': '',
      'own/caruso.yaml':
        'caruso: 1\nname: own\nextends: ../under\ncomponents:\n  erp: { config: { log: file:./log } }\n',
    });
    expect(open().folder.manifest.components['erp']?.config).toEqual({
      in: join(root, 'under/exports'),
      out: [join(root, 'out'), './as-it-is'],
      log: join(root, 'own/log'),
    });
    const environment = { IN: '/srv/in' };
    expect(open('own', { environment }).folder.manifest.components['erp']?.config['in']).toBe('/srv/in');
  });

  it('reads every kind, in the order of the paths', () => {
    write({
      'own/caruso.yaml':
        'caruso: 1\nname: own\ntimezone: Europe/Amsterdam\ndatabases:\n  main: sqlite:./a.db\n  erp: { url: x, managed: false, demo: ./erp.sql }\n',
      'own/model/b.yaml': 'object: B\n',
      'own/model/a.yaml': 'object: A\n',
      'own/model/sales/c.yaml': 'object: C\n',
      'own/scripts/move.xml': '<script/>',
      'own/services/erp.ts': 'export default 1;\n',
      'own/services/erp.test.ts': '',
      'own/queues.yaml': 'queues: {}\n',
    });
    const { folder, faults } = open();
    expect(faults).toEqual([]);
    expect(folder.sources('model').map((source) => source.path)).toEqual([
      'model/a.yaml',
      'model/b.yaml',
      'model/sales/c.yaml',
    ]);
    expect(folder.sources('services').map((source) => source.path)).toEqual(['services/erp.ts']);
    expect(folder.sources('scripts')[0]?.text).toBe('<script/>');
    expect(folder.sources('queues')).toHaveLength(1);
    expect(folder.files('services').map((source) => source.path)).toEqual(['services/erp.test.ts', 'services/erp.ts']);
    expect(folder.files('../own')).toEqual([]);
    expect(folder.manifest).toMatchObject({
      timezone: 'Europe/Amsterdam',
      databases: {
        main: { url: 'sqlite:./a.db', managed: true },
        erp: { managed: false, demo: join(root, 'own/erp.sql') },
      },
    });
  });

  it('lays a folder over the package and the folder it extends, over what components ship, over the base', () => {
    write({
      'base/caruso.yaml':
        'caruso: 1\nname: base\ncomponents:\n  desk: { use: "@x/desk", config: { colour: red, size: 1 } }\n  mail: { use: "@x/desk" }\n',
      'own/node_modules/@x/desk/package.json': '{ "name": "@x/desk", "caruso": { "declarations": "./decl" } }',
      'own/node_modules/@x/desk/decl/model/case.yaml': 'object: Case\nlabel: shipped\n',
      'own/node_modules/@x/vertical/package.json': '{ "name": "@x/vertical" }',
      'own/node_modules/@x/vertical/caruso.yaml':
        'caruso: 1\nname: vertical\nlocale: nl-NL\ncomponents:\n  erp: { use: ./services/erp.ts }\n',
      'own/node_modules/@x/vertical/services/erp.ts': '',
      'own/node_modules/@x/vertical/model/case.yaml': 'label: vertical\n',
      'middle/caruso.yaml': 'caruso: 1\nname: middle\nextends: "@x/vertical"\ncurrency: EUR\n',
      'own/caruso.yaml':
        'caruso: 1\nname: own\nextends: ../middle\ncomponents:\n  desk: { config: { colour: blue } }\n  mail: null\n',
      'own/model/case.yaml': 'icon: star\n',
    });
    const { folder, faults } = open('own', { base: [join(root, 'base')], resolveFrom: join(root, 'own') });
    expect(faults).toEqual([]);
    expect(folder.layers.map((layer) => layer.name)).toEqual(['base', '@x/desk', '@x/vertical', '../middle', '.']);
    expect(folder.manifest).toMatchObject({ name: 'own', locale: 'nl-NL', currency: 'EUR' });
    expect(Object.keys(folder.manifest.components)).toEqual(['desk', 'erp']);
    expect(folder.manifest.components['desk']?.config).toEqual({ colour: 'blue', size: 1 });
    expect(folder.manifest.components['erp']?.from).toBe(join(root, 'own/node_modules/@x/vertical'));
    const read = readYaml(folder.sources('model'), any);
    expect(read.value).toEqual({ object: 'Case', label: 'vertical', icon: 'star' });
    expect(read.locate(['object']).file).toBe('@x/desk:decl/model/case.yaml');
    expect(read.locate(['label']).file).toBe('@x/vertical:model/case.yaml');
  });

  it('replaces scripts whole', () => {
    write({
      'lower/caruso.yaml': 'caruso: 1\nname: lower\n',
      'lower/scripts/move.xml': '<lower/>',
      'own/caruso.yaml': 'caruso: 1\nname: own\nextends: ../lower\n',
      'own/scripts/move.xml': '<own/>',
    });
    expect(
      open()
        .folder.sources('scripts')
        .map((source) => [source.text, source.layer]),
    ).toEqual([['<own/>', '.']]);
  });

  it('takes values of the environment, and names the place and the variable that is missing', () => {
    write({
      'own/caruso.yaml':
        'caruso: 1\nname: own\ndatabases:\n  main: "${DB_URL}"\n  erp: postgres://u:${ERP_PASWORD}@h/${DB:-erp}\ncomponents:\n  web:\n    use: ./w.ts\n    config: { port: "${PORT}", literal: "$${PORT}" }\n  desk:\n    use: ./w.ts\n    config:\n      number: ${PORT}\n',
      'own/w.ts': '',
    });
    const environment = { DB_URL: 'sqlite:x.db', PORT: '8080', ERP_PASSWORD: 's' };
    expect(lines('own', { environment })).toEqual([
      "caruso.yaml:5:21 error VARIABLE_MISSING the environment has no variable 'ERP_PASWORD' (set ERP_PASWORD, or give a default: ${ERP_PASWORD:-...}; did you mean 'ERP_PASSWORD'?)",
    ]);
    const { manifest } = open('own', { environment }).folder;
    expect(manifest.databases['main']?.url).toBe('sqlite:x.db');
    expect(manifest.components['web']?.config).toEqual({ port: '8080', literal: '${PORT}' });
    expect(manifest.components['desk']?.config).toEqual({ number: 8080 });
  });

  it('reports a cycle of extends by its path', () => {
    write({
      'own/caruso.yaml': 'caruso: 1\nname: own\nextends: ../a\n',
      'a/caruso.yaml': 'caruso: 1\nname: a\nextends: ../b\n',
      'b/caruso.yaml': 'caruso: 1\nname: b\nextends: ../own\n',
    });
    expect(lines()).toEqual([
      expect.stringContaining(
        '../b/caruso.yaml:3:10 error EXTENDS_CYCLE the front office extends itself: . -> ../a -> ../b -> .',
      ),
    ]);
  });

  it('reports all that is wrong in one run and keeps what can be used', () => {
    write({
      'own/caruso.yaml':
        'caruso: 1\nname: { own: office }\nextends: "@x/nothing"\ntimezone: Europe/Amsterdm\nlocal: nl\ndatabases:\n  main: sqlite:./a.db\n  erp: { urll: x }\ncomponents:\n  crm: { use: "@x/absent" }\n  erp: { use: ./services/no.ts }\n',
      'own/model/a.yml': 'object: A\n',
      'own/queue.yaml': '',
    });
    expect(lines()).toEqual([
      'caruso.yaml:2:1 error DECLARATION_INVALID expected a text, found a mapping',
      "caruso.yaml:3:10 error EXTENDS_NOT_FOUND '@x/nothing' is not installed (install it (npm install @x/nothing), or write a folder: ./@x/nothing)",
      "caruso.yaml:4:11 error DECLARATION_INVALID 'Europe/Amsterdm' is not known (did you mean 'Europe/Amsterdam'?)",
      "caruso.yaml:5:1 error DECLARATION_UNKNOWN_KEY unknown key 'local' (did you mean 'locale'?)",
      "caruso.yaml:8:10 error DECLARATION_UNKNOWN_KEY unknown key 'urll' (did you mean 'url'?)",
      "caruso.yaml:10:15 error COMPONENT_NOT_FOUND component 'crm' uses the package '@x/absent', which is not installed (install it (npm install @x/absent), or write a file: ./services/crm.ts)",
      "caruso.yaml:11:15 error COMPONENT_NOT_FOUND component 'erp' uses the file './services/no.ts', which does not exist (correct the path)",
      'model/a.yml:1:1 warning FILE_IGNORED this file is no declaration of a front office and is ignored (name it model/a.yaml)',
      'queue.yaml:1:1 warning FILE_IGNORED this file is no declaration of a front office and is ignored (name it queues.yaml)',
    ]);
    expect(open().folder.manifest.databases).toEqual({ main: { url: 'sqlite:./a.db', managed: true } });
  });

  it('reports a folder without caruso.yaml, and files that are no text', () => {
    write({ 'base/caruso.yaml': 'databases: {}\n' });
    expect(lines('none', { base: [join(root, 'base')] })).toEqual([
      expect.stringContaining('caruso.yaml:1:1 error MANIFEST_MISSING'),
    ]);
    write({ 'own/caruso.yaml': 'caruso: 1\nname: own\n', 'own/model/a.yaml': '' });
    writeFileSync(join(root, 'own/model/a.yaml'), Buffer.from([0xff, 0xfe, 0x00]));
    expect(lines()[0]).toContain('model/a.yaml:1:1 error FILE_NOT_UTF8');
  });
});
