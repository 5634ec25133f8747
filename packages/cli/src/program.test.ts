import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Io } from './io.js';
import { run } from './program.js';

// The first command loads the whole house.
vi.setConfig({ testTimeout: 90_000 });

const banking = fileURLToPath(new URL('../../../examples/banking', import.meta.url));
let root: string;
let out: string[];
let err: string[];
let stop: () => void;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'caruso-program-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const caruso = async (...argv: string[]): Promise<number> => {
  out = [];
  err = [];
  const io: Io = {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    tty: false,
    cwd: root,
    env: { MAIL_PORT: '0' },
    onStop(listener) {
      stop = listener;
      return () => {};
    },
  };
  return run(argv, io);
};
const write = (files: Record<string, string>) => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
};
const json = (): Record<string, unknown> => JSON.parse(out.join('\n')) as Record<string, unknown>;
const until = async (condition: () => boolean) => {
  for (let tries = 0; tries < 600 && !condition(); tries++) await new Promise((resolve) => setTimeout(resolve, 25));
  expect(condition()).toBe(true);
};

describe('the command line', () => {
  it('helps with examples, and says 2 to wrong usage', async () => {
    expect(await caruso('--help')).toBe(0);
    for (const command of ['new', 'check', 'dev', 'start', 'migrate', 'import', 'services']) {
      expect(await caruso(command, '--help')).toBe(0);
      expect(out.join('\n')).toContain(`Examples:\n  $ caruso ${command}`);
      expect(out.join('\n')).toContain('--json');
    }
    for (const wrong of [
      [],
      ['chek'],
      ['new', 'x'],
      ['start', '--port', 'eighty'],
      ['start', '--port', '70000'],
      ['check', '--jsn'],
    ]) {
      expect([wrong, await caruso(...wrong)]).toEqual([wrong, 2]);
    }
    await caruso('chek');
    expect(err.join('\n')).toContain('Did you mean check?');
  });

  it('makes a front office that checks well, and never writes over a folder', async () => {
    expect(await caruso('new', 'harbour-west', '--extends', banking)).toBe(0);
    expect(readdirSync(join(root, 'harbour-west')).sort()).toEqual([
      '.gitignore',
      'README.md',
      'caruso.yaml',
      'package.json',
      'queues.yaml',
      'screens',
    ]);
    expect(await caruso('check', 'harbour-west')).toBe(0);
    expect(out.at(-1)).toMatch(/^no faults in \d+ files of \d+ layers$/);
    expect(await caruso('new', 'harbour-west', '--extends', banking)).toBe(2);
    expect(await caruso('new', 'other', '--extends', 'bankin')).toBe(2);
    expect(err.join('\n')).toContain('banking');
    expect(existsSync(join(root, 'other'))).toBe(false);
  });

  it('names every fault at once, over all kinds of declarations, each with its place', async () => {
    await caruso('new', 'own', '--extends', banking);
    write({
      'own/model/parcel.yaml': 'object: Parcel\nattributes:\n  colour: { type: txt }\n',
      'own/policies/p.yaml': 'policy: p\non: Card.created\nif: card.statsu = 1\ndo:\n  - call: objects.updat\n',
      'own/screens/x.yaml': 'screen: x\nfor: Crd\ntabs: [{ Overview: [{ fields: [status] }] }]\n',
      'own/seed/90.yaml': 'Client:\n  - { clientNumber: 1 }\n',
      'own/queues.yaml': 'queus: {}\n',
    });
    expect(await caruso('check', 'own')).toBe(1);
    const text = out.join('\n');
    expect(text).toContain('model/parcel.yaml:3:19 error');
    expect(text).toContain('policies/p.yaml:3:10 error');
    expect(text).toContain("unknown attribute 'statsu' of Card (write 'status')");
    expect(text).toMatch(/policies\/p\.yaml:5:\d+ error/);
    expect(text).toContain('screens/x.yaml:2:6 error');
    expect(text).toContain('queues.yaml:1:1 error');
    expect(await caruso('check', 'own', '--json')).toBe(1);
    expect(json()).toMatchObject({
      ok: false,
      faults: expect.arrayContaining([expect.objectContaining({ file: 'queues.yaml', line: 1, column: 1 })]),
    });
  });

  it('looks up the relations that seeds, policies and screens link by', async () => {
    await caruso('new', 'own', '--extends', banking);
    const link = (relation: string, values = '') =>
      `call: objects.link, with: { object: Topic, key: a, relation: ${relation}, keys: [b]${values} }`;
    write({
      'own/model/topic.yaml':
        'object: Topic\nattributes:\n  name: { type: text, key: true }\nrelations:\n  clients: { many: Client, table: topic_client }\n',
      'own/seed/90.yaml': `- { ${link('clients', ', values: { since: 2020 }')} }\n- { ${link('cliens')} }\n- { ${link('name')} }\n`,
      'own/policies/p.yaml': `policy: p\non: Card.created\ndo:\n  - { ${link('clients')} }\n  - { ${link('cliens')} }\n`,
      'own/screens/x.yaml': `screen: x\nfor: Topic\nactions:\n  - { label: A, ${link('clients')} }\n  - { label: B, ${link('cliens')} }\ntabs: [{ Overview: [{ fields: [name] }] }]\n`,
    });
    expect(await caruso('check', 'own')).toBe(1);
    const found = out.join('\n').match(/\S+:\d+:\d+ error .*/g);
    expect(found).toEqual([
      expect.stringMatching(/policies\/p\.yaml:5:68 error POLICY_RELATION_UNKNOWN .*'cliens'.*'clients'/),
      expect.stringMatching(/screens\/x\.yaml:5:78 error SCREEN_RELATION_UNKNOWN .*'cliens'.*'clients'/),
      expect.stringMatching(/seed\/90\.yaml:2:66 error RELATION_UNKNOWN .*'cliens'.*'clients'/),
      expect.stringMatching(/seed\/90\.yaml:3:66 error RELATION_UNKNOWN .*'name' of Topic/),
    ]);
  });

  it('says 1 where there is no front office', async () => {
    for (const command of ['check', 'start', 'services', 'migrate']) {
      expect([command, await caruso(command, 'nowhere')]).toEqual([command, 1]);
      expect([...out, ...err].join('\n')).toContain('MANIFEST_MISSING');
    }
  });

  it('plans without touching anything, migrates, and then has nothing to do', async () => {
    await caruso('new', 'own', '--extends', banking);
    expect(await caruso('migrate', 'own', '--plan')).toBe(0);
    expect(out.join('\n')).toContain('create table');
    expect(existsSync(join(root, 'own/data'))).toBe(false);
    expect(await caruso('migrate', 'own')).toBe(0);
    expect(await caruso('migrate', 'own', '--plan', '--json')).toBe(0);
    expect(json()).toMatchObject({ applied: false, plans: [{ database: 'main', steps: [] }] });
  });

  it('imports a database, of which not a byte changes', async () => {
    const file = join(root, 'erp.db');
    const database = new Database(file);
    database.exec(
      'create table "Article Group" (GRP_NO integer primary key, "Name of it" text not null);' +
        'create table ART (NO integer, VAR text, GRP integer references "Article Group", PRICE decimal(9,2), primary key (NO, VAR));' +
        "insert into ART values (1, 'a', null, 12.5);",
    );
    database.close();
    const before = readFileSync(file);
    expect(await caruso('import', 'sqlite:./erp.db', '--into', 'shop')).toBe(0);
    expect(readFileSync(join(root, 'shop/caruso.yaml'), 'utf8')).toContain(
      'erp: { url: sqlite:../erp.db, managed: false }',
    );
    expect(await caruso('check', 'shop')).toBe(0);
    const written = readdirSync(join(root, 'shop/model'));
    expect(written).toHaveLength(2);
    expect(await caruso('import', 'sqlite:./erp.db', '--into', 'shop', '--json')).toBe(0);
    expect(json()).toMatchObject({
      database: 'erp',
      written: [],
      kept: written.map((name) => `model/${name}`),
      manifest: false,
    });
    expect(readFileSync(file).equals(before)).toBe(true);
    // Renamed by hand, and grown in the database: a second run adds what is new and leaves the rest as it is.
    const art =
      written.find((name) => readFileSync(join(root, 'shop/model', name), 'utf8').includes('table: ART')) ?? '';
    const renamed = readFileSync(join(root, 'shop/model', art), 'utf8').replace(/^  price:/m, '  amount:');
    expect(renamed).toContain('  amount:');
    writeFileSync(join(root, 'shop/model', art), `# Our articles.\n${renamed}`);
    const grown = new Database(file);
    grown.exec('alter table ART add column COLOUR text; create table SHELF (NO integer primary key)');
    grown.close();
    expect(await caruso('import', 'sqlite:./erp.db', '--into', 'shop', '--json')).toBe(0);
    expect(json()).toMatchObject({
      written: ['model/shelf.yaml'],
      merged: [{ path: `model/${art}`, added: ['colour'] }],
    });
    const text = readFileSync(join(root, 'shop/model', art), 'utf8');
    expect(text.startsWith('# Our articles.\n')).toBe(true);
    expect(text).toContain('  amount:');
    expect(text).not.toContain('  price:');
    expect(await caruso('check', 'shop')).toBe(0);
    expect(await caruso('import', 'sqlite:./none.db', '--into', 'shop')).toBe(1);
    expect(existsSync(join(root, 'none.db'))).toBe(false);
    expect(await caruso('import', 'oracle://h/d', '--into', 'shop')).toBe(2);
  });

  it('starts, tells where it listens and who can sign in, and stops when asked', async () => {
    await caruso('new', 'own', '--extends', banking);
    const running = caruso('start', 'own', '--port', '0', '--json', '--log', 'error');
    await until(() => out.length > 0);
    const started = JSON.parse(out[0] ?? '') as {
      listening: string;
      signIns: { user: string; password: string }[];
      notServing: unknown[];
    };
    const stopServing = stop;
    const health = await fetch(`${started.listening}/api/health`);
    expect(health.status).toBe(200);
    expect(started.notServing).toEqual([]);
    const [first] = started.signIns;
    const signIn = await fetch(`${started.listening}/api/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: first?.user, password: first?.password }),
    });
    expect(signIn.status).toBe(200);
    expect(await caruso('services', 'own')).toBe(0);
    expect(out[0]).toContain(`running: ${started.listening}`);
    expect(out.join('\n')).toMatch(/gateway\s+\d+\.\d+\.\d+\s+active/);
    expect(await caruso('services', 'own', 'gateway')).toBe(0);
    expect(out.join('\n')).toContain('provides gateway');
    expect(await caruso('services', 'restart', 'chat', '--folder', 'own')).toBe(0);
    expect(out[0]).toMatch(/^chat: (\S+) -> \1, generation 2 is active, no call was lost$/);
    expect(await caruso('services', 'roll-back', 'chat', '--folder', 'own')).toBe(1);
    expect(err.join('\n')).toContain("'chat'");
    expect(await caruso('services', 'replace', 'chat', '--folder', 'own', '--json', '--use', '../x.ts')).toBe(1);
    expect(json()).toMatchObject({ error: { code: 'COMPONENT_OUTSIDE' } });
    expect(await caruso('services', 'chart', '--folder', 'own')).toBe(1);
    expect(await caruso('services', 'replace', '--folder', 'own')).toBe(2);
    stopServing();
    expect(await running).toBe(0);
    await expect(fetch(`${started.listening}/api/health`)).rejects.toThrow('fetch failed');
    expect(await caruso('services', 'own')).toBe(0);
    expect(out[0]).toContain('not running');
    expect(await caruso('services', 'restart', 'chat', '--folder', 'own')).toBe(1);
    expect(err.join('\n')).toContain('No front office runs');
  });
});
