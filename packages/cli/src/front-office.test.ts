import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formatFault } from '@caruso/declarations';
import { createLog } from '@caruso/service-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askRunning } from './control.js';
import { type FrontOffice, inspect, startFrontOffice } from './front-office.js';
import type { Io } from './io.js';
import { watchDeclarations } from './watch-declarations.js';
import { watchServices } from './watch-services.js';

let root: string;
let lines: string[];
let io: Io;
const open: (() => Promise<void>)[] = [];
const log = createLog({ level: 'silent' });

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'caruso-cli-')));
  lines = [];
  io = { out: (line) => lines.push(line), err: () => {}, tty: false, cwd: root, env: {}, onStop: () => () => {} };
});
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
  rmSync(root, { recursive: true, force: true });
});

const HOUSE = [
  'storage',
  'objects',
  'quality',
  'exchange',
  'modeler',
  'webhooks',
  'policies',
  'scripts',
  'communication',
  'chat',
  'voice',
  'reporting',
  'screens',
  'gateway',
];
/** A front office of its own services alone. */
const manifest = (components: string) =>
  `caruso: 1\nname: own\ncomponents:\n${HOUSE.map((name) => `  ${name}: { enabled: false }\n`).join('')}${components}`;

const write = (files: Record<string, string>) => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
};
const greeter = (version: string, words: string) => `
import { defineComponent, defineContract } from '@caruso/service-manager/contract';
import { z } from 'zod';
const Greeter = defineContract({ id: 'greeter', version: '1.0.0', methods: {
  greet: { summary: 'Greets', input: z.object({ name: z.string() }), output: z.object({ text: z.string() }), idempotent: true } } });
export default defineComponent({
  provides: Greeter, version: '${version}', needs: {}, config: z.strictObject({ punctuation: z.string() }),
  create: ({ config }) => ({ handlers: { greet: ({ name }) => ({ text: '${words} ' + name + config.punctuation }) } }) });
`;
const entry = '  greeter: { use: ./services/greeter.ts, config: { punctuation: "!" } }\n';

const start = async (): Promise<FrontOffice> => {
  const office = await startFrontOffice(io, '.', { settings: {}, seed: undefined, strict: false, log, now: () => 0 });
  open.push(() => office.stop());
  return office;
};
const greet = (office: FrontOffice) => office.house.manager.services.call('greeter.greet', { name: 'Anna' });
const until = async (condition: () => boolean) => {
  for (let tries = 0; tries < 400 && !condition(); tries++) await new Promise((resolve) => setTimeout(resolve, 25));
  expect(condition()).toBe(true);
};

