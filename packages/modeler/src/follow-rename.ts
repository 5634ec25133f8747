import {
  contentHash,
  editsFor,
  type Fault,
  type FileEdit,
  type Folder,
  KINDS,
  ownText,
  readYaml,
  type Source,
  sourceOf,
  spliceYaml,
} from '@caruso/declarations';
import type { DeclarationEditingApi } from '@caruso/declarations/contract';
import { z } from 'zod';
import type { Rename } from './operation.js';
import { mapping } from './written-model.js';

/** Each round names what only shows once the names of the round before are right; a text has seldom more than a few. */
const ROUNDS = 20;
const Anything = z.looseObject({});

/**
 * Follows a rename of the model into all other declarations. What the checks do not find any more, and found before, stands at exact
 * places: where the former name is written there, the new one is put, and the checks say whether it is right. A name that means
 * something else is found as before, so it stays. What layers below say is laid over.
 *
 * @param before the edits without the rename, whose faults are none of its own
 * @param after the edits with the model renamed
 * @returns the edits with those of the other files
 */
export async function followRename(
  rename: Rename,
  before: readonly FileEdit[],
  after: readonly FileEdit[],
  editing: Pick<DeclarationEditingApi, 'try'>,
): Promise<FileEdit[]> {
  const words = wordsOf(rename);
  const known = new Set((await editing.try(before)).faults.map(idOf));
  const wrong = new Set<string>();
  let edits = [...after];
  for (let round = 0, put: Put[] = []; round < ROUNDS; round += 1) {
    const { folder, faults } = await editing.try(edits);
    const fresh = faults.filter((fault) => !known.has(idOf(fault)) && !fault.file.startsWith('model/'));
    const refused = put.filter((each) => fresh.some((fault) => isAt(fault, each)));
    for (const { file, line, column } of refused) wrong.add(`${file}:${line}:${column}`);
    const next = [
      ...refused.map(({ from, to, ...place }): Put => ({ ...place, from: to, to: from })),
      ...fresh.flatMap((fault) => placeOf(folder, fault, words, wrong) ?? []),
    ];
    if (next.length === 0) break;
    edits = withPut(edits, folder, next);
    put = next;
  }
  return edits;
}

/** A word that takes the place of another. */
interface Put {
  /** As faults name it. */
  file: string;
  line: number;
  column: number;
  offset: number;
  from: string;
  to: string;
}

/** The words by which declarations speak of what is renamed: an object also by its variable. */
function wordsOf({ in: kind, name, to }: Rename): [string, string][] {
  const small = (word: string) => word.charAt(0).toLowerCase() + word.slice(1);
  const words: [string, string][] = [[name, to]];
  if (kind === 'objects' && small(name) !== name) words.push([small(name), small(to)]);
  return words;
}

function idOf({ code, message, file, line, column }: Fault): string {
  return [code, message, file, line, column].join('\0');
}

function isAt(fault: Fault, { file, line, column, to }: Put): boolean {
  return fault.file === file && fault.line === line && fault.column === column && isSaid(fault.message, to);
}

function isSaid(message: string, word: string): boolean {
  return message.split(/[^\w]+/).includes(word);
}

