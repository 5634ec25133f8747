/** Counts and durations of one registration's calls, over all its generations. */
export class CallStatistics {
  total = 0;
  failed = 0;
  inFlight = 0;
  /** Made with the first: most components of a front office at rest were never called. */
  #durations: Float64Array | undefined;
  #recorded = 0;

  /** @param size how many of the last durations the percentiles look at */
  constructor(private readonly size = 512) {}

  /** @param duration milliseconds */
  record(duration: number): void {
    this.#durations ??= new Float64Array(this.size);
    this.#durations[this.#recorded++ % this.size] = duration;
  }

  /** The nearest-rank percentile of the last durations in milliseconds, null before the first. */
  percentile(share: number): number | null {
    const count = Math.min(this.#recorded, this.size);
    if (this.#durations === undefined) return null;
    const sorted = this.#durations.slice(0, count).sort();
    return sorted[Math.max(0, Math.ceil(share * count) - 1)] ?? null;
  }

  snapshot(): { total: number; failed: number; inFlight: number; p50: number | null; p95: number | null } {
    const { total, failed, inFlight } = this;
    return { total, failed, inFlight, p50: this.percentile(0.5), p95: this.percentile(0.95) };
  }
}
