import type { XmlElement } from '../xml-tree.js';
import { spanOf } from '../xml-tree.js';

/** Where the parts of an element are written. */
export interface ElementPlace {
  from: number;
  to: number;
  /** Between its tags; undefined where it is one tag. */
  inner: { from: number; to: number } | undefined;
  /** Behind its last attribute, or its name. */
  attributesEnd: number;
}

export function placeOf(text: string, element: XmlElement): ElementPlace {
  const { from, to } = spanOf(element);
  const ends = [...element.attributes.values()].map(({ offsets }) => (offsets.at(-1) ?? 0) + 1);
  const attributesEnd = Math.max(element.offset + element.name.length, ...ends);
  const tagEnd = text.indexOf('>', attributesEnd);
  const inner = text[tagEnd - 1] === '/' ? undefined : { from: tagEnd + 1, to: text.lastIndexOf('</', to - 1) };
  return { from, to, inner, attributesEnd };
}

/** The whole lines an element stands on, where it has them for itself. */
export interface Lines {
  from: number;
  /** Behind the line break. */
  to: number;
  indent: string;
}

/** The lines of an element with what stands behind it of comments; undefined where it shares a line with another one. */
export function linesOf(text: string, { from, to }: { from: number; to: number }): Lines | undefined {
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const indent = text.slice(start, from);
  if (!/^[ \t]*$/.test(indent)) return undefined;
  const rest = /^[ \t]*(?:<!--(?:(?!-->)[^\n])*-->[ \t]*)*(?:\r?\n|$)/.exec(text.slice(to));
  return rest === null ? undefined : { from: start, to: to + rest[0].length, indent };
}

/** Where the comments begin that stand right above a line, on lines of their own. */
export function commentsAbove(text: string, lineStart: number): number {
  const above = text.slice(0, lineStart);
  const match = /(?:^|\n)((?:[ \t]*<!--(?:(?!-->)[\s\S])*-->[ \t]*\r?\n)+)$/.exec(above);
  return match === null ? lineStart : lineStart - (match[1] ?? '').length;
}

export function lineEndOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** What a script is indented by at each depth. */
export function indentUnit(text: string): string {
  return /\n([ \t]+)</.exec(text)?.[1] ?? '  ';
}
