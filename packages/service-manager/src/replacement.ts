import { currentCall } from './call.js';
import { messageOf, replacedFromWithin, replacementFailed, replacementRefused } from './errors.js';
import type { Generation } from './generation.js';
import { type HandOver, handOver, handsOver, takeOver } from './hand-over.js';
import type { LifeCycleEvent } from './life-cycle.js';
import type { Installed, Registration } from './registration.js';
import type { Registry } from './registry.js';
import { refusals } from './replacement-check.js';
import type { Provider } from './routing.js';
import type { ChangeReport } from './services.js';
import { announceStarted, asSystem, createGeneration, type House, healthOf } from './starting.js';

/** What a replacement uses of the service manager. */
export interface ReplacementHost {
  house: House;
  registry: Registry;
  /** Registrations of this process and providers on other nodes. */
  providers(): Provider[];
  enter(registration: Registration, event: LifeCycleEvent, reason?: string): void;
  reconcile(): void;
  /** The old generation is gone and the new one serves: time to watch it, and to restart those that asked for it. */
  replaced(registration: Registration, replacement: Replacement, outcome: Replaced): Promise<ChangeReport['restarted']>;
}

export interface Replacement {
  wanted: Installed;
  drainMs: number;
  /** How long it may be rolled back by itself; 0: not at all. */
  probationMs: number;
  /** Kept to roll back to. */
  keepFormer: boolean;
  act: 'replaced' | 'configured' | 'restarted' | 'rolled-back';
  /** What the history says instead of "replaced". */
  why?: string | undefined;
  /** Why the service manager does it by itself. */
  byItself?: string | undefined;
  /** Whether dependents that want it are restarted too (if absent, they are). */
  cascade?: boolean | undefined;
}

/** Who served before, and how it did. */
export interface Replaced {
  old: Generation;
  next: Generation;
  former: Installed;
  sickBefore: string | undefined;
}

type Ending = Pick<ChangeReport, 'drained' | 'abandoned' | 'restarted'>;

/** Throws REPLACEMENT_FROM_WITHIN where the call that asks runs on the very generation that would have to go. */
export function refuseFromWithin(registration: Registration): void {
  const caller = currentCall();
  for (const generation of [registration.generation, registration.leavingGeneration]) {
    const flight = generation?.flightOf(caller);
    if (flight !== undefined) throw replacedFromWithin(registration.name, flight.method);
  }
}

/** The registration's turn is the caller's already; it is given back here. */
export async function replaceGeneration(
  host: ReplacementHost,
  registration: Registration,
  replacement: Replacement,
): Promise<ChangeReport> {
  const { name } = registration;
  const { wanted } = replacement;
  const from = registration.component.version;
  // Of what is no component not even the version is known.
  const to = String((wanted.component as { version?: unknown } | undefined)?.version);
  const { clock } = host.house;
  let handedOn = false;
  try {
    const config = host.registry.check(name, wanted);
    if (!registration.desired || registration.failure !== undefined) {
      throw replacementRefused(name, [registration.elsewhere ? 'it runs on another node' : 'it is being stopped']);
    }
    const old = registration.generation;
    if (old === undefined) {
      registration.define(wanted, config);
      registration.remember(clock.now(), from, to, { act: 'installed', outcome: 'installed' });
      if (registration.state !== 'installed') host.enter(registration, 'reinstall');
      registration.release();
      handedOn = true;
      host.reconcile();
      await registration.acquire();
      registration.release();
      host.reconcile();
      return report(clock.now(), true);
    }
    const reasons = refusals(registration, wanted.component, host.providers(), host.registry.all());
    if (reasons.length > 0) throw replacementRefused(name, reasons);
    const { next, handed } = await prepare(host.house, registration, old, wanted, config, replacement.drainMs);

    const outcome: Replaced = { old, next, former: registration.installed, sickBefore: registration.sick };
    // The swap: from here on every call goes to the new generation.
    registration.define(wanted, config);
    registration.generation = next;
    registration.leavingGeneration = old;
    registration.sick = undefined;
    next.gate = handed?.gate;
    host.enter(registration, 'serve', old.inFlight === 0 ? undefined : `generation ${old.number} finishes its calls`);
    const at = clock.now();
    const told = handed === undefined ? {} : { handedOver: true, parked: handed.gate.parked };

    // The calls of a local contract leave no trace: one of them may be the one that waits here.
    const selfMade = old.localInFlight > 0;
    const rest = asSystem(host.house.ids, () => finish(host, registration, replacement, outcome, handed, from, to));
    handedOn = true;
    if (selfMade) {
      rest.catch((error: unknown) => host.house.log.error({ component: name, err: error }, messageOf(error)));
      return { ...report(at, false), ...told };
    }
    return { ...report(at, true, await rest), ...told };
  } catch (error) {
    if (!handedOn) registration.remember(clock.now(), from, to, { act: 'failed', outcome: messageOf(error) });
    throw error;
  } finally {
    if (!handedOn) {
      registration.release();
      host.reconcile();
    }
  }

  function report(
    at: number,
    complete: boolean,
    ending: Ending = { drained: 0, abandoned: 0, restarted: [] },
  ): ChangeReport {
    const generation = registration.generation?.number ?? registration.generations;
    const { state, reason } = registration;
    const standing = reason === undefined ? { state } : { state, reason };
    const at8601 = new Date(at).toISOString();
    return {
      name,
      from,
      to,
      generation,
      at: at8601,
      complete,
      applied: 'replaced',
      handedOver: false,
      parked: 0,
      ...ending,
      ...standing,
    };
  }
}

