import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CheckContext } from '@caruso/declarations/contract';
import {
  type Case,
  type Fault,
  type Program,
  promptOf,
  replyOf,
  runCase,
  type Setting,
  Simulation,
  view,
} from '@caruso/dialog-script';
import type { ScriptReport } from '@caruso/script-engine/contract';
import { createLog } from '@caruso/service-manager';
import { isCollection, isMap, isPair, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { contextOf } from '../check-folder.js';
import { scriptEngineMissing, scriptUnknown } from '../errors.js';
import { ExitCode } from '../exit-code.js';
import { inspect } from '../front-office.js';
import { printFaults } from '../report.js';
import type { Invocation } from './command.js';

/** What the package that owns dialog scripts exports for this command. */
interface ScriptTools {
  testScripts(context: CheckContext, options: { only?: string | undefined }): ScriptReport;
  openScripts(context: CheckContext): {
    scripts: { id: string; program: Program | undefined; faults: Fault[] }[];
    cases: ReadonlyMap<string, { cases: Case[] }>;
    setting: Setting;
  };
}

async function toolsOf({ io }: Invocation, path: string): Promise<{ tools: ScriptTools; context: CheckContext }> {
  const { folder, house } = await inspect(io, path, {}, createLog({ level: 'silent' }));
  const owner = [...house.loaded.values()].find(({ exports }) => typeof exports['testScripts'] === 'function');
  if (owner === undefined) throw scriptEngineMissing(folder.root);
  return { tools: owner.exports as unknown as ScriptTools, context: contextOf(folder, house) };
}

/** `caruso script test`: the recorded cases of each script, and made-up dialogs for the ways they do not take. */
export async function testScripts(
  call: Invocation,
  path: string,
  options: { script?: string; record?: boolean },
): Promise<number> {
  const { io, json } = call;
  const { tools, context } = await toolsOf(call, path);
  const report = tools.testScripts(context, { only: options.script });
  if (options.script !== undefined && report.scripts.length === 0 && report.faults.length === 0) {
    throw scriptUnknown(
      options.script,
      tools.openScripts(context).scripts.map(({ id }) => id),
    );
  }
  const failed =
    report.faults.length > 0 ||
    report.scripts.some(
      ({ cases, missing, notInfeasible }) =>
        missing.length > 0 || notInfeasible.length > 0 || cases.some(({ failures }) => failures.length > 0),
    );
  if (options.record === true) for (const each of report.scripts) record(call, context.folder.root, each);
  if (json) io.out(JSON.stringify(report));
  else print(call, report);
  return failed ? ExitCode.faults : ExitCode.well;
}

/** Writes the made-up dialogs behind the recorded cases of a script, to be looked through. */
function record({ io }: Invocation, root: string, { script, made }: ScriptReport['scripts'][number]): void {
  if (made.length === 0) return;
  const file = join(root, 'tests', 'scripts', `${script}.yaml`);
  mkdirSync(dirname(file), { recursive: true });
  const document = parseDocument(existsSync(file) ? readFileSync(file, 'utf8') : `script: ${script}\ncases: []\n`);
  for (const each of made) {
    const node = document.createNode(JSON.parse(JSON.stringify(each)));
    for (const name of ['params', 'found', 'acted', 'moves']) {
      if (isMap(node) && sizeOf(node.get(name)) === 0) node.delete(name);
    }
    if (isMap(node)) for (const { value } of node.items) if (isCollection(value)) flow(value);
    document.addIn(['cases'], node);
  }
  const cases = document.get('cases');
  if (isCollection(cases)) cases.flow = false;
  writeFileSync(file, document.toString({ lineWidth: 140, flowCollectionPadding: true }));
  io.err(`wrote ${file}: ${made.length} cases to be looked through`);
}

function sizeOf(node: unknown): number {
  return isCollection(node) ? node.items.length : 1;
}

/** The lists and mappings within a mapping of a case stand on one line each. */
function flow(node: YAMLMap | YAMLSeq): void {
  for (const item of node.items) {
    const value: unknown = isPair(item) ? item.value : item;
    if (isCollection(value)) value.flow = true;
  }
}

function print({ io }: Invocation, { scripts, faults }: ScriptReport): void {
  if (faults.length > 0) printFaults(io, faults);
  for (const each of scripts) {
    const { script, cases, ways, byCases, byTraces, traces, missing, infeasible, notInfeasible } = each;
    const more = byTraces > 0 ? `, ${byTraces} more by ${traces} made-up dialogs` : '';
    const none = infeasible.length > 0 ? `, ${infeasible.length} infeasible` : '';
    io.out(`${script}: ${cases.length} cases; ${byCases} of ${ways} ways by cases${more}${none}`);
    for (const { name, failures } of cases) for (const failure of failures) io.out(`  failed  ${name}: ${failure}`);
    for (const { way, line } of missing) io.out(`  missing ${each.file}:${line} ${way}`);
    for (const way of notInfeasible) io.out(`  wrong   ${way} is named infeasible, but is taken or is not there`);
  }
}

/** `caruso script run`: a dialog in the terminal, in memory; what look-ups find and actions give comes from a recorded case. */
export async function runScript(
  call: Invocation,
  id: string,
  path: string,
  options: { channel?: string; language?: string; case?: string },
): Promise<number> {
  const { io } = call;
  const { tools, context } = await toolsOf(call, path);
  const { scripts, cases, setting } = tools.openScripts(context);
  const found = scripts.find((each) => each.id === id);
  if (found === undefined)
    throw scriptUnknown(
      id,
      scripts.map((each) => each.id),
    );
  const { program, faults } = found;
  if (program === undefined) {
    printFaults(io, faults);
    return ExitCode.faults;
  }
  const recorded = cases.get(id)?.cases ?? [];
  const like = recorded.find(({ name }) => options.case === undefined || name === options.case);
  if (options.case !== undefined && like === undefined)
    throw scriptUnknown(
      options.case,
      recorded.map(({ name }) => name),
    );
  const channel = options.channel ?? 'chat';
  const language = options.language ?? like?.language ?? program.language;
  const begun: Case = { name: id, ...like, channel, language, moves: [] };
  const { simulation } = runCase(program, begun, setting);
  io.err(
    like === undefined
      ? 'In memory: nothing is found and every action succeeds.'
      : `In memory, as in the case '${like.name}'.`,
  );
  await talk(call, simulation, channel);
  for (const { visit, method, arguments: given } of simulation.calls)
    io.err(`called ${method} ${JSON.stringify(given)} (${visit})`);
  io.err(`outcome: ${simulation.view.outcome ?? 'none, the dialog was left'}`);
  return simulation.view.outcome === null ? ExitCode.faults : ExitCode.well;
}

async function talk({ io }: Invocation, simulation: Simulation, channel: string): Promise<void> {
  const shown = () => view(simulation.state, channel);
  io.out(promptOf(shown()));
  if (simulation.state.path.end !== undefined) return;
  for await (const line of io.lines?.() ?? []) {
    const reply = replyOf(shown(), line);
    if (reply.kind === 'back') simulation.move({ back: true });
    else if (reply.kind === 'human') simulation.move({ signal: 'wants-human' });
    else if (reply.kind === 'answer') simulation.move({ answer: reply.answers });
    io.out(promptOf(shown()));
    if (simulation.state.path.end !== undefined || shown().handover !== null) return;
  }
}
