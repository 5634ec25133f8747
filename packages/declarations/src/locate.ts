import { lineColumn, lineStarts, type Position } from './position.js';
import type { Source } from './source.js';
import { find, keysAt, type Mark, type Path, type Tree } from './tree.js';

/** Finds where in which file a value was written. */
export interface Locate {
  /**
   * The value at `path`: of a text or number its own place, of a mapping or list the key that leads to it. A path that is not
   * there gives its nearest ancestor.
   */
  (path: Path): Position;
  /** The key at the end of `path`. */
  key(path: Path): Position;
  /** The place of a character of the text at `path`, through quotes, escapes and folding. See {@link locateExpression}. */
  within(path: Path, offset: number): Position;
}

/** A locator over a (merged) tree; `origin` names the place of things that are nowhere. */
export function createLocate(tree: Tree | undefined, origin: Source): Locate {
  const starts = new Map<Source, number[]>();
  const position = (mark: Mark, offset = mark.start): Position => {
    let lines = starts.get(mark.source);
    if (lines === undefined) {
      lines = lineStarts(mark.source.text);
      starts.set(mark.source, lines);
    }
    return { file: mark.source.path, ...lineColumn(lines, offset) };
  };
  const nowhere: Position = { file: origin.path, line: 1, column: 1 };
  const locate = (path: Path): Position => {
    if (tree === undefined) return nowhere;
    const found = find(tree, path);
    const own = found.key === undefined || (found.complete && found.tree.kind === 'scalar');
    return position(own ? found.tree.mark : (found.key ?? found.tree.mark));
  };
  const key = (path: Path): Position => {
    const last = path[path.length - 1];
    const entry = tree === undefined ? undefined : keysAt(tree, path.slice(0, -1))?.get(String(last));
    return entry === undefined ? locate(path) : position(entry.mark);
  };
  const within = (path: Path, offset: number): Position => {
    if (tree === undefined) return nowhere;
    const found = find(tree, path);
    if (!found.complete || found.tree.kind !== 'scalar' || typeof found.tree.value !== 'string') return locate(path);
    const { mark, style, value } = found.tree;
    return position(mark, sourceOffset(mark.source.text, mark, style, value, offset));
  };
  return Object.assign(locate, { key, within });
}

/**
 * Maps an offset inside an expression, which is the text at `path`, to file, line and column.
 *
 * @example
 * locateExpression(read.locate, ['objects', 'where'], fault.offset);
 */
export function locateExpression(locate: Locate, path: Path, offset: number): Position {
  return locate.within(path, offset);
}

/**
 * White space aside, a scalar's value is its text with quotes and escapes undone. So the two are walked side by side, character by
 * character, and white space in the value is placed behind the character before it. Exact for every style and folding.
 */
function sourceOffset(text: string, mark: Mark, style: string, value: string, offset: number): number {
  let at = mark.start;
  let end = mark.end;
  if (style === 'block') at = Math.max(text.indexOf('\n', at) + 1, at);
  if (style === 'single' || style === 'double') {
    at += 1;
    end -= 1;
  }
  let inValue = 0;
  let behind = at;
  while (at < end) {
    const unit = readUnit(text, at, style);
    if (unit.decoded === '') {
      at += unit.length;
      continue;
    }
    let next = inValue;
    while (next < value.length && !value.startsWith(unit.decoded, next) && isSpace(value[next])) next += 1;
    if (!value.startsWith(unit.decoded, next)) return mark.start;
    if (offset < next) return Math.min(behind + (offset - inValue), at);
    if (offset < next + unit.decoded.length) return at;
    inValue = next + unit.decoded.length;
    at += unit.length;
    behind = at;
  }
  return Math.min(behind + Math.max(offset - inValue, 0), Math.max(end, behind));
}

const CODES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
};
const HEX: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** The next character of a scalar's text with what it stands for; white space of the text stands for nothing of its own. */
function readUnit(text: string, at: number, style: string): { decoded: string; length: number } {
  const char = text[at] ?? '';
  if (isSpace(char)) return { decoded: '', length: 1 };
  if (style === 'single' && char === "'" && text[at + 1] === "'") return { decoded: "'", length: 2 };
  if (style !== 'double' || char !== '\\') return { decoded: char, length: 1 };
  const letter = text[at + 1] ?? '';
  const digits = HEX[letter];
  if (digits !== undefined) {
    const code = Number.parseInt(text.slice(at + 2, at + 2 + digits), 16);
    const decoded = code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : letter;
    return { decoded, length: 2 + digits };
  }
  if (letter === '\n' || letter === '\r') return { decoded: '', length: 2 };
  return { decoded: CODES[letter] ?? letter, length: 2 };
}

function isSpace(char: string | undefined): boolean {
  return char === ' ' || char === '\n' || char === '\t' || char === '\r';
}
