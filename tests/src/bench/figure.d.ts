/** One measured figure beside its reference, taken in the same run. */
export interface Figure {
  name: string;
  ours: number;
  reference: number;
  /** What the reference is. */
  against: string;
  unit: '1/s' | 'ms' | 'MB' | 'ns';
  /** ours / reference. For rates more is better, for times and memory less. */
  ratio: number;
  /** What was measured, in a sentence. */
  what: string;
}
export declare function figure(values: Omit<Figure, 'ratio'>): Figure;
/** Median of several measurements: what a shared machine does to single ones. */
export declare function median(values: readonly number[]): number;
/** Calls a second of two competitors, taken in turn so that a slow moment hits both. */
export declare function rates(
  ours: () => void,
  reference: () => void,
  milliseconds?: number,
  rounds?: number,
): {
  ours: number;
  reference: number;
};
//# sourceMappingURL=figure.d.ts.map
