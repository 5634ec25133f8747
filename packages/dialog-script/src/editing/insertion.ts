import { elementsOf, type XmlElement } from '../xml-tree.js';
import { commentsAbove, indentUnit, lineEndOf, linesOf, placeOf } from './layout.js';
import type { Splice } from './splice.js';
import { vocabulary } from './vocabulary.js';

/** Where an element is put in, and what goes round it. */
export interface Put {
  at: number;
  lead: string;
  tail: string;
  /** Of the lines it stands on; undefined where it stands on the line of another. */
  indent: string | undefined;
  /** What else must be changed: a tag that held nothing is opened. */
  also: Splice[];
}

/** How an element holds another; undefined where it does not. `#PCDATA` is text. */
export function holds(parent: string, child: string): { required: boolean; many: boolean; place: number } | undefined {
  const word = vocabulary().get(parent);
  if (child === '#PCDATA') return word?.text === true ? { required: false, many: true, place: 0 } : undefined;
  return word?.children.find(({ name }) => name === child);
}

/** Where an element goes in its parent: before a sibling, else behind the last of those that the DTD has before it or beside it. */
export function insertion(
  text: string,
  parent: XmlElement,
  name: string,
  before: XmlElement | undefined,
  besides?: XmlElement,
): Put {
  const siblings = elementsOf(parent).filter((each) => each !== besides);
  const place = holds(parent.name, name)?.place ?? 0;
  const placed = (each: XmlElement) => holds(parent.name, each.name)?.place ?? 0;
  // A place that the DTD does not have for it is not taken.
  const wanted = before === undefined ? -1 : siblings.indexOf(before);
  const index = siblings.findLastIndex((each) => placed(each) <= place);
  const fits =
    wanted >= 0 &&
    placed(siblings[wanted] as XmlElement) >= place &&
    (wanted === 0 || placed(siblings[wanted - 1] as XmlElement) <= place);
  const previous = siblings[fits ? wanted - 1 : index];
  if (previous !== undefined) return behind(text, previous);
  const following = siblings[0] ?? besides;
  if (following !== undefined) return ahead(text, following);
  return within(text, parent);
}

function behind(text: string, element: XmlElement): Put {
  const span = placeOf(text, element);
  const lines = linesOf(text, span);
  if (lines === undefined) {
    // It shares its line with others; what is put in joins them.
    return { at: span.to, lead: '', tail: '', indent: undefined, also: [] };
  }
  const lineEnd = lineEndOf(text);
  const open = text[lines.to - 1] === '\n' ? '' : lineEnd;
  return { at: lines.to, lead: open + lines.indent, tail: lineEnd, indent: lines.indent, also: [] };
}

function ahead(text: string, element: XmlElement): Put {
  const span = placeOf(text, element);
  const lines = linesOf(text, span);
  if (lines === undefined) return { at: span.from, lead: '', tail: '', indent: undefined, also: [] };
  const at = commentsAbove(text, lines.from);
  return { at, lead: lines.indent, tail: lineEndOf(text), indent: lines.indent, also: [] };
}

function within(text: string, parent: XmlElement): Put {
  const place = placeOf(text, parent);
  const lineEnd = lineEndOf(text);
  const start = text.lastIndexOf('\n', place.from - 1) + 1;
  const own = /^[ \t]*/.exec(text.slice(start, place.from))?.[0] ?? '';
  const indent = own + indentUnit(text);
  if (place.inner === undefined) {
    const also = [{ from: place.attributesEnd, to: place.to, insert: '>' }];
    return { at: place.to, lead: lineEnd + indent, tail: `${lineEnd}${own}</${parent.name}>`, indent, also };
  }
  const content = text.slice(place.inner.from, place.inner.to);
  const last = content.lastIndexOf('\n');
  const closesLine = last >= 0 && content.slice(last).trim() === '';
  if (closesLine) return { at: place.inner.from + last + 1, lead: indent, tail: lineEnd, indent, also: [] };
  return { at: place.inner.to, lead: lineEnd + indent, tail: lineEnd + own, indent, also: [] };
}

/** An element with the comments above it, to be put elsewhere. */
export function taken(
  text: string,
  element: XmlElement,
): { from: number; to: number; source: string; indent: string | undefined; lead: number } {
  const span = placeOf(text, element);
  const lines = linesOf(text, span);
  if (lines === undefined) {
    return { from: span.from, to: span.to, source: text.slice(span.from, span.to), indent: undefined, lead: 0 };
  }
  const from = commentsAbove(text, lines.from);
  const start = from === lines.from ? span.from : from + (/^[ \t]*/.exec(text.slice(from))?.[0].length ?? 0);
  const source = text.slice(start, lines.to).replace(/\r?\n$/, '');
  return { from, to: lines.to, source, indent: lines.indent, lead: span.from - start };
}

/** Takes an element away with the line it had for itself; comments stay. */
export function removal(text: string, element: XmlElement): Splice {
  const span = placeOf(text, element);
  const lines = linesOf(text, span);
  if (lines !== undefined && text.slice(span.to, lines.to).trim() === '')
    return { from: lines.from, to: lines.to, insert: '' };
  return { from: span.from, to: span.to, insert: '' };
}
