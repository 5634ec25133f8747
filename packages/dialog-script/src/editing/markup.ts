import type { Splice } from './splice.js';

/** Elements within a text; they are written as they are, all else is text. */
const mark = /<(?:value(?:\s+[\w:]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*\/|\/?em\s*|br\s*\/)>/y;
const entity = /&(lt|gt|amp|quot|apos);/y;

const meant: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** A mark, or a character, as it is shown; `from` and `to` say where it is written. */
interface Token {
  shown: string;
  from: number;
  to: number;
}

/** What stands between the tags of a `say` as a person edits it: `<` and `&` as themselves, values and emphasis as markup. */
export function shownMarkup(source: string): string {
  return tokensOf(source, true)
    .map(({ shown }) => shown)
    .join('');
}

/** The change of what stands between the tags, so that it shows what a person edited; all that was not edited stays as it is written. */
export function markupSplices(source: string, shown: string): Splice[] {
  const old = tokensOf(source, true);
  const wanted = tokensOf(shown, false);
  let start = 0;
  while (start < old.length && start < wanted.length && old[start]?.shown === wanted[start]?.shown) start++;
  let end = 0;
  const most = Math.min(old.length, wanted.length) - start;
  while (end < most && old.at(-1 - end)?.shown === wanted.at(-1 - end)?.shown) end++;
  if (start === old.length && start === wanted.length) return [];
  const from = old[start]?.from ?? source.length;
  const to = old[old.length - end]?.from ?? source.length;
  const insert = wanted
    .slice(start, wanted.length - end)
    .map(written)
    .join('');
  return [{ from, to: Math.max(from, to), insert }];
}

/** A value as it stands between quotes of an attribute. */
export function writtenValue(value: string, quote: string): string {
  const escaped = value
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/[\t\r\n]+/g, ' ');
  return quote === "'" ? escaped.replace(/'/g, '&apos;') : escaped.replace(/"/g, '&quot;');
}

function written({ shown }: Token): string {
  if (shown.length > 1)
    return `<${shown
      .slice(1)
      .replace(/</g, '&lt;')
      .replace(/&(?!#?\w{1,10};)/g, '&amp;')}`;
  if (shown === '&') return '&amp;';
  // `>` alone may stand; after ]] it may not, and written out it is right anywhere.
  return shown === '<' ? '&lt;' : shown === '>' ? '&gt;' : shown;
}

function tokensOf(text: string, decoded: boolean): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    mark.lastIndex = at;
    entity.lastIndex = at;
    const found = mark.exec(text)?.[0];
    const name = decoded && found === undefined ? entity.exec(text)?.[1] : undefined;
    const raw = found ?? (name === undefined ? (text[at] ?? '') : `&${name};`);
    tokens.push({ shown: name === undefined ? raw : (meant[name] ?? raw), from: at, to: at + raw.length });
    at += raw.length;
  }
  return tokens;
}
