import { type Folder, readYaml } from '@caruso/declarations';
import type { CheckContext } from '@caruso/declarations/contract';
import {
  type Case,
  compileScripts,
  explore,
  type Fault,
  Positions,
  type Program,
  runCase,
  type Setting,
  waysOf,
} from '@caruso/dialog-script';
import { CaseFile } from './case-file.js';
import { methodShapes } from './method-shapes.js';
import type { ScriptReport } from './report.js';

/** Where the cases of a folder are. */
export const casesFolder = 'tests/scripts';

/** The scripts of a folder, compiled, with what their cases say; for `caruso script`. */
export function openScripts({ folder, schema, methods }: CheckContext): {
  scripts: { id: string; file: string; text: string; program: Program | undefined; faults: Fault[] }[];
  cases: Map<string, CaseFile>;
  faults: Fault[];
  setting: Setting;
} {
  const sources = folder.sources('scripts').map(({ path, text }) => ({ path, text }));
  const options = { schema: { objects: schema?.objects ?? {} }, methods: methodShapes(methods) };
  const scripts = compileScripts(sources, options).map(({ id, document, program, faults }) => {
    return { id, file: document.file, text: document.text, program, faults };
  });
  const { locale, timezone, currency } = folder.manifest;
  return { scripts, ...readCases(folder, scripts), setting: { locale, timezone, currency: currency ?? 'EUR' } };
}

/** The recorded cases of a folder, by script. */
export function readCases(
  folder: Folder,
  scripts: readonly { id: string }[],
): { cases: Map<string, CaseFile>; faults: Fault[] } {
  const cases = new Map<string, CaseFile>();
  const faults: Fault[] = [];
  for (const source of folder.files(casesFolder)) {
    const { value, faults: found, locate } = readYaml(source, CaseFile);
    faults.push(...found);
    if (value === undefined) continue;
    const { script } = value;
    if (!scripts.some(({ id }) => id === script)) {
      const remedy = `name one of ${scripts.map(({ id }) => id).join(', ')}`;
      const message = `there is no script '${script}'`;
      faults.push({ ...locate(['script']), code: 'SCRIPT_UNKNOWN', message, remedy, severity: 'error' });
    } else {
      const before = cases.get(script);
      cases.set(
        script,
        before === undefined
          ? value
          : {
              ...value,
              cases: [...before.cases, ...value.cases],
              infeasible: [...before.infeasible, ...value.infeasible],
            },
      );
    }
  }
  return { cases, faults };
}

/**
 * Runs the cases of each script, then makes up dialogs until every way was taken or is known to be infeasible. Nothing is
 * looked up and nothing done for real.
 */
export function testScripts(
  context: CheckContext,
  options: { only?: string | undefined; traces?: number } = {},
): ScriptReport {
  const { scripts, cases, faults, setting } = openScripts(context);
  const wanted = scripts.filter(({ id }) => options.only === undefined || id === options.only);
  return {
    faults: [...faults, ...wanted.flatMap((each) => each.faults.filter(({ severity }) => severity === 'error'))],
    scripts: wanted.flatMap(({ id, file, text, program }) =>
      program === undefined ? [] : [testScript(program, { id, file, text }, cases.get(id), setting, options.traces)],
    ),
  };
}

function testScript(
  program: Program,
  script: { id: string; file: string; text: string },
  file: CaseFile | undefined,
  setting: Setting,
  traces: number | undefined,
): ScriptReport['scripts'][number] {
  const taken = new Set<string>();
  const cases = (file?.cases ?? []).map((each) => {
    const ways = new Set<string>();
    const failures = failuresOf(program, each, setting, ways);
    for (const way of ways) taken.add(way);
    return { name: each.name, failures };
  });
  const all = waysOf(program);
  const named = new Map((file?.infeasible ?? []).map(({ way, why }) => [way, why]));
  const byCases = all.filter(({ name }) => taken.has(name)).length;
  const explored = explore(program, setting, { reached: [...taken, ...named.keys()], traces });
  const positions = new Positions(script.text);
  const missing = all
    .filter(({ name }) => explored.missing.includes(name))
    .map(({ name, offset }) => ({ way: name, line: positions.at(offset).line }));
  const wrong = [...named.keys()].filter((way) => taken.has(way) || !all.some(({ name }) => name === way));
  return {
    script: script.id,
    file: script.file,
    cases,
    ways: all.length,
    byCases,
    byTraces: all.length - byCases - named.size - missing.length,
    traces: explored.traces,
    missing,
    infeasible: [...named].map(([way, why]) => ({ way, why })),
    notInfeasible: wrong,
    made: explored.cases,
  };
}

function failuresOf(program: Program, test: Case, setting: Setting, ways: Set<string>): string[] {
  try {
    return runCase(program, test, setting, ways).failures;
  } catch (error) {
    return [`the script cannot go on: ${error instanceof Error ? error.message : String(error)}`];
  }
}
