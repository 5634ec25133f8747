import { formatFault, sourceOf } from '@caruso/declarations';
import { describe, expect, test } from 'vitest';
import { compileMetrics, type ObjectTypes } from './compile-metrics.js';
import { compileReports } from './compile-reports.js';

const objects: ObjectTypes = {
  Segment: {
    kind: 'text',
    queue: 'text',
    queuedAt: 'datetime',
    answeredAt: 'datetime',
    customer: { object: 'Customer' },
    slow: 'boolean',
  },
  Customer: { segment: 'text' },
};
const computed = new Map([['Segment', new Set(['slow'])]]);
const compiled = (text: string) => compileMetrics([sourceOf('metrics.yaml', text)], objects, computed);

describe('metrics.yaml', () => {
  test('is compiled, and tells which metrics can be kept from changes alone', () => {
    const { metrics, monitors, faults } = compiled(`metrics:
  offered: { count: Segment, at: queuedAt }
  answered: { count: Segment, at: queuedAt, where: answeredAt <> null }
  wait: { average: answeredAt - queuedAt, of: Segment, at: queuedAt }
  slow: { count: Segment, where: slow }
  old: { count: Segment, where: "queuedAt < now() - 1h" }
  vip: { count: Segment, where: "customer.segment = 'key account'" }
  level: { share: answered, of: offered }
monitors:
  contacts: { figures: [{ metric: level, period: today, at least: 0.8 }] }
`);
    expect(faults).toEqual([]);
    expect(
      [...metrics.values()].map((metric) => [metric.name, metric.unit, metric.kind === 'simple' && metric.incremental]),
    ).toEqual([
      ['offered', 'count', true],
      ['answered', 'count', true],
      ['wait', 'duration', true],
      ['slow', 'count', false],
      ['old', 'count', false],
      ['vip', 'count', false],
      ['level', 'share', false],
    ]);
    expect(monitors.get('contacts')?.figures).toEqual([
      { metric: 'level', label: 'level', period: 'today', target: { atLeast: 0.8 } },
    ]);
  });

  test('has every fault named at its place', () => {
    const lines = compiled(`metrics:
  a: { count: Segmnt, at: queuedAt }
  b: { count: Segment, at: queuedAtt }
  c: { count: Segment, where: answerdAt <> null }
  d: { share: a, of: nope }
  e: { sum: queue, of: Segment }
  f: { count: Segment, at: queue }
monitors:
  m: { figures: [{ metric: z }] }
`).faults.map(formatFault);
    const places = [
      /:2:15 .*did you mean 'Segment'/,
      /:3:28 .*did you mean 'queuedAt'/,
      /:4:31 .*answeredAt/,
      /:5:22 /,
      /:6:13 /,
      /:7:28 /,
      /:9:28 /,
    ];
    expect(lines.map((line, index) => places[index]?.test(line) ?? line)).toEqual(places.map(() => true));
  });
});

describe('a report file', () => {
  const { metrics } = compiled('metrics:\n  offered: { count: Segment, at: queuedAt }\n  now: { count: Segment }\n');

  test('has every fault named at its place', () => {
    const text = `report: contacts
metrics: [offered, offerred, now]
by: [queu]
period: { every: 7m, of: today }
chart: { line: [now] }
`;
    const lines = compileReports([sourceOf('reports/contacts.yaml', text)], metrics, objects).faults.map(formatFault);
    expect(lines.join('\n')).toMatch(/:2:20 .*did you mean 'offered'/);
    expect(lines.join('\n')).toMatch(/:2:30 .*METRIC_WITHOUT_TIME/);
    expect(lines.join('\n')).toMatch(/:3:6 .*did you mean 'queue'/);
    expect(lines.join('\n')).toMatch(/:4:18 .*REPORT_PERIOD/);
  });
});
