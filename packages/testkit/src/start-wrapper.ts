import { createLog, createServiceManager, type ServiceManager } from '@caruso/service-manager';
import {
  type AnyComponent,
  type AnyContract,
  type ChangeReport,
  type Client,
  type Clock,
  type Component,
  defineComponent,
  type HandlersOf,
  type Log,
  type Needs,
  type Provides,
  type ServiceNode,
  VirtualClock,
} from '@caruso/service-manager/contract';
import { z } from 'zod';
import { wrapperNotServing } from './errors.js';

/** A typed client of what a component provides: one, or one under each of its names. */
export type ClientOf<P extends Provides> = P extends AnyContract
  ? Client<P>
  : { [K in keyof P]: P[K] extends AnyContract ? Client<P[K]> : never };

export interface StartOptions<S extends z.ZodType, K extends Clock> {
  /** As under `config:` in caruso.yaml. */
  config?: z.input<S>;
  /** The name of the registration; that of its contract if absent. */
  name?: string;
  /** A clock of the test's own if absent, so that time passes when the test says so. */
  clock?: K;
  /** Components that provide what the wrapper needs, by the names of their registrations; see {@link standIn}. */
  needs?: Record<string, AnyComponent | { component: AnyComponent; config: unknown }>;
  /** Where its log goes; nowhere if absent. */
  log?: Log;
}

/** A wrapper that serves in a service manager of its own. */
export interface RunningWrapper<P extends Provides, K extends Clock = VirtualClock> {
  client: ClientOf<P>;
  manager: ServiceManager;
  clock: K;
  /** Its line of the service tree. */
  node(): ServiceNode;
  /** Puts another generation in its place: of `next`, or of the same component. */
  replace(next?: AnyComponent): Promise<ChangeReport>;
  /** Stops everything, and disposes what the wrapper opened. */
  stop(): Promise<void>;
}

/**
 * Starts a wrapper in a service manager of its own. Throws WRAPPER_NOT_SERVING, or COMPONENT_CONFIG_INVALID.
 *
 * @example
 * const erp = await startWrapper(component, { config: { url: 'http://127.0.0.1:4100' } });
 * await erp.client.stock({ article: 'METER-3F' });
 * await erp.stop();
 */
export async function startWrapper<
  P extends Provides,
  N extends Needs,
  S extends z.ZodType,
  K extends Clock = VirtualClock,
>(component: Component<P, N, S>, options: StartOptions<S, K> = {}): Promise<RunningWrapper<P, K>> {
  const clock = options.clock ?? (new VirtualClock() as Clock as K);
  const manager = createServiceManager({ clock, log: options.log ?? createLog({ level: 'silent' }) });
  const name = options.name ?? nameOf(component.provides);
  for (const [needed, each] of Object.entries(options.needs ?? {})) {
    if ('component' in each) manager.install(needed, each.component, each.config);
    else manager.install(needed, each, {});
  }
  const config = options.config ?? {};
  manager.install(name, component, config);
  await manager.start();
  const node = (): ServiceNode => {
    const found = manager.services.tree().find((each) => each.name === name);
    if (found === undefined) throw wrapperNotServing(name, 'gone', undefined);
    return found;
  };
  const { state, reason } = node();
  if (state !== 'active' && state !== 'degraded') {
    await manager.stop();
    throw wrapperNotServing(name, state, reason);
  }
  return {
    client: clientOf(manager, component.provides, name),
    manager,
    clock,
    node,
    replace: (next = component) => manager.replace(name, next, config),
    stop: () => manager.stop(),
  };
}

/**
 * A component that answers for a service the wrapper needs, by handlers of the test's own.
 *
 * @example
 * needs: { billing: standIn(Billing, { balance: () => ({ amount: '12.50' }) }) }
 */
export function standIn<C extends AnyContract>(contract: C, handlers: HandlersOf<C>): AnyComponent {
  return defineComponent({
    provides: contract,
    version: contract.version,
    needs: {},
    config: z.object({}),
    create: () => ({ handlers }),
  });
}

function nameOf(provides: Provides): string {
  const [first] = contractsIn(provides);
  return first?.id ?? 'wrapper';
}

/** What a component provides, as a list. */
export function contractsIn(provides: Provides): AnyContract[] {
  return isOne(provides) ? [provides] : Object.values(provides);
}

function isOne(provides: Provides): provides is AnyContract {
  return typeof (provides as Partial<AnyContract>).kind === 'string';
}

function clientOf<P extends Provides>(manager: ServiceManager, provides: P, provider: string): ClientOf<P> {
  const client = (contract: AnyContract): unknown => manager.use(contract, `^${contract.version}`, { provider });
  const clients = isOne(provides)
    ? client(provides)
    : Object.fromEntries(Object.entries(provides).map(([key, contract]) => [key, client(contract)]));
  // What `use` gives has the type of the contract it was given; the compiler cannot follow it through the list.
  return clients as ClientOf<P>;
}
