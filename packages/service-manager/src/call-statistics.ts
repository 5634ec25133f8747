/** Counts and durations of one registration's calls, over all its generations. */
export class CallStatistics {
  total = 0;
  failed = 0;
  inFlight = 0;
  readonly #durations: Float64Array;
  #recorded = 0;

  /** @param size how many of the last durations the percentiles look at */
  constructor(size = 512) {
    this.#durations = new Float64Array(size);
  }

  /** @param duration milliseconds */
  record(duration: number): void {
    this.#durations[this.#recorded++ % this.#durations.length] = duration;
  }

  /** The nearest-rank percentile of the last durations in milliseconds, null before the first. */
  percentile(share: number): number | null {
    const count = Math.min(this.#recorded, this.#durations.length);
    if (count === 0) return null;
    const sorted = this.#durations.slice(0, count).sort();
    return sorted[Math.max(0, Math.ceil(share * count) - 1)] ?? null;
  }

  snapshot(): { total: number; failed: number; inFlight: number; p50: number | null; p95: number | null } {
    const { total, failed, inFlight } = this;
    return { total, failed, inFlight, p50: this.percentile(0.5), p95: this.percentile(0.95) };
  }
}
