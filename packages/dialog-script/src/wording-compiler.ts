import type { ValueType } from '@caruso/expressions';
import type { CompilerContext } from './compiler-context.js';
import type { Format, Piece, Wording } from './program.js';
import { elementsOf, spanOf, type XmlElement } from './xml-tree.js';

const formats: readonly string[] = [
  'text',
  'integer',
  'decimal',
  'money',
  'percent',
  'date',
  'weekday',
  'time',
  'datetime',
  'spell',
];

/** Compiles the wordings (`say`, `note`, `title`) that an element holds. */
export function compileWordings(context: CompilerContext, parent: XmlElement, name: string): Wording[] {
  return elementsOf(parent, name).map((element) => {
    const count = element.attributes.get('count');
    if (count !== undefined && !/^[1-9]\d?$/.test(count.value)) {
      const message = `'${count.value}' is no number of an attempt`;
      context.faults.add(count.valueOffset, 'SCRIPT_ATTRIBUTE_VALUE', message, 'write 2 for the second time, 3, ...');
    }
    const pieces: Piece[] = [];
    collect(context, element, false, pieces);
    return {
      language: languageOf(context, element),
      channels: wordsOf(element, 'channel'),
      count: Number(count?.value ?? '1'),
      condition: context.condition(element),
      pieces: tidy(pieces),
      span: spanOf(element),
    };
  });
}

/** The `say` of an element; one of them must fit always. */
export function compileSays(context: CompilerContext, element: XmlElement): Wording[] {
  const says = compileWordings(context, element, 'say');
  requireWording(context, element, says);
  return says;
}

/** A text that everybody must see needs a wording without conditions in the script's own language. */
function requireWording(context: CompilerContext, element: XmlElement, wordings: readonly Wording[]): void {
  const always = wordings.some(
    ({ language, channels, count, condition }) =>
      language === context.language && channels.length === 0 && count === 1 && condition === undefined,
  );
  if (always || wordings.length === 0) return;
  const message = `no 'say' of '${element.name}' fits always in the script's language '${context.language}'`;
  const remedy = `add a say in '${context.language}' without channel, count and if`;
  context.faults.add(element.offset, 'SCRIPT_TEXT_MISSING', message, remedy);
}

export function wordsOf(element: XmlElement, attribute: string): string[] {
  return (element.attributes.get(attribute)?.value ?? '').split(/\s+/).filter((word) => word !== '');
}

function languageOf(context: CompilerContext, element: XmlElement): string {
  const attribute = element.attributes.get('xml:lang');
  if (attribute === undefined) return context.language;
  if (isLanguage(attribute.value)) return attribute.value;
  const message = `'${attribute.value}' is no language`;
  context.faults.add(attribute.valueOffset, 'SCRIPT_LANGUAGE', message, 'write a tag such as en, nl or nl-BE');
  return context.language;
}

/** Tags that are known to be languages; few, and asked often. */
const languages = new Set<string>();

export function isLanguage(tag: string): boolean {
  if (languages.has(tag)) return true;
  try {
    if (Intl.getCanonicalLocales(tag).length !== 1) return false;
  } catch {
    return false;
  }
  if (languages.size < 200) languages.add(tag);
  return true;
}

function collect(context: CompilerContext, element: XmlElement, emphasised: boolean, pieces: Piece[]): void {
  for (const child of element.children) {
    if (child.kind === 'text') {
      pieces.push({ kind: emphasised ? 'em' : 'plain', text: child.text.replace(/\s+/g, ' ') });
    } else if (child.name === 'em') collect(context, child, true, pieces);
    else if (child.name === 'br') pieces.push({ kind: 'break' });
    else if (child.name === 'value') {
      const expression = context.expression(child.attributes.get('of'));
      if (expression === undefined) continue;
      const { tree } = expression;
      const path = tree.kind === 'path' ? [tree.root, ...tree.attributes] : [];
      const name = path[0] === 'answers' ? path[1] : path[0];
      const answer = name !== undefined && path.length <= 2 && context.names.get(name)?.kind === 'answer';
      const asked = child.attributes.get('format')?.value;
      const format = isFormat(asked) ? asked : formatOf(expression.type);
      pieces.push({ kind: 'value', expression, format, question: answer ? name : undefined });
    }
  }
}

function isFormat(word: string | undefined): word is Format {
  return word !== undefined && formats.includes(word);
}

function formatOf(type: ValueType): Format {
  switch (type) {
    case 'integer':
    case 'decimal':
    case 'money':
    case 'date':
    case 'datetime':
      return type;
    case 'number':
      return 'decimal';
    default:
      return 'text';
  }
}

/** Spaces around the text and beside line breaks come from how the file is laid out, not from what is said. */
function tidy(pieces: readonly Piece[]): Piece[] {
  const merged: Piece[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    if (piece.kind !== 'plain' && piece.kind !== 'em') merged.push(piece);
    else if (last !== undefined && last.kind === piece.kind) {
      merged[merged.length - 1] = { kind: piece.kind, text: (last.text + piece.text).replace(/\s+/g, ' ') };
    } else merged.push(piece);
  }
  return merged
    .map((piece, index) => {
      if (piece.kind !== 'plain' && piece.kind !== 'em') return piece;
      const before = merged[index - 1];
      const after = merged[index + 1];
      let { text } = piece;
      if (before === undefined || before.kind === 'break') text = text.trimStart();
      if (after === undefined || after.kind === 'break') text = text.trimEnd();
      return { kind: piece.kind, text };
    })
    .filter((piece) => !('text' in piece) || piece.text !== '');
}
