import { type ExpressionFault, faultAt, type Span } from './fault.js';

/** An expression in CEL's own symbols, with the way back to the source as written. */
export interface Rewritten {
  readonly text: string;
  /** Where a range of `text` stands in the source. */
  toSource(start: number, end: number): Span;
}

interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

// Text first, so that words within it stay untouched; a duration before the number it begins with.
const TOKEN = new RegExp(
  [
    /(?<space>\s+|\/\/[^\n]*)/,
    /(?<text>[rRbB]?(?:"""(?:\\[\s\S]|[^\\])*?"""|'''(?:\\[\s\S]|[^\\])*?'''|"(?:\\[\s\S]|[^"\\\n\r])*"|'(?:\\[\s\S]|[^'\\\n\r])*'))/,
    /(?<duration>(?:\d+(?:\.\d+)?[smhd])+(?![A-Za-z0-9_]))/,
    /(?<number>0[xX][0-9a-fA-F]+[uU]?|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[uU]?)/,
    /(?<word>[A-Za-z_][A-Za-z0-9_]*)/,
    /(?<symbol><>|[=!<>]=|&&|\|\||[\s\S])/,
  ]
    .map((part) => part.source)
    .join('|'),
  'y',
);

const SYMBOLS: ReadonlyMap<string, string> = new Map([
  ['and', '&&'],
  ['or', '||'],
  ['=', '=='],
  ['<>', '!='],
]);
const OPENING = new Set(['(', '[', '{']);
const CLOSING = new Set([')', ']', '}']);
/** What ends the reach of `not`: it binds looser than a comparison, tighter than `and`. */
const ENDS_NOT = new Set(['&&', '||', '?', ':', ',']);

/**
 * Rewrites words into CEL's symbols: `and or not = <>` and durations such as `15m`.
 * `not a = b` means `not (a = b)`; the symbol `!` keeps CEL's tighter binding.
 */
export function rewriteWords(source: string, depthLimit: number): Rewritten | ExpressionFault {
  const pieces: Piece[] = [];
  const openNots: number[] = [];
  let depth = 0;
  let prefixes = 0;
  let significant = 0;
  let last = '';

  const closeNots = () => {
    const end = pieces[significant - 1]?.end ?? 0;
    while (openNots.length > 0 && openNots.at(-1) === depth) {
      openNots.pop();
      // before spaces and comments, or a comment at the end would swallow the bracket
      pieces.splice(significant++, 0, { text: ')', start: end, end });
    }
  };
  const tooDeep = (offset: number) =>
    faultAt(
      source,
      { offset, length: 1 },
      'EXPRESSION_LIMIT',
      `the expression is nested deeper than ${depthLimit} levels`,
      'split it into several attributes or conditions',
    );

  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(source); match !== null; match = TOKEN.exec(source)) {
    const [token] = match;
    const groups = match.groups ?? {};
    const start = match.index;
    const end = start + token.length;
    if (groups.space !== undefined) {
      pieces.push({ text: token, start, end });
      continue;
    }
    const plain = groups.word !== undefined && last === '.';
    const text = plain || groups.text !== undefined ? token : (SYMBOLS.get(token) ?? token);
    const isNot = token === 'not' && !plain;
    prefixes = isNot || token === '!' || token === '-' ? prefixes + 1 : 0;

    if (ENDS_NOT.has(text)) closeNots();
    if (isNot) {
      if (/^\s+in\b/.test(source.slice(end))) {
        const span = { offset: start, length: token.length };
        const remedy = "write 'not (x in [...])' or 'not x in [...]'";
        return faultAt(source, span, 'EXPRESSION_NOT_OFFERED', "'not in' is not offered", remedy);
      }
      openNots.push(depth);
      pieces.push({ text: '!(', start, end });
    } else if (groups.duration !== undefined) {
      pieces.push({ text: `duration("${token}")`, start, end });
    } else {
      if (CLOSING.has(token)) {
        closeNots();
        depth = Math.max(0, depth - 1);
      }
      pieces.push({ text, start, end });
      if (OPENING.has(token)) depth++;
    }
    significant = pieces.length;
    last = token;
    if (depth + openNots.length > depthLimit || prefixes > depthLimit) return tooDeep(start);
  }
  while (openNots.length > 0) {
    depth = openNots.at(-1) ?? 0;
    closeNots();
  }
  return join(source, pieces);
}

function join(source: string, pieces: readonly Piece[]): Rewritten {
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { text, start, end } of pieces) {
    const verbatim = text === source.slice(start, end);
    for (let index = 0; index < text.length; index++) {
      starts.push(verbatim ? start + index : start);
      ends.push(verbatim ? start + index + 1 : end);
    }
  }
  return {
    text: pieces.map((piece) => piece.text).join(''),
    toSource(start, end) {
      const offset = starts[start] ?? source.length;
      const until = end > start ? (ends[Math.min(end, ends.length) - 1] ?? source.length) : offset;
      return { offset, length: Math.max(0, until - offset) };
    },
  };
}