/** The new generation beside the old one, healthy and in possession of its state. Throws REPLACEMENT_FAILED. */
async function prepare(
  house: House,
  registration: Registration,
  old: Generation,
  wanted: Installed,
  config: unknown,
  drainMs: number,
): Promise<{ next: Generation; handed: HandOver | undefined }> {
  const refuseStopping = (): void => {
    if (!registration.wanted) throw new Error('it is being stopped');
  };
  try {
    const next = await createGeneration(house, registration, wanted.component, config);
    try {
      const sick = await healthOf(next, house);
      if (sick !== undefined) throw new Error(sick);
      refuseStopping();
      const stateful = handsOver(old.component, wanted.component);
      const handed = stateful ? await handOver(house, old, next, drainMs) : undefined;
      if (handed !== undefined && !registration.wanted) {
        old.gate = undefined;
        handed.gate.open();
        refuseStopping();
      }
      return { next, handed };
    } catch (error) {
      await next.dispose();
      throw error;
    }
  } catch (error) {
    throw replacementFailed(registration.name, old.number, error);
  }
}

/** Sees the old generation off, then lets the new one begin to listen and consume, which both could not do at once. */
async function finish(
  host: ReplacementHost,
  registration: Registration,
  replacement: Replacement,
  replaced: Replaced,
  handed: HandOver | undefined,
  from: string,
  to: string,
): Promise<Ending> {
  const { house } = host;
  const { old, next } = replaced;
  let drain = { drained: 0, abandoned: 0 };
  try {
    drain = await old.drain(replacement.drainMs);
    await old.dispose();
    registration.leavingGeneration = undefined;
    try {
      await announceStarted(next, house.ids);
    } catch (error) {
      await restore(host, registration, replaced, handed, error);
    }
    if (handed !== undefined) drain = { drained: handed.drained, abandoned: handed.abandoned };
    const { act, why, byItself } = replacement;
    const lost = drain.abandoned === 0 ? '' : `; ${drain.abandoned} calls abandoned`;
    registration.remember(house.clock.now(), from, to, { act, outcome: `${why ?? 'replaced'}${lost}`, byItself });
    if (replacement.keepFormer) registration.keepFormer(replaced.former);
    if (registration.serving && registration.sick === undefined) host.enter(registration, 'serve');
  } catch (error) {
    registration.remember(house.clock.now(), from, to, { act: 'failed', outcome: messageOf(error) });
    throw error;
  } finally {
    registration.leavingGeneration = undefined;
    next.gate = undefined;
    handed?.gate.open();
    const needs = Object.values(registration.allNeeds).map((need) => need.contract);
    house.routing.forget(registration.name, needs);
    registration.release();
    host.reconcile();
  }
  return { ...drain, restarted: await host.replaced(registration, replacement, replaced) };
}

/** Puts a generation of the former component back in the place of one that could not begin. Always throws. */
async function restore(
  host: ReplacementHost,
  registration: Registration,
  { former, next: failed, old }: Replaced,
  handed: HandOver | undefined,
  cause: unknown,
): Promise<never> {
  const { house } = host;
  try {
    const config = host.registry.check(registration.name, former);
    const again = await createGeneration(house, registration, former.component, config);
    // No call reached the one that failed: what the old one handed over is still how things stand.
    if (handed !== undefined) await takeOver(house, again, handed.state, old);
    again.gate = handed?.gate;
    registration.define(former, config);
    registration.generation = again;
    registration.sick = await healthOf(again, house);
    host.enter(registration, registration.sick === undefined ? 'serve' : 'degrade', registration.sick);
    await failed.drain(0);
    await failed.dispose();
    await announceStarted(again, house.ids);
    again.gate = undefined;
    throw replacementFailed(registration.name, again.number, cause);
  } catch (error) {
    if (registration.generation === failed)
      registration.failure = `${messageOf(cause)}; and the former one did not come back: ${messageOf(error)}`;
    throw error;
  }
}
