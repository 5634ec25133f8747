import type { Call } from './call.js';
import type { AnyComponent } from './component-definition.js';
import { messageOf, replacementFailed, replacementRefused } from './errors.js';
import type { Generation } from './generation.js';
import type { LifeCycleEvent } from './life-cycle.js';
import { candidates, explain, offeredVersion } from './need-resolution.js';
import { needFact, offersOf, type Registration, requiredNeeds } from './registration.js';
import type { Registry } from './registry.js';
import { isWithin } from './remote-call.js';
import type { ServiceState } from './services.js';
import { announceStarted, asSystem, createGeneration, type House, healthOf } from './starting.js';

/** What came of a replacement. */
export interface ReplacementReport {
  name: string;
  /** Versions of the component. */
  from: string;
  to: string;
  /** The generation that serves now. */
  generation: number;
  /** When calls began to go to it, ISO UTC. */
  at: string;
  /**
   * False when a call in flight on the old generation may be waiting for this very report: the old one is then drained
   * in the background, and `settled()` tells when it is gone.
   */
  complete: boolean;
  /** Calls that the old generation finished after the swap, and those given up at the deadline; so far, if not complete. */
  drained: number;
  abandoned: number;
  /** Where the registration stands now: one whose needs are not met has taken its new component but cannot serve yet. */
  state: ServiceState;
  reason?: string;
}

/** What a replacement uses of the service manager. */
export interface ReplacementHost {
  house: House;
  registry: Registry;
  enter(registration: Registration, event: LifeCycleEvent, reason?: string): void;
  changed(registration: Registration): void;
  reconcile(): void;
  settled(): Promise<void>;
}

export interface Replacement {
  component: AnyComponent;
  config: unknown;
  source: string | undefined;
  drainMs: number;
  /** The call that asks for it. */
  caller: Call;
}

/** The registration's turn is the caller's already; it is given back here. */
export async function replaceGeneration(
  host: ReplacementHost,
  registration: Registration,
  replacement: Replacement,
): Promise<ReplacementReport> {
  const { name } = registration;
  const from = registration.component.version;
  const to = replacement.component.version;
  const { clock } = host.house;
  let handedOver = false;
  try {
    const source = replacement.source ?? registration.source;
    const config = host.registry.check(name, replacement.component, replacement.config, source);
    if (!registration.wanted) throw replacementRefused(name, ['it is being stopped']);
    const old = registration.generation;
    if (old === undefined) {
      registration.define(replacement.component, config);
      registration.source = source;
      registration.given = replacement.config;
      registration.remember(clock.now(), from, to, 'installed');
      if (registration.state !== 'installed') host.enter(registration, 'reinstall');
      registration.release();
      handedOver = true;
      host.reconcile();
      await registration.acquire();
      registration.release();
      host.reconcile();
      return report(clock.now(), true);
    }
    refuseBroken(host, registration, replacement.component);
    const next = await prepare(host.house, registration, old, replacement.component, config);
    const { component, config: parsed, given, source: origin } = registration;
    const former = { component, config: parsed, given, source: origin, former: registration.former };

    // The swap: from here on every call goes to the new generation.
    registration.define(replacement.component, config);
    registration.source = source;
    registration.given = replacement.config;
    registration.former = { component, given, source: origin };
    registration.generation = next;
    host.enter(registration, 'serve', old.inFlight === 0 ? undefined : `generation ${old.number} finishes its calls`);
    const at = clock.now();

    const rest = asSystem(host.house.ids, () =>
      finish(host, registration, old, next, former, replacement.drainMs, from, to),
    );
    handedOver = true;
    // A call of the old generation may be the one that waits here.
    const selfMade = old.mayHaveFlight((call) => isWithin(replacement.caller, call));
    if (selfMade) {
      rest.catch((error: unknown) => host.house.log.error({ component: name, err: error }, messageOf(error)));
      return report(at, false);
    }
    return report(at, true, await rest);
  } catch (error) {
    if (!handedOver) registration.remember(clock.now(), from, to, messageOf(error));
    throw error;
  } finally {
    if (!handedOver) {
      registration.release();
      host.reconcile();
    }
  }

  function report(at: number, complete: boolean, drain = { drained: 0, abandoned: 0 }): ReplacementReport {
    const generation = registration.generation?.number ?? registration.generations;
    const { state, reason } = registration;
    const standing = reason === undefined ? { state } : { state, reason };
    return { name, from, to, generation, at: new Date(at).toISOString(), complete, ...drain, ...standing };
  }
}

