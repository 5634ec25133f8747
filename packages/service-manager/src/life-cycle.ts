import { CarusoError } from './caruso-error.js';
import type { ServiceState } from './services.js';

/** What can happen to a registration. */
export type LifeCycleEvent =
  | 'wait' // a need is not met
  | 'start'
  | 'serve'
  | 'degrade'
  | 'drain'
  | 'dispose'
  | 'stop'
  | 'fail'
  | 'reinstall';

const table: Record<ServiceState, Partial<Record<LifeCycleEvent, ServiceState>>> = {
  installed: { wait: 'unsatisfied', start: 'starting', stop: 'stopped' },
  unsatisfied: { wait: 'unsatisfied', start: 'starting', stop: 'stopped', reinstall: 'installed' },
  starting: { serve: 'active', degrade: 'degraded', fail: 'failed', stop: 'stopped' },
  active: { serve: 'active', degrade: 'degraded', drain: 'draining' },
  degraded: { serve: 'active', degrade: 'degraded', drain: 'draining' },
  draining: { dispose: 'stopping' },
  stopping: { stop: 'stopped', wait: 'unsatisfied', fail: 'failed' },
  stopped: { reinstall: 'installed' },
  failed: { wait: 'unsatisfied', start: 'starting', stop: 'stopped', reinstall: 'installed' },
};

/** The state after `event`; throws LIFE_CYCLE_BROKEN where the event cannot happen. */
export function transition(state: ServiceState, event: LifeCycleEvent): ServiceState {
  const next = table[state][event];
  if (next === undefined) {
    throw new CarusoError({
      code: 'LIFE_CYCLE_BROKEN',
      message: `A service that is ${state} cannot '${event}'`,
      remedy: 'this is a fault of the service manager; please report it',
    });
  }
  return next;
}

/** Takes calls: a degraded service answers what it can. */
export function serves(state: ServiceState): boolean {
  return state === 'active' || state === 'degraded';
}
