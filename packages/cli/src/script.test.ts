import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Io } from './io.js';
import { run } from './program.js';

const root = new URL('../../../', import.meta.url).pathname;
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function caruso(argv: string[], typed: string[] = []): Promise<{ code: number; out: string[]; err: string[] }> {
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    tty: false,
    cwd: root,
    env: {},
    async *lines() {
      yield* typed;
    },
    onStop: () => () => {},
  };
  return { code: await run(argv, io), out, err };
}

/** A copy of the banking example that may be changed. */
function copy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'caruso-script-'));
  folders.push(folder);
  cpSync(join(root, 'examples/banking'), folder, {
    recursive: true,
    filter: (path) => !/node_modules|data$/.test(path),
  });
  return folder;
}

describe('caruso script test', () => {
  it.each(['utility', 'banking'])(
    'finds every way of the scripts of the example %s taken by its cases',
    async (example) => {
      const { code, out } = await caruso(['script', 'test', `examples/${example}`, '--json']);
      const report = JSON.parse(out.join('')) as {
        scripts: { script: string; ways: number; byCases: number; cases: { failures: string[] }[] }[];
      };
      for (const { script, ways, byCases, cases } of report.scripts) {
        expect({ script, taken: byCases, failures: cases.flatMap(({ failures }) => failures) }).toEqual({
          script,
          taken: ways,
          failures: [],
        });
      }
      expect(code).toBe(0);
    },
  );

  it('tells which case fails, which way nothing takes, and what was named infeasible and is not', async () => {
    const folder = copy();
    const cases = join(folder, 'tests/scripts/loan-enquiry.yaml');
    writeFileSync(
      cases,
      `script: loan-enquiry
cases:
  - name: wrong outcome
    channel: agent
    moves: [{ answer: { client: "1", born: 2000-01-01 } }, { answer: {}, at: identify }]
    outcome: sent
infeasible: [{ way: loan-enquiry unknown next 1, why: nobody is unknown }]
`,
    );
    const script = join(folder, 'scripts/loan-enquiry.xml');
    const text = readFileSync(script, 'utf8');
    writeFileSync(script, text.replace('<next to="wishes"/>', '<next to="wishes" if="1 = 2"/><next to="unknown"/>'));
    const { code, out } = await caruso(['script', 'test', folder, '--script', 'loan-enquiry']);
    expect(code).toBe(1);
    const said = out.join('\n');
    expect(said).toContain("failed  wrong outcome: move 2: it is at 'unknown', not at 'identify'");
    expect(said).toMatch(/missing scripts\/loan-enquiry\.xml:\d+ loan-enquiry confirm next 2/);
  });

  it('records the dialogs it made up as cases that pass', async () => {
    const folder = copy();
    rmSync(join(folder, 'tests'), { recursive: true });
    await caruso(['script', 'test', folder, '--script', 'lost-card', '--record']);
    expect(existsSync(join(folder, 'tests/scripts/lost-card.yaml'))).toBe(true);
    const { code, out } = await caruso(['script', 'test', folder, '--script', 'lost-card']);
    expect(out.join('\n')).toMatch(/(\d+) of \1 ways by cases$/);
    expect(code).toBe(0);
  });
});

describe('caruso check', () => {
  it('tells each of six faults of a script at its line and column', async () => {
    const folder = copy();
    writeFileSync(
      join(folder, 'scripts/seeded.xml'),
      `<script id="seeded" version="1" xml:lang="en"><section id="s">
  <question id="a" name="age" type="integer"><say>Age?</say>
    <check expr="age &lt; 100 and agee > 0"><say>No.</say></check>
    <next to="nowere" if="age > 3"/></question>
  <question id="c" name="city" type="text" requird="yes"><say>City?</say>
    <next to="bye" if="city > 5"/></question>
  <action id="d" do="objects.crate"><fail to="bye"/></action>
  <end id="bye" outcome="done"/>
  <info id="lost"><say>Never seen</say><next to="bye"/></info>
</section></script>`,
    );
    const { code, out, err } = await caruso(['check', folder]);
    expect(code).toBe(1);
    const places = [...out, ...err].join('\n').match(/scripts\/seeded\.xml:\d+:\d+/g);
    const at = (line: number, column: number) => `scripts/seeded.xml:${line}:${column}`;
    expect(places).toEqual([at(3, 35), at(4, 15), at(5, 44), at(6, 24), at(7, 22), at(9, 4)]);
  });
});

describe('caruso script run', () => {
  it('is a dialog in the terminal that does nothing for real', async () => {
    const typed = ['C100001', '7411 AB', 'K400001', 'green', 'yes'];
    const named = ['--case', 'two contracts, one changed, the other left as it is, after a second look'];
    const { code, out, err } = await caruso(
      ['script', 'run', 'tariff-change', 'examples/utility', '--language', 'en', ...named],
      typed,
    );
    expect(out[0]).toContain('Who are you?');
    expect(out.at(-1)).toBe('Done. You get a new contract by mail.');
    expect(err.join('\n')).toContain(
      'called objects.update {"object":"Contract","key":"K400001","values":{"tariff":"Green"}}',
    );
    expect(err.at(-1)).toBe('outcome: changed');
    expect(code).toBe(0);
  });

  it('names the scripts there are', async () => {
    const { code, err } = await caruso(['script', 'run', 'mov', 'examples/utility']);
    expect(code).toBe(1);
    expect(err.join('\n')).toContain('tariff-change');
  });
});
