/** A part of a text that is replaced; offsets are of the text before. */
export interface Splice {
  from: number;
  to: number;
  insert: string;
}

/** The text with splices made that do not overlap. */
export function spliced(text: string, splices: readonly Splice[]): string {
  let result = '';
  let at = 0;
  for (const { from, to, insert } of inOrder(splices)) {
    result += text.slice(at, from) + insert;
    at = to;
  }
  return result + text.slice(at);
}

/** The splices that make the text before out of the text after. */
export function inverted(text: string, splices: readonly Splice[]): Splice[] {
  let moved = 0;
  return inOrder(splices).map(({ from, to, insert }) => {
    const start = from + moved;
    moved += insert.length - (to - from);
    return { from: start, to: start + insert.length, insert: text.slice(from, to) };
  });
}

/** Where what stood at an offset of the text before is in the text after; what is put in at the offset itself comes before it. */
export function movedOffset(offset: number, splices: readonly Splice[]): number {
  let moved = 0;
  for (const { from, to, insert } of inOrder(splices)) {
    if (to > offset) break;
    moved += insert.length - (to - from);
  }
  return offset + moved;
}

/** The same change without what stays at its ends; none where all stays. */
export function narrowed(text: string, { from, to, insert }: Splice): Splice[] {
  const before = text.slice(from, to);
  let start = 0;
  while (start < before.length && start < insert.length && before[start] === insert[start]) start++;
  let end = 0;
  const most = Math.min(before.length, insert.length) - start;
  while (end < most && before[before.length - 1 - end] === insert[insert.length - 1 - end]) end++;
  if (start === before.length && start === insert.length) return [];
  return [{ from: from + start, to: to - end, insert: insert.slice(start, insert.length - end) }];
}

function inOrder(splices: readonly Splice[]): Splice[] {
  return [...splices].sort((a, b) => a.from - b.from || a.to - b.to);
}
