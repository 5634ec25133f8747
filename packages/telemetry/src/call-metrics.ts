import type { CallObserver, Clock } from '@caruso/service-manager/contract';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const labelNames = ['contract', 'method', 'provider'] as const;

/** Seconds: from a call within the process to a legacy system that hangs. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

interface Tally {
  total: number;
  failed: number;
  inFlight: number;
  observe: (seconds: number) => void;
}

/**
 * Counts calls by contract, method and provider. Nothing a caller can make up becomes a label, so that there are no more
 * series than methods and providers.
 */
export function callMetrics(registry: Registry, clock: Clock): CallObserver {
  const tallies = new Map<string, Map<string, { labels: Record<(typeof labelNames)[number], string>; tally: Tally }>>();
  const duration = new Histogram({
    name: 'caruso_call_duration_seconds',
    help: 'Time from the beginning of a call to its answer or error',
    labelNames,
    buckets: BUCKETS,
    registers: [registry],
  });
  // Counted in plain numbers, which costs a call least, and given to the library when somebody reads.
  const collected = (write: (labels: Record<string, string>, tally: Tally) => void) => {
    for (const byProvider of tallies.values())
      for (const { labels, tally } of byProvider.values()) write(labels, tally);
  };
  new Counter({
    name: 'caruso_calls_total',
    help: 'Calls begun',
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      collected((labels, { total }) => this.inc(labels, total));
    },
  });
  new Counter({
    name: 'caruso_calls_failed_total',
    help: 'Calls that ended with an error',
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      collected((labels, { failed }) => this.inc(labels, failed));
    },
  });
  new Gauge({
    name: 'caruso_calls_in_flight',
    help: 'Calls begun and not answered yet',
    labelNames,
    registers: [registry],
    collect() {
      collected((labels, { inFlight }) => this.set(labels, inFlight));
    },
  });

  return ({ contract, method, provider }) => {
    const full = `${contract}.${method}`;
    let byProvider = tallies.get(full);
    if (byProvider === undefined) tallies.set(full, (byProvider = new Map()));
    let entry = byProvider.get(provider);
    if (entry === undefined) {
      const labels = { contract, method, provider };
      const { observe } = duration.labels(labels);
      byProvider.set(provider, (entry = { labels, tally: { total: 0, failed: 0, inFlight: 0, observe } }));
    }
    const { tally } = entry;
    tally.total++;
    tally.inFlight++;
    const began = measured(clock);
    return (error) => {
      tally.inFlight--;
      if (error !== undefined) tally.failed++;
      tally.observe((measured(clock) - began) / 1000);
    };
  };
}

function measured(clock: Clock): number {
  return clock.elapsed?.() ?? clock.now();
}
