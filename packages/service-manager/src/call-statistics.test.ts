import { describe, expect, it } from 'vitest';
import { CallStatistics } from './call-statistics.js';

describe('call statistics', () => {
  it('have no percentiles before the first call', () => {
    expect(new CallStatistics().snapshot()).toEqual({ total: 0, failed: 0, inFlight: 0, p50: null, p95: null });
  });

  it('give nearest-rank percentiles', () => {
    const statistics = new CallStatistics();
    for (let i = 100; i >= 1; i--) statistics.record(i);
    expect(statistics.snapshot()).toMatchObject({ p50: 50, p95: 95 });
  });

  it('look only at the last durations', () => {
    const statistics = new CallStatistics(4);
    for (const duration of [900, 900, 900, 1, 2, 3, 4]) statistics.record(duration);
    expect(statistics.snapshot()).toMatchObject({ p50: 2, p95: 4 });
  });
});
