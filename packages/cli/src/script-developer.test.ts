import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScriptDeveloper, Scripts } from '@caruso/script-engine/contract';
import { createLog } from '@caruso/service-manager';
import { actingAs, type Principal } from '@caruso/service-manager/contract';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { type FrontOffice, startFrontOffice } from './front-office.js';
import type { Io } from './io.js';
import { run } from './program.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 90_000 });

const ada: Principal = { kind: 'user', id: 'ada', name: 'Ada', roles: ['administrator'] };
const sue: Principal = { kind: 'user', id: 'sue', name: 'Sue', roles: ['script-developer'] };
const anna: Principal = { kind: 'user', id: 'anna', name: 'Anna', roles: ['agent'] };
const base = parse(readFileSync(new URL('../base/caruso.yaml', import.meta.url), 'utf8')) as { components: object };
const without = Object.keys(base.components).filter((name) => !['storage', 'objects', 'scripts'].includes(name));

const hello = `<!DOCTYPE script SYSTEM "dialog-script.dtd">
<script id="hello" version="1" xml:lang="en" channels="agent web">
  <meta><title>Hello</title></meta>
  <section id="s">
    <!-- What everybody is asked. -->
    <question id="ask" name="no" type="text" required="yes"><say>Your number?</say></question>
    <lookup id="find" object="Customer" into="found" where="no = answers.no"><fail to="ask"/></lookup>
    <end id="done" outcome="known"><say>Hello <value of="found.name"/>.</say></end>
  </section>
</script>
`;
/** Each at its line and column: an attribute, a type, a name, a step, an object, a method. */
const faulty = hello
  .replace('required="yes"', 'requird="yes"')
  .replace('type="text"', 'type="txt"')
  .replace('no = answers.no', 'nr = answers.no')
  .replace('<fail to="ask"/>', '<fail to="aks"/>')
  .replace('found.name', 'fond.name')
  .replace('    <end ', '    <action id="note" do="objects.creat"><fail to="done"/></action>\n    <end ');
const cases = `script: hello   # of the vertical
cases:
  - name: known at once
    found: { find: [{ no: C1, name: Bo }] }
    moves: [{ answer: { no: C1 } }]
    outcome: known
`;
const files = {
  'vertical/caruso.yaml': `caruso: 1
name: vertical
databases: { main: "sqlite:./data/main.db" }
components:
${without.map((name) => `  ${name}: { enabled: false }`).join('\n')}
`,
  'vertical/model/customer.yaml':
    'object: Customer\nattributes:\n  no: { type: text, key: true }\n  name: text\nrights: { administrator: all, agent: all }\n',
  'vertical/scripts/hello.xml': hello,
  'vertical/tests/scripts/hello.yaml': cases,
  'own/caruso.yaml': 'caruso: 1\nname: own\nextends: ../vertical\n',
};
const file = 'scripts/hello.xml';

let root: string;
let office: FrontOffice;
let io: Io;
let out: string[] = [];

const developer = () => office.house.manager.use(ScriptDeveloper, '^1.0');
const scripts = () => office.house.manager.use(Scripts, '^1.0');
const as = <T>(who: Principal, work: () => Promise<T>) => actingAs(who, work);
const own = (name: string) => join(root, 'own', name);

beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'caruso-developer-')));
  io = { out: (line) => out.push(line), err: () => {}, tty: false, cwd: root, env: {}, onStop: () => () => {} };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  const log = createLog({ level: 'silent' });
  office = await startFrontOffice(io, 'own', { settings: {}, seed: false, strict: true, log, now: () => 0 });
});
afterAll(async () => {
  await office.stop();
  rmSync(root, { recursive: true, force: true });
});

