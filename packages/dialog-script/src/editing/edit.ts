import type { ScriptDocument } from '../read.js';
import { elementAt, elementsOf, type XmlElement } from '../xml-tree.js';
import { blank } from './blank.js';
import { holds, insertion, type Put, removal, taken } from './insertion.js';
import { lineEndOf, placeOf } from './layout.js';
import { markupSplices, shownMarkup, writtenValue } from './markup.js';
import { movedOffset, narrowed, type Splice } from './splice.js';

/** A change of a script as a graphical tool makes it. Elements are named by their path, `/script/section[2]/question`. */
export type Edit =
  /** An element with all it must have, and with these attributes; before a sibling, else where the DTD has it. */
  | {
      kind: 'add';
      parent: string;
      element: string;
      before?: string | undefined;
      attributes?: Readonly<Record<string, string>> | undefined;
    }
  | { kind: 'remove'; at: string }
  | { kind: 'move'; at: string; parent: string; before?: string | undefined }
  /** Another id, wherever it is named. */
  | { kind: 'rename'; at: string; id: string }
  /** Undefined takes the attribute away. */
  | { kind: 'attribute'; at: string; name: string; value: string | undefined }
  /** What a `say`, `title` or `note` says, as `textAt` gives it. */
  | { kind: 'text'; at: string; text: string };

/** What an edit does to the text. */
export interface Change {
  splices: Splice[];
  /** Where the element that was edited then begins; of what was removed, what it stood in. */
  at: number;
}

/**
 * Computes an edit as splices into the text: all else, comments and formatting, stays as it is. Undefined where the document
 * is not well-formed, what the edit names is not there, or the DTD has no place for it.
 *
 * @example
 * const change = planEdit(read(text, file), { kind: 'rename', at: '/script/section[1]/info[1]', id: 'hello' });
 * const after = spliced(text, change?.splices ?? []);
 */
export function planEdit({ root, text }: Pick<ScriptDocument, 'root' | 'text'>, edit: Edit): Change | undefined {
  if (root === undefined) return undefined;
  const element = elementAt(root, edit.kind === 'add' ? edit.parent : edit.at);
  if (element === undefined) return undefined;
  const own = (splices: Splice[]): Change => ({ splices, at: movedOffset(element.offset - 1, splices) });
  switch (edit.kind) {
    case 'add':
      return add(text, root, element, edit);
    case 'remove':
      return isNeeded(element) || element.parent === undefined
        ? undefined
        : { splices: [removal(text, element)], at: element.parent.offset - 1 };
    case 'move':
      return move(text, root, element, edit);
    case 'rename':
      return rename(text, root, element, edit.id, own);
    case 'attribute':
      return own(attributeSplices(text, element, edit.name, edit.value));
    default:
      return holds(element.name, '#PCDATA') ? own(textSplices(text, element, edit.text)) : undefined;
  }
}

/** What a `say`, `title` or `note` says, to be edited. */
export function textAt({ root, text }: Pick<ScriptDocument, 'root' | 'text'>, at: string): string {
  const element = root === undefined ? undefined : elementAt(root, at);
  const inner = element === undefined ? undefined : placeOf(text, element).inner;
  return inner === undefined ? '' : shownMarkup(text.slice(inner.from, inner.to)).trim();
}

/** Whether it is the only one of its name where one must be. */
function isNeeded(element: XmlElement): boolean {
  const { parent, name } = element;
  if (parent === undefined) return true;
  if (parent.name === 'loop') return elementsOf(parent).length === 1;
  return holds(parent.name, name)?.required === true && elementsOf(parent, name).length === 1;
}

function add(text: string, root: XmlElement, parent: XmlElement, edit: Extract<Edit, { kind: 'add' }>) {
  const before = edit.before === undefined ? undefined : elementAt(root, edit.before);
  if (before !== undefined && before.parent !== parent) return undefined;
  const rule = holds(parent.name, edit.element);
  if (rule === undefined || (!rule.many && elementsOf(parent, edit.element).length > 0)) return undefined;
  const put = insertion(text, parent, edit.element, before);
  return placed(put, blank(edit.element, { root, text, given: edit.attributes ?? {}, indent: put.indent }));
}

