import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createLog } from '@caruso/service-manager';
import { actingAs, type Principal, ServiceManagement } from '@caruso/service-manager/contract';
import { Journal } from '@caruso/storage-manager/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { type FrontOffice, startFrontOffice } from './front-office.js';
import type { Io } from './io.js';
import { watchDeclarations } from './watch-declarations.js';

vi.setConfig({ testTimeout: 60_000 });

const ada: Principal = { kind: 'user', id: 'ada', name: 'Ada', roles: ['administrator'] };
const log = createLog({ level: 'silent' });
let root: string;
let io: Io;
let lines: string[];
const open: (() => Promise<void>)[] = [];

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'caruso-admin-')));
  lines = [];
  io = {
    out: (line) => lines.push(line),
    err: () => {},
    tty: false,
    cwd: root,
    env: { WORDS: 'Hi' },
    onStop: () => () => {},
  };
});
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
  rmSync(root, { recursive: true, force: true });
});

const write = (files: Record<string, string>) => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
};
/** Everything of the house but the database, in which the journal is. */
const base = parse(readFileSync(new URL('../base/caruso.yaml', import.meta.url), 'utf8')) as { components: object };
const without = Object.keys(base.components).filter((name) => name !== 'storage');
const manifest = `# ours
caruso: 1
name: own
databases: { main: "sqlite:./data/main.db" }   # what we remember
components:
${without.map((name) => `  ${name}: { enabled: false }`).join('\n')}
  # greets
  greeter: { use: ./services/greeter.ts,  config: { words: "\${WORDS}", password: hunter2 } }   # Anna's
`;
const read = () => readFileSync(join(root, 'caruso.yaml'), 'utf8');

const greeter = (version: string) => `
import { defineComponent, defineContract } from '@caruso/service-manager/contract';
import { z } from 'zod';
const Greeter = defineContract({ id: 'greeter', version: '1.0.0', methods: {
  greet: { summary: 'Greets', input: z.object({}), output: z.object({ text: z.string() }), idempotent: true } } });
export default defineComponent({
  provides: Greeter, version: '${version}', needs: {},
  config: z.strictObject({ words: z.string().min(2), password: z.string(), loud: z.boolean().optional() }),
  create: ({ config }) => ({ handlers: { greet: () => ({ text: '${version} ' + config.words + (config.loud ? '!' : '') }) } }) });
`;

const start = async () => {
  write({ 'caruso.yaml': manifest, 'services/greeter.ts': greeter('1.0.0'), 'services/other.ts': greeter('2.0.0') });
  const office = await startFrontOffice(io, '.', { settings: {}, seed: false, strict: true, log, now: () => 0 });
  open.push(() => office.stop());
  const client = office.house.manager.use(ServiceManagement, '^1.1');
  return { office, services: client, as: <T>(work: () => Promise<T>) => actingAs(ada, work) };
};
const greet = async (office: FrontOffice) =>
  ((await office.house.manager.services.call('greeter.greet', {})) as { text: string }).text;
const acts = async (office: FrontOffice) =>
  (await office.house.manager.use(Journal, '^1.0').read({ types: ['service.*'] })).map(
    ({ type, actor, data }) => [type, actor.id, data['from'], data['to'], data['outcome']] as const,
  );

