import type { Container } from 'inversify';
import { systemPrincipal, withinCall } from './call.js';
import { Tokens } from './class-component.js';
import type { Clock, Ids } from './clock.js';
import type { AnyComponent, Context, Log, Needs } from './component-definition.js';
import { healthTimedOut, messageOf, startTimedOut } from './errors.js';
import { Generation } from './generation.js';
import { markCall } from './leak-owner.js';
import type { LeakWatch } from './leak-watch.js';
import { needFact, type Registration } from './registration.js';
import type { Routing } from './routing.js';
import type { Services } from './services.js';

/** How long `create` may take, in milliseconds. */
const START_DEADLINE = 60_000;

/** How long `health` may take, in milliseconds. */
const HEALTH_DEADLINE = 5_000;

/** What every generation is made with. */
export interface House {
  clock: Clock;
  ids: Ids;
  log: Log;
  services: Services;
  routing: Routing;
  /** Told when the circuit of a generation opened, tries or closed. */
  circuitChanged(registration: Registration, generation: Generation): void;
  leaks: LeakWatch;
  /** Told what a generation left open. */
  leaked(registration: Registration, leaks: readonly string[]): void;
}

/**
 * Makes a generation of `component` for the registration; it takes no calls yet. Runs as the system, whoever asked: what
 * it opens must not act for that person later. Throws what `create` threw, with everything it opened closed again.
 */
export async function createGeneration(
  house: House,
  registration: Registration,
  component: AnyComponent,
  config: unknown,
): Promise<Generation> {
  const { clock, ids, services, routing } = house;
  const { name, statistics } = registration;
  const log = named(house.log, name);
  const generation: Generation = new Generation(
    name,
    ++registration.generations,
    component,
    config,
    statistics,
    clock,
    log,
    () => registration.admission,
    () => house.circuitChanged(registration, generation),
    house.leaks.begin({ name, number: registration.generations, component, source: registration.source }),
    (owner) => house.leaks.disposed(owner, (leaks) => house.leaked(registration, leaks)),
  );
  const needs: Record<string, unknown> = {};
  for (const [key, need] of Object.entries(component.needs as Needs)) {
    needs[key] = routing.client(need.contract, needFact(need), name);
  }
  const context: Context = {
    name,
    needs: needs as Context['needs'],
    config,
    clock,
    ids,
    log,
    services: house.leaks.services(services, generation.owner),
    effect: (label, dispose) => generation.effect(label, dispose),
    // Most components have no classes to wire.
    get container() {
      return generation.container((container) => bindTokens(container, context));
    },
  };
  let cancel = (): void => {};
  try {
    const created = asSystem(ids, async () => component.create(context), generation);
    // One that comes too late is dropped: what it opens after the disposal below is closed at once.
    const tooLate = new Promise<never>((_, reject) => {
      cancel = clock.after(START_DEADLINE, () => reject(startTimedOut(name, START_DEADLINE)));
    });
    generation.adopt(await Promise.race([created, tooLate]));
    return generation;
  } catch (error) {
    await generation.dispose();
    throw error;
  } finally {
    cancel();
  }
}

/** Why the generation cannot serve well; undefined when it can. */
export async function healthOf(generation: Generation, { clock, ids }: House): Promise<string | undefined> {
  const { health } = generation.instance ?? {};
  if (health === undefined) return undefined;
  let cancel = (): void => {};
  const late = new Promise<string>((resolve) => {
    cancel = clock.after(HEALTH_DEADLINE, () => resolve(healthTimedOut(HEALTH_DEADLINE)));
  });
  try {
    return await Promise.race([asSystem(ids, async () => health(), generation), late]);
  } catch (error) {
    return messageOf(error);
  } finally {
    cancel();
  }
}

/** Tells the generation that it is active now. */
export async function announceStarted(generation: Generation, ids: Ids): Promise<void> {
  await asSystem(ids, async () => generation.instance?.started?.(), generation);
}

/** Runs `work` in a call of the system's own, in the name of a generation if it is that one's doing. */
export function asSystem<T>(ids: Ids, work: () => T, generation?: Generation): T {
  const call = { id: ids.next(), principal: systemPrincipal };
  return withinCall(generation === undefined ? call : markCall(call, generation.owner), work);
}

function bindTokens(container: Container, context: Context): void {
  container.bind(Tokens.needs).toConstantValue(context.needs);
  container.bind(Tokens.config).toConstantValue(context.config);
  container.bind(Tokens.clock).toConstantValue(context.clock);
  container.bind(Tokens.ids).toConstantValue(context.ids);
  container.bind(Tokens.log).toConstantValue(context.log);
  container.bind(Tokens.services).toConstantValue(context.services);
}

/** A log that says which component speaks. */
function named(log: Log, component: string): Log {
  return {
    debug: (data, message) => log.debug({ component, ...data }, message),
    info: (data, message) => log.info({ component, ...data }, message),
    warn: (data, message) => log.warn({ component, ...data }, message),
    error: (data, message) => log.error({ component, ...data }, message),
  };
}
