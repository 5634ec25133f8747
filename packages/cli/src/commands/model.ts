import { hasErrors } from '@caruso/declarations';
import { differences, nameOf } from '@caruso/modeler';
import type { Difference, ModelPreview } from '@caruso/modeler/contract';
import { differenceUnknown } from '../errors.js';
import { ExitCode } from '../exit-code.js';
import { type Applied, type Drafted, modelOf, openModel } from '../model-session.js';
import { plural, printFaults } from '../report.js';
import type { Invocation } from './command.js';

export interface PromoteOptions {
  all?: boolean;
  plan?: boolean;
  allowLoss?: boolean;
}

/** `caruso model diff`: what has to change in one installation's model so that it says what another's does. Nothing is changed. */
export async function diff({ io, json }: Invocation, from: string, to: string): Promise<number> {
  const found = await between({ io, json }, from, to);
  if (json) io.out(JSON.stringify({ differences: found }));
  else {
    for (const each of found) io.out(lineOf(each));
    io.out(found.length === 0 ? `${to} says what ${from} says` : `${plural(found.length, 'difference')}`);
  }
  return ExitCode.well;
}

/** `caruso model promote`: takes chosen differences over, by the same edits as the modeler's. */
export async function promote(
  invocation: Invocation,
  [from, to]: readonly [string, string],
  names: readonly string[],
  options: PromoteOptions,
): Promise<number> {
  const { io, json } = invocation;
  const found = await between(invocation, from, to);
  const unknown = names.find((name) => !found.some((each) => isChosen(each, [name])));
  if (unknown !== undefined || (names.length === 0 && options.all !== true))
    throw differenceUnknown(unknown, found.map(nameOf));
  const chosen = options.all === true ? found : found.filter((each) => isChosen(each, names));
  const session = await openModel(io, to);
  try {
    const { drafts } = await session.call<Drafted>('modeler.promote', { differences: chosen });
    const preview = await session.call<ModelPreview>('modeler.preview', { drafts });
    const broken = hasErrors(preview.faults);
    const losing = preview.steps.filter(({ kind }) => kind === 'remove').map(({ statement }) => statement);
    const applies = options.plan !== true && !broken;
    const applied = applies
      ? await session.call<Applied>('modeler.apply', { drafts, lose: options.allowLoss === true ? losing : [] })
      : undefined;
    if (json) io.out(JSON.stringify({ differences: chosen, ...preview, applied: applied ?? null }));
    else {
      for (const each of chosen) io.out(lineOf(each));
      printPreview(io, preview, applies);
      if (broken) io.out('nothing was written');
      if (applies && losing.length > 0 && options.allowLoss !== true)
        io.out('steps that lose data were not taken; --allow-loss takes them');
    }
    return broken ? ExitCode.faults : ExitCode.well;
  } finally {
    await session.close();
  }
}

/** `caruso model rename`: an object, attribute or relation is called otherwise, in the model and in whatever names it. */
export async function rename(
  { io, json }: Invocation,
  name: string,
  to: string,
  options: { folder?: string; plan?: boolean },
): Promise<number> {
  const session = await openModel(io, options.folder ?? '.');
  try {
    const [object = '', member] = name.split('.');
    const { objects } = await session.call<Drafted>('modeler.model', {});
    const isRelation = objects.some(
      (each) => each.name === object && each.relations.some((one) => one.name === member),
    );
    const operation =
      member === undefined
        ? { do: 'rename object', object, to }
        : { do: 'rename', object, in: isRelation ? 'relations' : 'attributes', name: member, to };
    const { drafts } = await session.call<Drafted>('modeler.edit', { operations: [operation] });
    const preview = await session.call<ModelPreview>('modeler.preview', { drafts });
    const broken = hasErrors(preview.faults);
    const applies = options.plan !== true && !broken;
    const applied = applies ? await session.call<Applied>('modeler.apply', { drafts }) : undefined;
    if (json) io.out(JSON.stringify({ ...preview, applied: applied ?? null }));
    else {
      printPreview(io, preview, applies);
      for (const { file, line, column, text } of preview.unfollowed)
        io.out(`look at ${file}:${line}:${column}, which is code and stays: ${text}`);
      if (broken) io.out('nothing was written');
    }
    return broken ? ExitCode.faults : ExitCode.well;
  } finally {
    await session.close();
  }
}

function printPreview(io: Invocation['io'], { files, steps, notes, faults }: ModelPreview, applies: boolean): void {
  for (const { name } of files) io.out(`${applies ? 'wrote' : 'to write'} ${name}`);
  for (const { database, summary, statement } of steps) io.out(`${database}: ${summary}\n      ${statement}`);
  for (const note of notes) io.out(`note: ${note}`);
  printFaults(io, faults);
}

/** Objects that components keep for themselves come with the components. */
async function between({ io }: Invocation, from: string, to: string): Promise<Difference[]> {
  const [wanted, present] = [await modelOf(io, from), await modelOf(io, to)];
  const own = (objects: typeof wanted) => objects.filter(({ writtenBy }) => writtenBy === null);
  return differences(own(wanted), own(present));
}

/** By its name, or by that of what it is within. */
function isChosen(difference: Difference, names: readonly string[]): boolean {
  const name = nameOf(difference);
  return names.some((each) => name === each || name.startsWith(`${each}.`));
}

const SIGNS = { added: '+', removed: '-', changed: '~', renamed: '>' } as const;

function lineOf(difference: Difference): string {
  const { kind, path, was, before, after } = difference;
  const said = (value: unknown) => JSON.stringify(value);
  const more =
    kind === 'renamed'
      ? ` (was ${was})`
      : path.length === 0
        ? ''
        : kind === 'changed'
          ? `: ${said(before)} -> ${said(after)}`
          : `: ${said(kind === 'added' ? after : before)}`;
  return `${SIGNS[kind]} ${nameOf(difference)}${more}`;
}
