import { isDeepStrictEqual } from 'node:util';
import { configurationFailed, messageOf } from './errors.js';
import type { Registration } from './registration.js';
import { type Replacement, type ReplacementHost, replaceGeneration } from './replacement.js';
import type { ChangeReport } from './services.js';
import { asSystem, type House } from './starting.js';

/** Gives a component another configuration. The registration's turn is the caller's already; it is given back here. */
export async function configure(
  host: ReplacementHost,
  registration: Registration,
  config: unknown,
  replacement: Omit<Replacement, 'wanted'>,
): Promise<ChangeReport> {
  const { name, installed } = registration;
  const wanted = { ...installed, config };
  let mine = true;
  try {
    if (isDeepStrictEqual(config ?? {}, installed.config ?? {}))
      return changeReport(host.house, registration, 'unchanged');
    const parsed = host.registry.check(name, wanted);
    if (await takes(host, registration, parsed)) {
      registration.define(wanted, parsed);
      registration.keepFormer(installed);
      const { version } = registration.component;
      const done = { act: 'configured' as const, outcome: 'configured in place' };
      registration.remember(host.house.clock.now(), version, version, done);
      if (registration.serving)
        host.enter(registration, registration.state === 'degraded' ? 'degrade' : 'serve', registration.reason);
      return changeReport(host.house, registration, 'in place');
    }
    mine = false;
    return await replaceGeneration(host, registration, { ...replacement, wanted });
  } finally {
    if (mine) {
      registration.release();
      host.reconcile();
    }
  }
}

/** Whether the instance that serves has taken the configuration. Throws CONFIGURATION_FAILED. */
async function takes({ house }: ReplacementHost, registration: Registration, parsed: unknown): Promise<boolean> {
  const { instance } = registration.generation ?? {};
  if (instance?.reconfigure === undefined) return false;
  try {
    return (await asSystem(house.ids, async () => instance.reconfigure?.(parsed))) !== 'replace';
  } catch (error) {
    throw configurationFailed(registration.name, messageOf(error), error);
  }
}

/** What came of a change that made no new generation. */
function changeReport({ clock }: House, registration: Registration, applied: ChangeReport['applied']): ChangeReport {
  const { name, component, generation, generations, state, reason } = registration;
  return {
    name,
    from: component.version,
    to: component.version,
    generation: generation?.number ?? generations,
    at: new Date(clock.now()).toISOString(),
    applied,
    complete: true,
    drained: 0,
    abandoned: 0,
    handedOver: false,
    parked: 0,
    restarted: [],
    state,
    ...(reason === undefined ? {} : { reason }),
  };
}
