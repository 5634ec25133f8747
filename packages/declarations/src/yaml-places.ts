import { isCollection, isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml';

export function cut(text: string, from: number, to: number, put: string): string {
  return text.slice(0, from) + put + text.slice(to);
}

export function colonOf(text: string, pair: Pair): number | undefined {
  const key = isScalar(pair.key) ? pair.key.range : undefined;
  if (!key) return undefined;
  const colon = text.indexOf(':', key[1]);
  return colon !== -1 && text.slice(key[1], colon).trim() === '' ? colon : undefined;
}

export function startOf(pair: Pair | undefined): number | undefined {
  return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
}

/** Where a pair's last character ends, without comments and white space behind it. */
export function lastOf(text: string, pair: Pair): number {
  const { value } = pair;
  if ((isMap(value) || isSeq(value)) && value.flow !== true && value.items.length > 0) {
    const last = value.items[value.items.length - 1];
    if (isMap(value)) return lastOf(text, last as Pair);
    if (isMap(last) && last.flow !== true && last.items.length > 0) return lastOf(text, last.items.at(-1) as Pair);
    if (isCollection(last) || isScalar(last)) return trimmed(text, last.range?.[1] ?? text.length);
  }
  if ((isCollection(value) || isScalar(value)) && value.range) return trimmed(text, value.range[1]);
  return (colonOf(text, pair) ?? text.length - 1) + 1;
}

/** A block of text ends behind its line break. */
function trimmed(text: string, end: number): number {
  return text[end - 1] === '\n' ? end - (text[end - 2] === '\r' ? 2 : 1) : end;
}

export function startOfLine(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** Before the line break of the line in which a character stands. */
export function endOfLine(text: string, at: number): number {
  const next = text.indexOf('\n', at);
  if (next === -1) return text.length;
  return text[next - 1] === '\r' ? next - 1 : next;
}

export function lineEnd(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** The column, from 0, at which the hand let all values of a block mapping begin; 0 where it did not. */
export function valueColumn(text: string, map: YAMLMap): number {
  const columns = new Set<number>();
  let padded = false;
  for (const pair of map.items) {
    const colon = colonOf(text, pair);
    const value = isScalar(pair.value) || isCollection(pair.value) ? pair.value.range?.[0] : undefined;
    if (colon === undefined || value === undefined || text.slice(colon, value).includes('\n')) continue;
    columns.add(value - startOfLine(text, value));
    padded ||= value > colon + 2;
  }
  const [column = 0] = columns;
  return padded && columns.size === 1 ? column : 0;
}
