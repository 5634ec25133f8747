import { isDeepStrictEqual } from 'node:util';
import { Document, isMap, isSeq, type Node, parseDocument, stringify } from 'yaml';
import type { z } from 'zod';
import type { RecordedCase } from '../case-file.js';

type RecordedCase = z.output<typeof RecordedCase>;

/**
 * The text of a file of cases with one more; what stands in it stays as it is written. Pure.
 *
 * @param text undefined: there is no file yet
 */
export function withCase(text: string | undefined, script: string, added: RecordedCase): string {
  if (text === undefined) return `script: ${stringify(script).trim()}\ncases:\n${listed(added, '  ')}`;
  const document = parseDocument(text);
  const wanted: unknown = withItem(document.toJS(), added);
  const cases = document.get('cases', true);
  const last = isSeq(cases) && cases.flow !== true ? (cases.items.at(-1) as Node | undefined) : undefined;
  if (isMap(last) && last.range) {
    const start = text.lastIndexOf('-', last.range[0]);
    const indent = text.slice(text.lastIndexOf('\n', start) + 1, start);
    const end = last.range[1];
    const at = text[end - 1] === '\n' ? end : text.indexOf('\n', end) + 1 || text.length;
    const lead = at === text.length && !text.endsWith('\n') ? '\n' : '';
    const spliced = text.slice(0, at) + lead + listed(added, indent) + text.slice(at);
    if (/^ *$/.test(indent) && isDeepStrictEqual(parseDocument(spliced).toJS(), wanted)) return spliced;
  }
  document.setIn(['cases'], document.createNode((wanted as { cases: unknown }).cases));
  return document.toString({ lineWidth: 0 });
}

function withItem(file: unknown, added: RecordedCase): unknown {
  const present = file as { cases?: unknown[] } | null;
  return { ...present, cases: [...(present?.cases ?? []), plain(added)] };
}

/** Without what is undefined. */
function plain(added: RecordedCase): unknown {
  return JSON.parse(JSON.stringify(added));
}

/** As an item of a list: a move, an object found, on a line each. */
function listed(added: RecordedCase, indent: string): string {
  const document = new Document(plain(added));
  const { contents } = document;
  if (isMap(contents)) {
    for (const { key, value } of contents.items) {
      const name = String(key);
      if (name === 'moves' && isSeq(value)) for (const move of value.items) if (isMap(move)) move.flow = true;
      if (name !== 'moves' && (isMap(value) || isSeq(value))) {
        const parts = isMap(value) && name !== 'params' ? value.items.map((item) => item.value) : [value];
        for (const part of parts) if (isMap(part) || isSeq(part)) part.flow = true;
      }
    }
  }
  const lines = document.toString({ lineWidth: 0, flowCollectionPadding: true }).trimEnd().split('\n');
  return `${lines.map((line, index) => `${indent}${index === 0 ? '- ' : '  '}${line}`).join('\n')}\n`;
}
