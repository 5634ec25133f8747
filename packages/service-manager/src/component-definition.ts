import type { Container } from 'inversify';
import type { z } from 'zod';
import type { Limits } from './admission.js';
import type { Clock, Ids } from './clock.js';
import type { AnyContract, Client, Handlers } from './contract-definition.js';
import type { Services } from './services.js';

/** A dependency on another service, by contract and version range. */
export interface Need<C extends AnyContract = AnyContract> {
  contract: C;
  range: string;
  /** The component starts without it; calls fail clearly until it is there. */
  optional: boolean;
  /** Only the registration of this name will do. */
  provider: string | undefined;
  /** What happens to this component when the one behind the need is replaced. */
  onReplace: OnReplace;
}

/** `rebind`: it does not notice, its client leads to the new one; `restart`: a new generation of it is made too. */
export type OnReplace = 'rebind' | 'restart';

export type Needs = Record<string, Need>;
export type NeedClients<N extends Needs> = { [K in keyof N]: N[K] extends Need<infer C> ? Client<C> : never };

/**
 * Names a service that a component needs.
 *
 * @example
 * needs: { objects: need(BusinessObjects, '^1.0'), fax: need(Channel, '^1.0', { provider: 'fax', optional: true }) }
 */
export function need<C extends AnyContract>(
  contract: C,
  range: string,
  options: { optional?: boolean; provider?: string; onReplace?: OnReplace } = {},
): Need<C> {
  const { optional = false, provider, onReplace = 'rebind' } = options;
  return { contract, range, optional, provider, onReplace };
}

/** One contract, or several under names of the component's own. */
export type Provides = AnyContract | Record<string, AnyContract>;
export type HandlersOf<P extends Provides> = P extends AnyContract
  ? Handlers<P>
  : { [K in keyof P]: P[K] extends AnyContract ? Handlers<P[K]> : never };

/** A structured log; the first argument is data, as with pino. */
export interface Log {
  debug(data: object, message: string): void;
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
  error(data: object, message: string): void;
}

/** What a component is given when a generation of it is created. */
export interface Context<N extends Needs = Needs, Config = unknown> {
  /** The name of the registration, the key under `components:` in caruso.yaml. */
  name: string;
  needs: NeedClients<N>;
  config: Config;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** The service manager, for calls whose method is known only at run time. */
  services: Services;
  /** Registers something opened (timer, listener, connection); disposed last-in-first-out with this generation. */
  effect(label: string, dispose: () => void | Promise<void>): void;
  /** This generation's own inversify container, for components that are classes; discarded whole with it. */
  container: Container;
}

/** What `create` gives back. */
export interface Instance<P extends Provides = Provides, Config = unknown, State extends z.ZodType = z.ZodType> {
  handlers: HandlersOf<P>;
  /** Runs once after the generation became active: the place to begin consuming and listening. */
  started?: () => void | Promise<void>;
  /** Throws, or names a reason, when the component cannot serve. */
  health?: () => undefined | string | Promise<undefined | string>;
  /** Plain data about its present state, for the service tree. */
  inspect?: () => unknown;
  /**
   * Takes a changed configuration without a new generation. May throw, and must then go on as before; `'replace'` asks for a new
   * generation after all. Without it every change makes one.
   */
  reconfigure?: (config: Config) => void | 'replace' | Promise<void | 'replace'>;
  /** The state that the next generation goes on with. No call runs meanwhile; the instance may have to serve on afterwards. */
  handOver?: () => z.input<State> | Promise<z.input<State>>;
  /** Takes the state of the generation before, before any call. Absent at the first start. */
  takeOver?: (state: z.output<State>) => void | Promise<void>;
}

export interface Component<
  P extends Provides = Provides,
  N extends Needs = Needs,
  S extends z.ZodType = z.ZodType,
  State extends z.ZodType = z.ZodType,
> {
  provides: P;
  version: string;
  needs: N;
  config: S;
  /** For a component that keeps what must not be lost in memory: what it hands over to its successor, and takes from its predecessor. */
  state?: State;
  /** How many calls it takes at once; caruso.yaml may say otherwise. */
  limits?: Limits;
  create(context: Context<N, z.output<S>>): Promise<Instance<P, z.output<S>, State>> | Instance<P, z.output<S>, State>;
}

// The registry holds components of all kinds; their own types matter only where they are written.
// oxlint-disable-next-line typescript/no-explicit-any -- the variance of `create` leaves no other common type
export type AnyComponent = Component<any, any, any, any>;

/**
 * Declares a component: what it provides, what it needs, how one generation of it is made.
 *
 * @example
 * export default defineComponent({
 *   provides: Billing, version: '1.2.3', needs: { objects: need(BusinessObjects, '^1.0') },
 *   config: z.strictObject({ url: z.url() }),
 *   create: ({ needs, config }) => ({ handlers: { balance: async ({ customerNo }) => ({ amount: '12.50' }) } }) });
 */
export function defineComponent<
  P extends Provides,
  N extends Needs,
  S extends z.ZodType,
  State extends z.ZodType = z.ZodNever,
>(component: Component<P, N, S, State>): Component<P, N, S, State> {
  return component;
}