describe('what an administrator changes', () => {
  it('is loaded anew, and refused with its place while it is faulty', async () => {
    const { office, services, as } = await start();
    write({ 'services/greeter.ts': greeter('1.1.0').replace('handlers: {', 'handlers: {{{') });
    await expect(as(() => services.replace({ name: 'greeter' }))).rejects.toMatchObject({
      code: 'COMPONENT_INVALID',
      message: expect.stringMatching(/services\/greeter\.ts:9:\d+: /),
    });
    expect(await greet(office)).toBe('1.0.0 Hi');
    write({ 'services/greeter.ts': greeter('1.1.0') });
    await as(() => services.replace({ name: 'greeter' }));
    expect(await greet(office)).toBe('1.1.0 Hi');
    expect(read()).toBe(manifest);
    await as(() => services.rollBack({ name: 'greeter' }));
    expect(await greet(office)).toBe('1.0.0 Hi');
    expect(await acts(office)).toEqual([
      ['service.replaced', 'ada', '1.0.0', undefined, 'refused'],
      ['service.replaced', 'ada', '1.0.0', '1.1.0', 'done'],
      ['service.rolled-back', 'ada', '1.1.0', '1.0.0', 'done'],
    ]);
  });

  it('is written into caruso.yaml, and taken back there too', async () => {
    const { office, services, as } = await start();
    await as(() => services.replace({ name: 'greeter', use: './services/other.ts' }));
    expect(await greet(office)).toBe('2.0.0 Hi');
    expect(read()).toBe(manifest.replace('./services/greeter.ts', './services/other.ts'));
    const { config } = await services.configuration({ name: 'greeter' });
    expect(config).toEqual({ words: '${WORDS}', password: '••••••••' });
    await as(() => services.configure({ name: 'greeter', config: { ...config, loud: true } }));
    expect(await greet(office)).toBe('2.0.0 Hi!');
    expect(read()).toContain('config: { words: "${WORDS}", password: hunter2, loud: true } }   # Anna\'s');
    await expect(as(() => services.configure({ name: 'greeter', config: { words: 'x' } }))).rejects.toMatchObject({
      code: 'COMPONENT_CONFIG_INVALID',
    });
    await expect(
      as(() => services.configure({ name: 'greeter', config: { ...config, words: '${NOT_THERE}' } })),
    ).rejects.toMatchObject({
      code: 'DECLARATION_INVALID',
      message: expect.stringContaining("no variable 'NOT_THERE'"),
    });
    expect(await greet(office)).toBe('2.0.0 Hi!');
    await as(() => services.rollBack({ name: 'greeter' }));
    expect(await greet(office)).toBe('2.0.0 Hi');
    await as(() => services.rollBack({ name: 'greeter' }));
    expect(await greet(office)).toBe('1.0.0 Hi');
    expect(read()).toBe(manifest);
  });

  it('is taken back in caruso.yaml too when the service manager rolls it back by itself', async () => {
    const { office, services, as } = await start();
    await greet(office);
    const failing = greeter('3.0.0').replace('greet: () => ({', "greet: () => { throw new Error('no line'); return ({");
    write({ 'services/failing.ts': failing.replace("'!' : '') }) }", "'!' : '') }); } }") });
    await as(() => services.replace({ name: 'greeter', use: './services/failing.ts' }));
    expect(read()).toContain('./services/failing.ts');
    for (let tries = 0; tries < 400 && read() !== manifest; tries++) {
      await greet(office).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(read()).toBe(manifest);
    expect(await greet(office)).toBe('1.0.0 Hi');
    for (let tries = 0; tries < 100 && (await acts(office)).length < 2; tries++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await acts(office)).toEqual([
      ['service.replaced', 'ada', '1.0.0', '3.0.0', 'done'],
      ['service.rolled-back', 'caruso', '3.0.0', '1.0.0', 'done'],
    ]);
  });

  it('holds after a restart of the whole front office', async () => {
    const { services, as } = await start();
    expect((await services.available({})).sources).toEqual(
      expect.arrayContaining([
        { use: './services/greeter.ts', usedBy: ['greeter'] },
        { use: './services/other.ts', usedBy: [] },
        { use: '@caruso/storage-manager', usedBy: ['storage'] },
        { use: '@caruso/channel-mail', usedBy: [] },
      ]),
    );
    await as(() =>
      services.add({ name: 'second', use: './services/other.ts', config: { words: 'Hey', password: '${WORDS}' } }),
    );
    await as(() => services.remove({ name: 'greeter' }));
    expect(read()).toContain(
      '  # greets\n  second: { use: ./services/other.ts, config: { words: Hey, password: "${WORDS}" } }\n',
    );
    await open.pop()?.();
    const again = await startFrontOffice(io, '.', { settings: {}, seed: false, strict: true, log, now: () => 0 });
    open.push(() => again.stop());
    const names = again.house.manager.services.tree().map(({ name }) => name);
    expect(names).toContain('second');
    expect(names).not.toContain('greeter');
    expect(await greet(again)).toBe('2.0.0 Hey');
    expect(await acts(again)).toEqual([
      ['service.added', 'ada', undefined, '2.0.0', 'done'],
      ['service.removed', 'ada', '1.0.0', undefined, 'done'],
    ]);
  });

  it('comes from within the front office only, also by way of a link', async () => {
    const { services, as } = await start();
    const outside = mkdtempSync(join(tmpdir(), 'caruso-outside-'));
    open.push(async () => rmSync(outside, { recursive: true }));
    writeFileSync(join(outside, 'evil.ts'), greeter('6.6.6'));
    symlinkSync(join(outside, 'evil.ts'), join(root, 'services/link.ts'));
    for (const use of [`../${outside.split('/').at(-1)}/evil.ts`, join(outside, 'evil.ts'), './services/link.ts']) {
      await expect(
        as(() => services.replace({ name: 'greeter', use })),
        use,
      ).rejects.toMatchObject({
        code: 'COMPONENT_OUTSIDE',
      });
      await expect(
        as(() => services.configuration({ name: 'x', use })),
        use,
      ).rejects.toMatchObject({
        code: 'COMPONENT_OUTSIDE',
      });
    }
    await expect(as(() => services.add({ name: 'x', use: './services/no.ts' }))).rejects.toMatchObject({
      code: 'COMPONENT_NOT_FOUND',
    });
    await expect(as(() => services.add({ name: 'x', use: './caruso.yaml' }))).rejects.toMatchObject({
      code: 'COMPONENT_NOT_FOUND',
    });
    await expect(as(() => services.add({ name: 'x', use: '@caruso/no-such' }))).rejects.toMatchObject({
      code: 'DECLARATION_INVALID',
    });
    expect(read()).toBe(manifest);
  });

  it('by hand in caruso.yaml takes effect while it runs, and not while it is faulty', async () => {
    const { office } = await start();
    open.push(await watchDeclarations(io, office.house, io.out, { all: false, done() {} }));
    const until = async (start: string) => {
      for (let tries = 0; tries < 800 && !lines.some((line) => line.startsWith(start)); tries++)
        await new Promise((resolve) => setTimeout(resolve, 25));
      expect(lines).toContainEqual(expect.stringMatching(`^${start}`));
    };
    write({ 'caruso.yaml': manifest.replace('${WORDS}', 'Bye') });
    await until('configured greeter');
    expect(await greet(office)).toBe('1.0.0 Bye');
    write({ 'caruso.yaml': manifest.replace('words:', 'word:') });
    await until('what was read before serves on');
    expect(lines.join('\n')).toMatch(/caruso\.yaml:\d+:\d+ error DECLARATION_UNKNOWN_KEY unknown key 'word'/);
    expect(await greet(office)).toBe('1.0.0 Bye');
    write({
      'caruso.yaml': `${manifest}  second: { use: ./services/other.ts, config: { words: Yo, password: "" } }\n`,
    });
    await until('installed second');
    write({ 'caruso.yaml': manifest });
    await until('stopped second');
    expect((await acts(office)).map(([type, who]) => [type, who])).toEqual([
      ['service.configured', 'caruso'],
      ['service.configured', 'caruso'],
      ['service.added', 'caruso'],
      ['service.removed', 'caruso'],
    ]);
  });
});