describe('the developer of scripts', () => {
  it('lists and opens scripts with their layer', async () => {
    const { scripts: listed } = await as(sue, () => developer().list({}));
    expect(listed).toEqual([
      expect.objectContaining({ file, id: 'hello', title: 'Hello', version: '1', own: false, errors: 0, draft: null }),
    ]);
    const opened = await as(sue, () => developer().open({ file }));
    expect(opened).toMatchObject({ text: hello, base: null, own: false, draft: null, positions: {} });
  });

  it('finds six seeded faults at their places, the same as the command line', async () => {
    const { faults } = await as(sue, () => developer().check({ file, text: faulty }));
    // The word at fault, where it stands.
    const words = {
      txt: 'VALUE',
      requird: 'UNKNOWN',
      nr: 'NAME',
      aks: 'STEP',
      'objects.creat': 'METHOD',
      'fond.name': 'NAME',
    };
    const lines = faulty.split('\n');
    expect(
      faults.map(({ line, column, code }) => [/[\w.]+/.exec(lines[line - 1]?.slice(column - 1) ?? '')?.[0], code]),
    ).toEqual(Object.entries(words).map(([word, code]) => [word, expect.stringMatching(new RegExp(`_${code}`))]));
    expect(faults.map(({ line }) => line)).toEqual([6, 6, 7, 7, 8, 9]);
    mkdirSync(own('scripts'), { recursive: true });
    writeFileSync(own(file), faulty);
    out = [];
    expect(await run(['check', 'own', '--json'], io)).toBe(1);
    rmSync(own(file));
    const told = JSON.parse(out.join('\n')) as { faults: typeof faults };
    expect(told.faults).toEqual(faults);
  });

  it('keeps drafts, and refuses one that was made of an older one', async () => {
    const draft = { file, text: faulty, positions: { ask: { x: 1, y: 2 } }, base: null };
    const kept = await as(sue, () => developer().saveDraft({ ...draft, draft: null }));
    expect((await as(ada, () => developer().open({ file }))).draft).toEqual(kept);
    await expect(as(ada, () => developer().saveDraft({ ...draft, draft: null }))).rejects.toMatchObject({
      code: 'SCRIPT_DRAFT_STALE',
      status: 409,
    });
    const next = await as(ada, () => developer().saveDraft({ ...draft, text: hello, draft: kept.hash }));
    expect(next.by).toBe('ada');
    await as(ada, () => developer().discardDraft({ file, draft: next.hash }));
    expect((await as(ada, () => developer().open({ file }))).draft).toBeNull();
  });

  it('publishes into the own folder alone; a session under way keeps its version; rolls back', async () => {
    const session = await as(anna, () => scripts().start({ script: 'hello', channel: 'agent' }));
    const second = hello.replace('version="1"', 'version="2"').replace('Your number?', 'Which number?');
    await expect(as(sue, () => developer().publish({ file, text: faulty, base: null }))).rejects.toMatchObject({
      code: 'DECLARATIONS_FAULTY',
    });
    expect(existsSync(own(file))).toBe(false);
    const { base: hash } = await as(sue, () =>
      developer().publish({
        file,
        text: second,
        positions: { done: { x: 10.4, y: 20 }, ask: { x: 0, y: 0 } },
        base: null,
      }),
    );
    expect([readFileSync(own(file), 'utf8'), readFileSync(join(root, 'vertical', file), 'utf8')]).toEqual([
      second,
      hello,
    ]);
    expect(readFileSync(own('scripts/hello.layout.json'), 'utf8')).toBe(
      '{\n  "ask": { "x": 0, "y": 0 },\n  "done": { "x": 10, "y": 20 }\n}\n',
    );
    expect(await as(sue, () => developer().open({ file }))).toMatchObject({
      text: second,
      base: hash,
      own: true,
      positions: { ask: { x: 0, y: 0 }, done: { x: 10, y: 20 } },
    });
    await expect(as(ada, () => developer().publish({ file, text: hello, base: null }))).rejects.toMatchObject({
      code: 'DECLARATION_STALE',
      status: 409,
    });

    const shown = await as(anna, () => scripts().view({ session: session.session }));
    expect(shown.step?.text).toEqual([{ kind: 'plain', text: 'Your number?' }]);
    const fresh = await as(anna, () => scripts().start({ script: 'hello', channel: 'agent' }));
    expect(fresh.step?.text).toEqual([{ kind: 'plain', text: 'Which number?' }]);

    const third = second.replace('version="2"', 'version="3"');
    const { base: last } = await as(ada, () => developer().publish({ file, text: third, base: hash }));
    const { versions } = await as(sue, () => developer().versions({ file }));
    expect(versions.map(({ version, by, present }) => [version, by, present])).toEqual([
      ['3', 'ada', true],
      ['2', 'sue', false],
      [null, null, false],
    ]);
    const [, before] = versions;
    if (before === undefined) throw new Error('no version');
    const at = { file, seq: before.seq, before: before.before };
    expect(await as(sue, () => developer().version(at))).toEqual({ text: second });
    const { base: back } = await as(sue, () => developer().rollBack({ ...at, base: last }));
    expect(readFileSync(own(file), 'utf8')).toBe(second);
    const first = versions.at(-1);
    await as(sue, () => developer().rollBack({ file, seq: first?.seq ?? 0, before: true, base: back }));
    // None of its own: that of the vertical serves again.
    expect(existsSync(own(file))).toBe(false);
    const again = await as(anna, () => scripts().start({ script: 'hello', channel: 'agent' }));
    expect(again.step?.text).toEqual([{ kind: 'plain', text: 'Your number?' }]);
  });

  it('writes recorded cases where caruso script test runs them, and leaves what is written', async () => {
    const move = { at: 'ask', answer: { no: 'C2' } };
    const recorded = {
      name: 'known later',
      channel: 'web' as const,
      moves: [move],
      found: { find: [{ no: 'C2' }] },
      outcome: 'known',
    };
    const saved = await as(sue, () => developer().saveCase({ script: 'hello', case: recorded }));
    expect(saved).toEqual({ file: 'tests/scripts/hello-recorded.yaml' });
    await as(sue, () => developer().saveCase({ script: 'hello', case: { ...recorded, name: 'once more' } }));
    expect(readFileSync(own(saved.file), 'utf8')).toBe(`script: hello
cases:
  - name: known later
    channel: web
    found:
      find: [ { no: C2 } ]
    moves:
      - { answer: { no: C2 }, at: ask }
    outcome: known
  - name: once more
    channel: web
    found:
      find: [ { no: C2 } ]
    moves:
      - { answer: { no: C2 }, at: ask }
    outcome: known
`);
    const all = await as(sue, () => developer().cases({ script: 'hello' }));
    expect(all.cases.map(({ name }) => name)).toEqual(['known later', 'once more', 'known at once']);
    out = [];
    await run(['script', 'test', 'own', '--json'], io);
    const report = JSON.parse(out.join('')) as { scripts: { cases: { name: string; failures: string[] }[] }[] };
    expect(report.scripts[0]?.cases.map(({ name, failures }) => [name, failures]).toSorted()).toEqual([
      ['known at once', []],
      ['known later', []],
      ['once more', []],
    ]);
  });

  it('is for those who may change scripts', async () => {
    const method = office.house.manager.services.methods().filter(({ contract }) => contract === 'script-developer');
    expect(method.length).toBeGreaterThan(10);
    for (const { allow } of method) expect(allow).toEqual(['administrator', 'script-developer']);
  });
});
