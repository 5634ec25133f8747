/** A line of two texts: in both, in the first alone, in the second alone. */
export interface DifferenceLine {
  kind: 'same' | 'gone' | 'new';
  text: string;
  /** From 1, in the text it is shown of. */
  line: number;
}

/** Lines around a change that are shown with it. */
const AROUND = 2;

/** What changes from one text to another, line by line; parts that stay are left out, each as a null. Pure. */
export function lineDifference(before: string, after: string): (DifferenceLine | null)[] {
  const [left, right] = [linesOf(before), linesOf(after)];
  const lines = compared(left, right);
  const near = lines.map((_, at) =>
    lines.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(({ kind }) => kind !== 'same'),
  );
  return lines.flatMap((line, at) => {
    if (near[at] === true) return [line];
    return at > 0 && near[at - 1] === false ? [] : [null];
  });
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
}

/** The longest lines in common, by the usual table; what both begin and end with is left out of it. */
function compared(left: readonly string[], right: readonly string[]): DifferenceLine[] {
  let head = 0;
  while (head < left.length && head < right.length && left[head] === right[head]) head += 1;
  let tail = 0;
  while (tail < left.length - head && tail < right.length - head && left.at(-1 - tail) === right.at(-1 - tail))
    tail += 1;
  const [a, b] = [left.slice(head, left.length - tail), right.slice(head, right.length - tail)];
  const table = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0));
  const most = (i: number, j: number): number => table[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = table[i] as number[];
      row[j] = a[i] === b[j] ? most(i + 1, j + 1) + 1 : Math.max(most(i + 1, j), most(i, j + 1));
    }
  const lines: DifferenceLine[] = left.slice(0, head).map((text, at) => ({ kind: 'same', text, line: at + 1 }));
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'same', text: b[j] ?? '', line: head + j + 1 });
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && most(i + 1, j) >= most(i, j + 1))) {
      lines.push({ kind: 'gone', text: a[i] ?? '', line: head + i + 1 });
      i += 1;
    } else {
      lines.push({ kind: 'new', text: b[j] ?? '', line: head + j + 1 });
      j += 1;
    }
  }
  const from = right.length - tail;
  return [
    ...lines,
    ...right.slice(from).map((text, at): DifferenceLine => ({ kind: 'same', text, line: from + at + 1 })),
  ];
}
