import { formatFault, sourceOf } from '@caruso/declarations';
import { describe, expect, test } from 'vitest';
import { compileMetrics } from './compile-metrics.js';
import { compileStrategy } from './compile-strategy.js';

const { metrics } = compileMetrics(
  [
    sourceOf(
      'metrics.yaml',
      `metrics:
  offered: { count: Segment, at: queuedAt }
  abandoned: { count: Segment, at: queuedAt, where: left }
  rate: { share: abandoned, of: offered }
  waiting: { count: Segment }
`,
    ),
  ],
  { Segment: { queuedAt: 'datetime', left: 'boolean' } },
  new Map(),
);
const compiled = (goals: string) =>
  compileStrategy([sourceOf('strategy.yaml', `strategy: Lose no caller\ngoals:\n${goals}`)], metrics);

describe('a strategy', () => {
  test('binds each goal to a metric, with its target', () => {
    const { strategy, faults } = compiled('  - { metric: rate, at most: 0.05, per: week, why: They call again }\n');
    expect(faults).toEqual([]);
    expect(strategy).toEqual({
      strategy: 'Lose no caller',
      goals: [{ metric: 'rate', target: { atMost: 0.05 }, per: 'week', why: 'They call again' }],
    });
    expect(compileStrategy([], metrics)).toEqual({ strategy: undefined, faults: [] });
  });

  test.each([
    ['rat, at most: 1, per: week', /^strategy\.yaml:3:15 error METRIC_UNKNOWN .*did you mean 'rate'\?/],
    ['waiting, at most: 1, per: day', /^strategy\.yaml:3:15 error METRIC_WITHOUT_TIME 'waiting' says how it is now/],
    ['rate, per: week', /^strategy\.yaml:3:5 error .*a goal has a target \(write at least: or at most:/],
    ['rate, at most: 1, per: yaer', /^strategy\.yaml:3:\d+ error .*year|^strategy\.yaml:3:\d+ error .*'yaer'/],
    ['rate, at mots: 1, at most: 1, per: week', /^strategy\.yaml:3:21 error .*did you mean 'at most'\?/],
  ])('says what is wrong with { metric: %s }', (goal, expected) => {
    const { strategy, faults } = compiled(`  - { metric: ${goal}, why: x }\n`);
    expect(faults.map(formatFault)).toEqual([expect.stringMatching(expected)]);
    expect(strategy?.goals ?? []).toEqual([]);
  });
});