/** Where the former name stands that a fault is about; undefined where that is not certain. */
function placeOf(
  folder: Folder,
  fault: Fault,
  words: readonly [string, string][],
  wrong: ReadonlySet<string>,
): Put | undefined {
  const source = sourceAt(folder, fault.file);
  if (source === undefined) return undefined;
  const { file } = fault;
  const lines = source.text.split('\n');
  const start = lines.slice(0, fault.line - 1).reduce((sum, line) => sum + line.length + 1, 0) + fault.column - 1;
  for (const [from, to] of words) {
    if (!isSaid(fault.message, from)) continue;
    // A path, an event or a screen's name: the word is one of its parts, and only once.
    const region = /^["']?-?[\w.:]*/.exec(source.text.slice(start))?.[0] ?? '';
    const parts = [...region.matchAll(/\w+/g)].filter(([word]) => word === from);
    const [part] = region.startsWith(from) && parts[0]?.index === 0 ? parts : parts.length === 1 ? parts : [];
    if (part === undefined) continue;
    const column = fault.column + part.index;
    if (wrong.has(`${file}:${fault.line}:${column}`)) continue;
    return { file, line: fault.line, column, offset: start + part.index, from, to };
  }
  return undefined;
}

/** The file of a layer that a fault names. */
function sourceAt(folder: Folder, file: string): Source | undefined {
  const all = [...['manifest', ...KINDS].flatMap((kind) => folder.sources(kind)), ...folder.files('tests')];
  for (const top of all)
    for (let each: Source | undefined = top; each !== undefined; each = each.below) if (each.path === file) return each;
  return undefined;
}

function withPut(edits: readonly FileEdit[], folder: Folder, puts: readonly Put[]): FileEdit[] {
  const made = new Map(edits.map((edit) => [edit.name, edit]));
  for (const file of new Set(puts.map((each) => each.file))) {
    const source = sourceAt(folder, file);
    if (source === undefined) continue;
    const name = source.name ?? source.path;
    const mine = puts.filter((each) => each.file === file);
    const places = [...new Map(mine.map((each) => [each.offset, each])).values()];
    const text = places
      .sort((left, right) => right.offset - left.offset)
      .reduce((whole, each) => replaced(whole, each), source.text);
    const own = folder.layers.at(-1)?.name;
    const base = made.get(name)?.base ?? hashOf(ownText(folder, name));
    made.set(name, {
      name,
      text: source.layer === own ? text : laidOver(folder, source, text),
      base: made.has(name) ? (made.get(name)?.base ?? null) : base,
    });
  }
  return [...made.values()];
}

/** With the word in its place; a key keeps its value in the column of the others. */
function replaced(text: string, { offset, from, to }: Put): string {
  const rest = text.slice(offset + from.length);
  const gap = /^(["']?:)( {2,})(?=[^\s#])/.exec(rest);
  const isKey = /(^|[\n{,])\s*["']?$/.test(text.slice(Math.max(0, offset - 200), offset));
  if (gap === null || !isKey) return text.slice(0, offset) + to + rest;
  const [whole, colon = '', blanks = ''] = gap;
  const kept = ' '.repeat(Math.max(1, blanks.length + from.length - to.length));
  return text.slice(0, offset) + to + colon + kept + rest.slice(whole.length);
}

/** What the own folder has to say, so that a file of a layer below seems to say another text. */
function laidOver(folder: Folder, source: Source, text: string): string {
  // Scripts and seeds are never merged: the own folder has the whole.
  if (!source.path.endsWith('.yaml') || source.kind === 'seed') return text;
  const name = source.name ?? source.path;
  const top = folder.sources(source.kind).find((each) => each.name === name) ?? source;
  const isOwn = top.layer === folder.layers.at(-1)?.name;
  const swapped = (each: Source): Source =>
    each.path === source.path
      ? { ...each, text }
      : each.below === undefined
        ? each
        : { ...each, below: swapped(each.below) };
  const valueOf = (each: Source | undefined): unknown =>
    each === undefined ? undefined : readYaml(each, Anything).value;
  const own = isOwn ? top.text : '';
  const lower = isOwn ? top.below : top;
  return editsFor(
    valueOf(lower),
    isOwn ? mapping(valueOf(sourceOf(name, own))) : undefined,
    valueOf(swapped(top)),
    [],
  ).reduce((whole, edit) => spliceYaml(whole, edit.path, edit.value), own);
}

function hashOf(text: string | null): string | null {
  return text === null ? null : contentHash(text);
}

/** A place that may speak of what was renamed, where only a person can tell. */
export interface Unfollowed {
  file: string;
  line: number;
  column: number;
  text: string;
}

/** Code that has a former name as a word: whether it means the same, only a person can tell. */
export function unfollowedOf(folder: Folder, renames: readonly Rename[]): Unfollowed[] {
  const sources = [...folder.sources('services'), ...folder.files('tests')].filter(({ path }) => path.endsWith('.ts'));
  const words = new Set(renames.map(({ name }) => name));
  return sources.flatMap(({ path, text }) =>
    text
      .split('\n')
      .flatMap((line, index) =>
        [...line.matchAll(/[A-Za-z_]\w*/g)]
          .filter(([word]) => words.has(word))
          .map((match) => ({ file: path, line: index + 1, column: match.index + 1, text: line.trim().slice(0, 160) })),
      ),
  );
}
