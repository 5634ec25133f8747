import { describe, expect, it } from 'vitest';
import { type LifeCycleEvent, transition } from './life-cycle.js';
import type { ServiceState } from './services.js';

const run = (...events: LifeCycleEvent[]): ServiceState => events.reduce<ServiceState>(transition, 'installed');

describe('the life cycle', () => {
  it.each<[ServiceState, LifeCycleEvent[]]>([
    ['active', ['wait', 'start', 'serve']],
    ['active', ['start', 'degrade', 'serve']],
    ['unsatisfied', ['start', 'serve', 'drain', 'dispose', 'wait']],
    ['stopped', ['start', 'degrade', 'drain', 'dispose', 'stop']],
    ['failed', ['start', 'fail']],
    ['active', ['start', 'fail', 'reinstall', 'start', 'serve']],
    ['failed', ['start', 'serve', 'drain', 'dispose', 'fail']],
    ['installed', ['stop', 'reinstall']],
  ])('comes to %s by %j', (state, events) => {
    expect(run(...events)).toBe(state);
  });

  it.each<LifeCycleEvent[]>([
    ['serve'],
    ['start', 'drain'],
    ['start', 'serve', 'stop'],
    ['start', 'serve', 'start'],
    ['stop', 'start'],
  ])('does not know %j', (...events) => {
    expect(() => run(...events)).toThrow(`cannot '${events.at(-1)}'`);
  });
});
