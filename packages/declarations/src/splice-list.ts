import { isDeepStrictEqual } from 'node:util';
import { isCollection, isMap, isScalar, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { isMapping } from './overlay.js';
import { cut, endOfLine, lineEnd, startOfLine } from './yaml-places.js';

/** The text with the items of a list changed that differ; the others stay with their comments. Undefined where that cannot be done. */
export function spliceList(
  text: string,
  list: YAMLSeq,
  wanted: readonly unknown[],
  written: (value: unknown) => string,
  replace: (text: string, pair: Pair, value: unknown) => string | undefined,
): string | undefined {
  const present = list.toJSON() as unknown[];
  if (present.length === 0 || wanted.length === 0) return undefined;
  let head = 0;
  while (head < present.length && head < wanted.length && isDeepStrictEqual(present[head], wanted[head])) head += 1;
  let tail = 0;
  while (
    tail < present.length - head &&
    tail < wanted.length - head &&
    isDeepStrictEqual(present[present.length - 1 - tail], wanted[wanted.length - 1 - tail])
  )
    tail += 1;
  const items = list.items.map((item) =>
    (isScalar(item) || isCollection(item)) && item.range ? item.range : undefined,
  );
  const gone = items.slice(head, present.length - tail);
  const put = wanted.slice(head, wanted.length - tail).map(written);
  if (gone.length === 0 && put.length === 0) return text;
  const [only] = gone;
  const item = list.items[head];
  const inline = isScalar(item) ? item.type !== 'BLOCK_FOLDED' && item.type !== 'BLOCK_LITERAL' : list.flow === true;
  if (gone.length === 1 && put.length === 1 && only !== undefined && inline)
    return cut(text, only[0], only[1], put[0] ?? '');
  if (gone.length === 1 && put.length === 1 && isMap(item)) {
    const within = spliceItem(text, item, present[head], wanted[head], replace);
    if (within !== undefined) return within;
  }
  return list.flow === true
    ? spliceFlow(text, items, head, gone.length, put)
    : spliceBlock(text, items, head, gone.length, put);
}

/** A mapping in a list, of which one value differs. */
function spliceItem(
  text: string,
  item: YAMLMap,
  present: unknown,
  wanted: unknown,
  replace: (text: string, pair: Pair, value: unknown) => string | undefined,
): string | undefined {
  if (!isMapping(present) || !isMapping(wanted)) return undefined;
  if (!isDeepStrictEqual(Object.keys(present), Object.keys(wanted))) return undefined;
  const [key, ...more] = Object.keys(wanted).filter((each) => !isDeepStrictEqual(present[each], wanted[each]));
  const pair = item.items.find((each) => isScalar(each.key) && String(each.key.value) === key);
  return key === undefined || more.length > 0 || pair === undefined ? undefined : replace(text, pair, wanted[key]);
}

type Place = readonly [number, number, number] | undefined;

function spliceFlow(
  text: string,
  items: readonly Place[],
  head: number,
  count: number,
  put: readonly string[],
): string | undefined {
  const before = head === 0 ? undefined : items[head - 1];
  const last = items[head + count - 1];
  if (before !== undefined) {
    const end = count === 0 ? before[1] : last?.[1];
    return end === undefined ? undefined : cut(text, before[1], end, put.map((each) => `, ${each}`).join(''));
  }
  const from = items[0]?.[0];
  const next = items[count]?.[0];
  if (from === undefined) return undefined;
  if (next === undefined) return last === undefined ? undefined : cut(text, from, last[1], put.join(', '));
  return cut(text, from, next, put.map((each) => `${each}, `).join(''));
}

/** Each item on lines of its own. */
function spliceBlock(
  text: string,
  items: readonly Place[],
  head: number,
  count: number,
  put: readonly string[],
): string | undefined {
  const first = items[0];
  if (first === undefined) return undefined;
  const indent = /^( *)- /.exec(text.slice(startOfLine(text, first[0]), first[0]))?.[1];
  if (indent === undefined) return undefined;
  const end = lineEnd(text);
  const lines = put.map((each) => `${indent}- ${each}${end}`).join('');
  const at = items[head];
  const before = items[head - 1];
  const last = items[head + count - 1];
  if (count > 0) {
    if (at === undefined || last === undefined) return undefined;
    return cut(text, startOfLine(text, at[0]), behindLine(text, last), lines);
  }
  if (at !== undefined) return cut(text, startOfLine(text, at[0]), startOfLine(text, at[0]), lines);
  if (before === undefined) return undefined;
  const from = behindLine(text, before);
  return cut(text, from, from, (from === text.length && !text.endsWith('\n') ? end : '') + lines);
}

/** Behind the line break of an item's last line. */
function behindLine(text: string, [, end]: readonly [number, number, number]): number {
  const last = text[end - 1] === '\n' ? end - 1 : end;
  const at = endOfLine(text, last);
  return Math.min(at + (text.startsWith('\r\n', at) ? 2 : 1), text.length);
}