describe('a front office', () => {
  it('runs the components that its configuration names, with their configuration', async () => {
    write({ 'caruso.yaml': manifest(entry), 'services/greeter.ts': greeter('1.0.0', 'Hello') });
    const office = await start();
    expect(office.faults).toEqual([]);
    expect(await greet(office)).toEqual({ text: 'Hello Anna!' });
  });

  it('replaces a service when its file is saved, and keeps the old one serving when it is faulty', async () => {
    write({ 'caruso.yaml': manifest(entry), 'services/greeter.ts': greeter('1.0.0', 'Hello') });
    const office = await start();
    const services = await watchServices(office.house, root, io.out);
    open.push(() => services.close());
    write({ 'services/greeter.ts': greeter('1.1.0', 'Good day') });
    await until(() => lines.some((line) => line.startsWith('replaced greeter: 1.0.0 -> 1.1.0')));
    expect(await greet(office)).toEqual({ text: 'Good day Anna!' });

    write({ 'services/greeter.ts': greeter('1.2.0', 'Bye').replace('handlers: {', 'handlers: {{{') });
    await until(() => lines.some((line) => line.includes('what served before serves on')));
    expect(lines.some((line) => /^services\/greeter\.ts:8:\d+ error COMPONENT_INVALID/.test(line))).toBe(true);
    expect(await greet(office)).toEqual({ text: 'Good day Anna!' });

    write({ 'services/greeter.ts': greeter('1.2.0', 'Welcome') });
    await until(() => lines.some((line) => line.startsWith('replaced greeter: 1.1.0 -> 1.2.0')));
    expect(await greet(office)).toEqual({ text: 'Welcome Anna!' });
  });

  it('tells its service tree to the owner of the folder, and to nobody else', async () => {
    write({ 'caruso.yaml': manifest(entry), 'services/greeter.ts': greeter('1.0.0', 'Hello') });
    const office = await start();
    const folder = office.house.folder();
    const running = await askRunning(folder);
    expect(running?.tree.services.map((node) => [node.name, node.state])).toContainEqual(['greeter', 'active']);
    expect(statSync(join(root, '.caruso/run.json')).mode & 0o777).toBe(0o600);
    expect((await fetch(`${running?.run.control}/services`)).status).toBe(401);
    expect((await fetch(`${running?.run.control}/services`, { headers: { authorization: 'Bearer x' } })).status).toBe(
      401,
    );
    await expect(start()).rejects.toMatchObject({ code: 'ALREADY_RUNNING' });
    await open.pop()?.();
    expect(await askRunning(folder)).toBeUndefined();
  });

  it('names everything wrong with its components, and serves the rest', async () => {
    write({
      'caruso.yaml': manifest(
        `${entry}  bad: { use: ./services/greeter.ts, config: { punctation: "!" } }\n  broken: { use: ./services/broken.ts }\n  lonely: { use: ./services/lonely.ts }\n`,
      ),
      'services/greeter.ts': greeter('1.0.0', 'Hello'),
      'services/broken.ts': 'export default {};\nconst a = ;\n',
      'services/lonely.ts': `import { defineComponent, defineContract, need } from '@caruso/service-manager/contract';
import { z } from 'zod';
const contract = (id: string) => defineContract({ id, version: '1.0.0', methods: {} });
export default defineComponent({ provides: contract('lonely'), version: '1.0.0', needs: { friend: need(contract('friend'), '^1.0') },
  config: z.strictObject({}), create: () => ({ handlers: {} }) });
`,
    });
    const { faults } = await inspect(io, '.', {}, log);
    expect(faults.map(formatFault)).toEqual([
      expect.stringMatching(
        /^caruso\.yaml:19:48 error DECLARATION_UNKNOWN_KEY unknown key 'punctation' \(did you mean 'punctuation'\?\)/,
      ),
      expect.stringMatching(
        /^caruso\.yaml:21:3 error COMPONENT_UNSATISFIED 'lonely' needs friend \^1\.0, which nobody provides/,
      ),
      expect.stringMatching(/^services\/broken\.ts:2:11 error COMPONENT_INVALID/),
    ]);
    const office = await start();
    expect(await greet(office)).toEqual({ text: 'Hello Anna!' });
    const lonely = office.house.manager.services.tree().find((node) => node.name === 'lonely');
    expect(lonely).toMatchObject({ state: 'unsatisfied', reason: expect.stringContaining('friend') });
  });

  it('does not start without a caruso.yaml, nor with faults when told to be strict', async () => {
    await expect(start()).rejects.toMatchObject({ faults: [expect.objectContaining({ code: 'MANIFEST_MISSING' })] });
    write({ 'caruso.yaml': manifest('  x: { use: ./no.ts }\n') });
    const strict = startFrontOffice(io, '.', { settings: {}, seed: false, strict: true, log, now: () => 0 });
    await expect(strict).rejects.toMatchObject({ faults: [expect.objectContaining({ code: 'COMPONENT_NOT_FOUND' })] });
  });

  it('says that its port is taken, and nothing of the seeds that needed the gateway', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    open.push(async () => void other.close());
    const { port } = other.address() as AddressInfo;
    write({
      'caruso.yaml': 'caruso: 1\nname: own\nseed: true\n',
      'seed/10-users.yaml':
        '- call: users.define\n  with: { user: ada, name: Ada, roles: [administrator], password: lumen-demo }\n',
    });
    const said: string[] = [];
    const settings = { port };
    const talking = { ...io, err: (line: string) => void said.push(line) };
    const taken = startFrontOffice(talking, '.', { settings, seed: undefined, strict: true, log, now: () => 0 });
    await expect(taken).rejects.toMatchObject({ code: 'NOT_LISTENING', message: expect.stringContaining(`:${port}`) });
    expect(said.filter((line) => line.includes('seed'))).toEqual([]);
  });

  it('follows its declarations while they are worked on, and keeps the last sound ones', async () => {
    write({ 'caruso.yaml': manifest(entry), 'services/greeter.ts': greeter('1.0.0', 'Hello') });
    const office = await start();
    open.push(await watchDeclarations(io, office.house, io.out, { all: true, done() {} }));
    write({ 'caruso.yaml': manifest(entry.replace('"!"', '"?"')) });
    await until(() => lines.some((line) => line.startsWith('configured greeter')));
    expect(await greet(office)).toEqual({ text: 'Hello Anna?' });

    write({ 'caruso.yaml': manifest(entry.replace('punctuation: "!"', 'punctation: "."')) });
    await until(() => lines.includes('what was read before serves on'));
    expect(lines.join('\n')).toContain("unknown key 'punctation' (did you mean 'punctuation'?)");
    expect(await greet(office)).toEqual({ text: 'Hello Anna?' });

    write({
      'caruso.yaml': manifest(`${entry}  other: { use: ./services/greeter.ts, config: { punctuation: "." } }\n`),
    });
    await until(() => lines.some((line) => line.startsWith('installed other')));
    write({ 'caruso.yaml': manifest(entry) });
    await until(() => lines.some((line) => line.startsWith('stopped other')));
    expect(await greet(office)).toEqual({ text: 'Hello Anna!' });
  });
});
