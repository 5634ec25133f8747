import type { Clock } from '@caruso/service-manager/contract';
import type { Monitor } from './compile-metrics.js';
import type { Figure } from './contract.js';
import type { Span } from './contribution.js';
import { type LiveParts, LiveTotals } from './live-totals.js';
import { type Metric, type SimpleMetric, simpleParts, type Total, valueOf } from './metric.js';
import { todayOf } from './period.js';
import { statusOf } from './target.js';

export interface MonitorParts extends LiveParts {
  clock: Clock;
  timezone: () => string;
}

/** Figures of the status monitors as they are now. */
export class LiveMonitor {
  readonly #parts: MonitorParts;
  readonly #totals: LiveTotals;
  #metrics: ReadonlyMap<string, Metric> = new Map();
  #monitors: ReadonlyMap<string, Monitor> = new Map();
  #today: { from: number; to: number } = { from: 0, to: 0 };
  #beginning: Promise<void> | undefined;

  constructor(parts: MonitorParts) {
    this.#parts = parts;
    this.#totals = new LiveTotals(parts);
  }

  get monitors(): ReadonlyMap<string, Monitor> {
    return this.#monitors;
  }

  /** Shows these monitors from now on; the totals are read when somebody looks. */
  declare(metrics: ReadonlyMap<string, Metric>, monitors: ReadonlyMap<string, Monitor>): void {
    this.#metrics = metrics;
    this.#monitors = monitors;
    this.#today = { from: 0, to: 0 };
    this.#beginning = undefined;
    this.#totals.stop();
  }

  async figures(monitor: Monitor): Promise<Figure[]> {
    await this.#upToDate();
    const direct = await this.#direct(monitor);
    return monitor.figures.flatMap((declared) => {
      const metric = this.#metrics.get(declared.metric);
      if (metric === undefined) return [];
      const span = this.#span(declared.period);
      const totals = new Map<string, Total>();
      for (const part of simpleParts(metric, this.#metrics)) {
        const total = part.incremental
          ? this.#totals.total(part.name, this.#spanOf(part, span))
          : direct.get(`${part.name} ${declared.period}`);
        if (total !== undefined) totals.set(part.name, total);
      }
      const value = valueOf(metric, totals, this.#metrics);
      return [
        {
          metric: metric.name,
          label: declared.label,
          unit: metric.unit,
          value,
          target: declared.target,
          status: statusOf(value, declared.target),
          period: declared.period,
        },
      ];
    });
  }

  stop(): void {
    this.#totals.stop();
  }

  /** At the first look, after a change of the declarations, and after midnight the totals begin anew. */
  async #upToDate(): Promise<void> {
    const now = this.#parts.clock.now();
    if (this.#beginning === undefined || now >= this.#today.to || now < this.#today.from) {
      this.#today = todayOf(now, this.#parts.timezone());
      const beginning = this.#totals.begin([
        { metrics: this.#wanted('now'), span: undefined },
        { metrics: this.#wanted('today').filter((part) => part.at !== undefined), span: this.#today },
        {
          metrics: this.#wanted('today').filter((part) => part.at === undefined && !this.#isWanted(part, 'now')),
          span: undefined,
        },
      ]);
      this.#beginning = beginning;
      beginning.catch(() => {
        if (this.#beginning === beginning) this.#beginning = undefined;
      });
    }
    await this.#beginning;
  }

  #wanted(period: 'now' | 'today'): SimpleMetric[] {
    const wanted = new Map<string, SimpleMetric>();
    for (const monitor of this.#monitors.values()) {
      for (const figure of monitor.figures) {
        const metric = this.#metrics.get(figure.metric);
        if (metric === undefined || figure.period !== period) continue;
        for (const part of simpleParts(metric, this.#metrics)) if (part.incremental) wanted.set(part.name, part);
      }
    }
    return [...wanted.values()];
  }

  #isWanted(part: SimpleMetric, period: 'now' | 'today'): boolean {
    return this.#wanted(period).some((each) => each.name === part.name);
  }

  /** What cannot be kept from changes is read whenever it is shown. */
  async #direct(monitor: Monitor): Promise<Map<string, Total>> {
    const found = new Map<string, Total>();
    for (const period of ['now', 'today'] as const) {
      const parts = monitor.figures
        .filter((figure) => figure.period === period)
        .flatMap((figure) => simpleParts(this.#metrics.get(figure.metric) ?? noMetric, this.#metrics))
        .filter((part) => !part.incremental);
      for (const part of parts) {
        const totals = await this.#parts.read([part], this.#spanOf(part, this.#span(period)));
        const total = totals.get(part.name);
        if (total !== undefined) found.set(`${part.name} ${period}`, total);
      }
    }
    return found;
  }

  #span(period: 'now' | 'today'): Span {
    return period === 'today' ? this.#today : undefined;
  }

  /** A state has no time, so "today" does not cut it. */
  #spanOf(part: SimpleMetric, span: Span): Span {
    return part.at === undefined ? undefined : span;
  }
}

const noMetric: Metric = { kind: 'ratio', name: '', label: '', unit: 'share', numerator: '', denominator: '' };