/** Throws REPLACEMENT_REFUSED, naming those whose needs would not be met any more. */
function refuseBroken({ registry }: ReplacementHost, registration: Registration, component: AnyComponent): void {
  const reasons: string[] = [];
  const others = registry.all().filter((r) => r.name !== registration.name);
  const after = { ...factOf(registration), offers: offersOf(component) };
  for (const consumer of others) {
    if (!consumer.alive) continue;
    for (const need of Object.values(consumer.allNeeds).map(needFact)) {
      if (offeredVersion(need, registration) === undefined || offeredVersion(need, after) !== undefined) continue;
      const rest = others.filter((r) => r !== consumer);
      if (
        candidates(
          need,
          rest.filter((r) => r.serving),
        ).length > 0
      )
        continue;
      reasons.push(explain(`'${consumer.name}'`, need, [...rest.map(factOf), after]));
    }
  }
  for (const need of requiredNeeds(component)) {
    if (
      candidates(
        need,
        others.filter((r) => r.serving),
      ).length > 0
    )
      continue;
    reasons.push(explain(`the new '${registration.name}'`, need, others));
  }
  if (reasons.length > 0) throw replacementRefused(registration.name, reasons);
}

function factOf({
  name,
  order,
  state,
  reason,
  offers,
}: Registration): Pick<Registration, 'name' | 'order' | 'state' | 'reason' | 'offers'> {
  return { name, order, state, reason, offers };
}

/** The new generation beside the old one, healthy. Throws REPLACEMENT_FAILED. */
async function prepare(
  house: House,
  registration: Registration,
  old: Generation,
  component: AnyComponent,
  config: unknown,
): Promise<Generation> {
  try {
    const next = await createGeneration(house, registration, component, config);
    const sick = await healthOf(next, house.ids);
    const refusal = sick ?? (registration.wanted ? undefined : 'it is being stopped');
    if (refusal === undefined) return next;
    await next.dispose();
    throw new Error(refusal);
  } catch (error) {
    throw replacementFailed(registration.name, old.number, error);
  }
}

interface Former extends Pick<Registration, 'given' | 'former'> {
  component: AnyComponent;
  config: unknown;
  source: string | undefined;
}

/** Sees the old generation off, then lets the new one begin to listen and consume, which both could not do at once. */
async function finish(
  host: ReplacementHost,
  registration: Registration,
  old: Generation,
  next: Generation,
  former: Former,
  drainMs: number,
  from: string,
  to: string,
): Promise<{ drained: number; abandoned: number }> {
  const { house } = host;
  try {
    const drain = await old.drain(drainMs);
    await old.dispose();
    try {
      await announceStarted(next, house.ids);
    } catch (error) {
      await restore(host, registration, next, former, error);
    }
    const outcome = drain.abandoned === 0 ? 'replaced' : `replaced; ${drain.abandoned} calls abandoned`;
    registration.remember(house.clock.now(), from, to, outcome);
    if (registration.serving) host.enter(registration, 'serve');
    return drain;
  } catch (error) {
    registration.remember(house.clock.now(), from, to, messageOf(error));
    throw error;
  } finally {
    const needs = Object.values(registration.allNeeds).map((need) => need.contract);
    house.routing.forget(registration.name, needs);
    registration.release();
    host.reconcile();
  }
}

/** Puts a generation of the former component back in the place of one that could not begin. Always throws. */
async function restore(
  host: ReplacementHost,
  registration: Registration,
  failed: Generation,
  former: Former,
  cause: unknown,
): Promise<never> {
  try {
    const again = await createGeneration(host.house, registration, former.component, former.config);
    registration.define(former.component, former.config);
    registration.source = former.source;
    registration.given = former.given;
    registration.former = former.former;
    registration.generation = again;
    const sick = await healthOf(again, host.house.ids);
    host.enter(registration, sick === undefined ? 'serve' : 'degrade', sick);
    await failed.drain(0);
    await failed.dispose();
    await announceStarted(again, host.house.ids);
    throw replacementFailed(registration.name, again.number, cause);
  } catch (error) {
    if (registration.generation === failed)
      registration.failure = `${messageOf(cause)}; and the former one did not come back: ${messageOf(error)}`;
    throw error;
  }
}
