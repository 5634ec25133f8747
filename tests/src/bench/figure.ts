/** One measured figure beside its reference, taken in the same run. */
export interface Figure {
  name: string;
  ours: number;
  reference: number;
  /** What the reference is. */
  against: string;
  unit: '1/s' | 'ms' | 'MB' | 'ns' | 'F1';
  /** ours / reference. For rates more is better, for times and memory less. */
  ratio: number;
  /** What was measured, in a sentence. */
  what: string;
}

export function figure(values: Omit<Figure, 'ratio'>): Figure {
  const round = (value: number) => Number(value.toPrecision(4));
  return {
    ...values,
    ours: round(values.ours),
    reference: round(values.reference),
    ratio: round(values.ours / values.reference),
  };
}

/** Median of several measurements: what a shared machine does to single ones. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Calls a second of two competitors, taken in turn so that a slow moment hits both. */
export function rates(
  ours: () => void,
  reference: () => void,
  milliseconds = 250,
  rounds = 7,
): { ours: number; reference: number } {
  const rate = (run: () => void) => {
    let calls = 0;
    const begin = performance.now();
    let end = begin;
    while (end - begin < milliseconds) {
      for (let each = 0; each < 10; each += 1) run();
      calls += 10;
      end = performance.now();
    }
    return (calls * 1000) / (end - begin);
  };
  rate(ours);
  rate(reference);
  const measured = Array.from({ length: rounds }, () => ({ ours: rate(ours), reference: rate(reference) }));
  return { ours: median(measured.map((each) => each.ours)), reference: median(measured.map((each) => each.reference)) };
}
