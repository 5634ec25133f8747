import type { JournalApi, JournalEvent } from '@caruso/storage-manager/contract';
import { reduce, type Setting, type Span } from './contribution.js';
import { nothing, type SimpleMetric, type Total } from './metric.js';

/** One metric over one span, kept up to date. */
interface Kept {
  metric: SimpleMetric;
  span: Span;
  total: Total;
}

export interface LiveParts {
  journal: Pick<JournalApi, 'read' | 'follow'>;
  /** Totals of the metrics over the span, from the database. */
  read: (metrics: readonly SimpleMetric[], span: Span) => Promise<ReadonlyMap<string, Total>>;
  setting: () => Setting;
}

/**
 * Totals of incremental metrics that follow the journal. They begin with what the database says at a position of the journal, and go on
 * with the changes behind it: nothing is counted twice or left out at the seam.
 */
export class LiveTotals {
  readonly #parts: LiveParts;
  #kept: Kept[] = [];
  #position = -1;
  #waiting: JournalEvent[] = [];
  #stop = () => {};

  constructor(parts: LiveParts) {
    this.#parts = parts;
  }

  /** Position in the journal up to which the totals count. */
  get position(): number {
    return this.#position;
  }

  /** Begins anew with these metrics, each group over its span. */
  async begin(groups: readonly { metrics: readonly SimpleMetric[]; span: Span }[]): Promise<void> {
    this.stop();
    this.#position = -1;
    this.#waiting = [];
    const follower = this.#parts.journal.follow((event) => this.#take(event));
    this.#stop = follower;
    for (;;) {
      const before = await this.#last();
      const kept: Kept[] = [];
      for (const { metrics, span } of groups) {
        const totals = await this.#parts.read(metrics, span);
        kept.push(...metrics.map((metric) => ({ metric, span, total: totals.get(metric.name) ?? nothing })));
      }
      // Another beginning overtook this one.
      if (this.#stop !== follower) return;
      // Only a journal that stood still gives totals of one moment.
      if ((await this.#last()) !== before) continue;
      this.#kept = kept;
      this.#position = before;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const event of waiting) this.#take(event);
      return;
    }
  }

  total(metric: string, span: Span): Total | undefined {
    return this.#kept.find((each) => each.metric.name === metric && each.span?.from === span?.from)?.total;
  }

  stop(): void {
    this.#stop();
    this.#stop = () => {};
  }

  #take(event: JournalEvent): void {
    if (this.#position < 0) {
      this.#waiting.push(event);
      return;
    }
    if (event.seq <= this.#position) return;
    this.#position = event.seq;
    if (event.changes.length === 0) return;
    const setting = this.#parts.setting();
    for (const each of this.#kept) each.total = reduce(each.metric, each.total, event.changes, each.span, setting);
  }

  async #last(): Promise<number> {
    const [last] = await this.#parts.journal.read({ descending: true, limit: 1 });
    return last?.seq ?? 0;
  }
}
