import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, type Registry } from 'prom-client';

/** Milliseconds between two looks at the event loop. */
const RESOLUTION = 10;

/**
 * Memory, processor and event loop of this process, under the names that dashboards for Node know. Gives the way to stop.
 * (The library's own collection of these cannot be stopped.)
 */
export function processMetrics(registry: Registry): () => void {
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });

  gauge('process_resident_memory_bytes', 'Resident memory size in bytes.', () => process.memoryUsage.rss());
  gauge(
    'nodejs_heap_size_total_bytes',
    'Process heap size from Node.js in bytes.',
    () => process.memoryUsage().heapTotal,
  );
  gauge(
    'nodejs_heap_size_used_bytes',
    'Process heap size used from Node.js in bytes.',
    () => process.memoryUsage().heapUsed,
  );
  gauge('nodejs_external_memory_bytes', 'Node.js external memory size in bytes.', () => process.memoryUsage().external);
  gauge(
    'process_start_time_seconds',
    'Start time of the process since unix epoch in seconds.',
    () => performance.timeOrigin / 1000,
  );
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Total user and system CPU time spent in seconds.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });

  const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  delay.enable();
  // Each reading is of the time since the one before.
  const read = { p50: 0, p90: 0, p99: 0, max: 0 };
  gauge('nodejs_eventloop_lag_p50_seconds', 'The 50th percentile of the recorded event loop delays.', () => {
    for (const share of [50, 90, 99] as const) read[`p${share}`] = secondsOf(delay.percentile(share));
    read.max = secondsOf(delay.max);
    delay.reset();
    return read.p50;
  });
  gauge('nodejs_eventloop_lag_p90_seconds', 'The 90th percentile of the recorded event loop delays.', () => read.p90);
  gauge('nodejs_eventloop_lag_p99_seconds', 'The 99th percentile of the recorded event loop delays.', () => read.p99);
  gauge('nodejs_eventloop_lag_max_seconds', 'The maximum recorded event loop delay.', () => read.max);
  return () => void delay.disable();
}

/** The monitor times its own timer: what it was asked to wait is no delay. */
function secondsOf(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e9 - RESOLUTION / 1000);
}