function move(text: string, root: XmlElement, element: XmlElement, edit: Extract<Edit, { kind: 'move' }>) {
  const parent = elementAt(root, edit.parent);
  const before = edit.before === undefined ? undefined : elementAt(root, edit.before);
  if (parent === undefined || before === element || (before !== undefined && before.parent !== parent))
    return undefined;
  if (element.parent === parent && before !== undefined) {
    const siblings = elementsOf(parent);
    if (siblings.indexOf(before) === siblings.indexOf(element) + 1) return undefined;
  }
  for (let above: XmlElement | undefined = parent; above !== undefined; above = above.parent) {
    if (above === element) return undefined;
  }
  const rule = holds(parent.name, element.name);
  if (rule === undefined) return undefined;
  if (parent !== element.parent) {
    if (isNeeded(element) || (!rule.many && elementsOf(parent, element.name).length > 0)) return undefined;
  }
  const from = taken(text, element);
  const put = insertion(text, parent, element.name, before, element);
  // Where it stands already nothing is to be done.
  if (put.at >= from.from && put.at <= from.to) return undefined;
  const moved = (source: string) => reindented(source, from.indent, put.indent, lineEndOf(text));
  const source = moved(from.source);
  // Comments above it are indented anew too.
  const lead = source === from.source ? from.lead : source.length - moved(from.source.slice(from.lead)).length;
  const change = placed(put, source);
  const away = { from: from.from, to: from.to, insert: '' };
  const splices = [...change.splices, away];
  return { splices, at: change.at + (away.from < put.at ? away.from - away.to : 0) + lead };
}

function reindented(source: string, before: string | undefined, now: string | undefined, lineEnd: string): string {
  if (before === undefined || now === undefined || before === now) return source;
  const lines = source.split(lineEnd);
  if (!lines.slice(1).every((line) => line === '' || line.startsWith(before))) return source;
  return lines
    .map((line, index) => (index === 0 || line === '' ? line : now + line.slice(before.length)))
    .join(lineEnd);
}

function placed({ at, lead, tail, also }: Put, source: string): Change {
  return {
    splices: [...also, { from: at, to: at, insert: lead + source + tail }],
    at: at + lead.length + shift(also, at),
  };
}

function shift(splices: readonly Splice[], at: number): number {
  return splices
    .filter(({ from }) => from < at)
    .reduce((sum, { from, to, insert }) => sum + insert.length - (to - from), 0);
}

function rename(text: string, root: XmlElement, element: XmlElement, id: string, own: (splices: Splice[]) => Change) {
  const attribute = element.attributes.get('id');
  if (attribute === undefined || !/^[\p{L}_][\p{L}\p{N}._-]*$/u.test(id)) return undefined;
  const all = everyElement(root);
  if (attribute.value !== id && all.some((each) => each.attributes.get('id')?.value === id)) return undefined;
  const splices = valueSplices(text, attribute, id);
  if (element === root) return own(splices);
  for (const each of all) {
    const to = each.attributes.get('to');
    if (to?.value === attribute.value) splices.push(...valueSplices(text, to, id));
  }
  return own(splices);
}

function everyElement(root: XmlElement): XmlElement[] {
  return [root, ...elementsOf(root).flatMap(everyElement)];
}

type Attribute = NonNullable<ReturnType<XmlElement['attributes']['get']>>;

function valueSplices(text: string, { value: before, valueOffset, offsets }: Attribute, value: string): Splice[] {
  if (value === before) return [];
  const to = offsets.at(-1) ?? valueOffset;
  return narrowed(text, { from: valueOffset, to, insert: writtenValue(value, text[valueOffset - 1] ?? '"') });
}

function attributeSplices(text: string, element: XmlElement, name: string, value: string | undefined): Splice[] {
  const attribute = element.attributes.get(name);
  if (attribute === undefined) {
    if (value === undefined) return [];
    const at = placeOf(text, element).attributesEnd;
    return [{ from: at, to: at, insert: ` ${name}="${writtenValue(value, '"')}"` }];
  }
  if (value !== undefined) return valueSplices(text, attribute, value);
  let from = attribute.offset;
  while (/\s/.test(text[from - 1] ?? '')) from--;
  return [{ from, to: (attribute.offsets.at(-1) ?? attribute.valueOffset) + 1, insert: '' }];
}

function textSplices(text: string, element: XmlElement, shown: string): Splice[] {
  const { inner, attributesEnd, to } = placeOf(text, element);
  if (inner === undefined) {
    const insert = `>${markupSplices('', shown)[0]?.insert ?? ''}</${element.name}>`;
    return [{ from: attributesEnd, to, insert }];
  }
  const source = text.slice(inner.from, inner.to);
  const lead = source.length - source.trimStart().length;
  const trimmed = source.trim();
  return markupSplices(trimmed, shown.trim()).map(({ from, to: end, insert }) => ({
    from: inner.from + lead + from,
    to: inner.from + lead + end,
    insert,
  }));
}
