/** What a figure is held against, taken in the same run. */
interface Reference {
  /** What it is, with its version where it has one. */
  against: string;
  /** Its figure; null where it could not be measured. */
  value: number | null;
  /** ours / value. For rates more is better, for times and memory less. */
  ratio: number | null;
  /** Why there is no value. */
  missing?: string;
}

/** One measured figure beside its references. */
export interface Figure {
  name: string;
  ours: number;
  unit: '1/s' | 'ms' | 'MB' | 'bytes' | 'F1';
  /** What was measured, in a sentence. */
  what: string;
  references: Reference[];
}

/** What a reference came to: its figure, or why there is none. */
export type Outcome = number | { missing: string };

/**
 * A figure with its ratios.
 *
 * @example
 * figure({ name: 'rest-list', ours: 1425, unit: '1/s', what: 'lists a second', against: { 'bare fastify': 3324 } })
 */
export function figure({
  against,
  ...values
}: Omit<Figure, 'references'> & { against: Record<string, Outcome> }): Figure {
  const round = (value: number) => Number(value.toPrecision(4));
  const references = Object.entries(against).map(([name, outcome]): Reference => {
    if (typeof outcome !== 'number') return { against: name, value: null, ratio: null, missing: outcome.missing };
    return { against: name, value: round(outcome), ratio: round(values.ours / outcome) };
  });
  return { ...values, ours: round(values.ours), references };
}

/** The lines that a program reads: one for each pair of ours and a reference. */
export function jsonLines({ name, ours, unit, references }: Figure): string[] {
  return references.map(({ against, value, ratio, missing }) =>
    JSON.stringify({
      name,
      ours,
      reference: value,
      against,
      unit,
      ratio,
      ...(missing === undefined ? {} : { missing }),
    }),
  );
}

/** The lines that a person reads. */
export function textLines({ name, ours, unit, references }: Figure): string[] {
  return references.map(({ against, value, ratio, missing }) =>
    value === null
      ? `${name}: ${ours} ${unit}, ${against} not measured: ${missing}`
      : `${name}: ${ours} ${unit}, ${against} ${value} ${unit}, ratio ${ratio}`,
  );
}

/** The rows of the page: what is ours is said once. */
export function tableRows({ name, what, ours, unit, references }: Figure): string[] {
  return references.map(({ against, value, ratio, missing }, index) => {
    const mine = index === 0 ? `| ${name} | ${what} | ${ours} ${unit} ` : '| | | ';
    return value === null
      ? `${mine}| ${against} | ${missing} | |`
      : `${mine}| ${against} | ${value} ${unit} | ${ratio} |`;
  });
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

/** Asynchronous calls a second, each awaited before the next. */
export async function callRate(call: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  let calls = 0;
  let end = begin;
  while (end - begin < 150) {
    for (let each = 0; each < 100; each += 1) await call();
    calls += 100;
    end = performance.now();
  }
  return (calls * 1000) / (end - begin);
}
