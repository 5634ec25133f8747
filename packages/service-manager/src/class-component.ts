// Decorators record what a class injects through this; it must be there before the first class is declared.
import 'reflect-metadata';
import type { Container } from 'inversify';
import type { z } from 'zod';
import type { Limits } from './admission.js';
import type { Clock, Ids } from './clock.js';
import type { Component, Instance, Log, Needs } from './component-definition.js';
import type { AnyContract, Handlers } from './contract-definition.js';
import type { Services } from './services.js';

/**
 * What every generation's container offers for injection. Registered symbols, so that a component that was bundled
 * with another copy of this module still finds them.
 *
 * @example
 * constructor(@inject(Tokens.config) private readonly config: Config, @inject(Tokens.clock) private readonly clock: Clock) {}
 */
export const Tokens = {
  /** The clients of `needs`, by their names. */
  needs: Symbol.for('caruso.needs'),
  /** The parsed configuration. */
  config: Symbol.for('caruso.config'),
  clock: Symbol.for('caruso.clock') as symbol & { readonly type?: Clock },
  ids: Symbol.for('caruso.ids') as symbol & { readonly type?: Ids },
  log: Symbol.for('caruso.log') as symbol & { readonly type?: Log },
  services: Symbol.for('caruso.services') as symbol & { readonly type?: Services },
} as const;

/** A component whose handlers are the methods of an injectable class. */
export interface ClassComponent<C extends AnyContract, N extends Needs, S extends z.ZodType> {
  provides: C;
  version: string;
  needs: N;
  config: S;
  /** See {@link Component.state}; the class then has `handOver` and `takeOver`. */
  state?: z.ZodType;
  limits?: Limits;
  /** Binds the further classes that the implementation injects. */
  bindings?: (container: Container) => void;
  implementation: abstract new (...injected: never[]) => Handlers<C>;
}

/**
 * Declares a component as a class. Each generation makes one instance of it in its own container; `@postConstruct` and
 * `@preDestroy` methods run when the generation is created and disposed. It may have `started`, `health`, `inspect`, `reconfigure`,
 * `handOver` and `takeOver` too, where its contract has no methods of these names.
 *
 * @example
 * @injectable()
 * class BillingWrapper {
 *   constructor(@inject(Tokens.config) private readonly config: { url: string }) {}
 *   async balance({ customerNo }: { customerNo: string }) { return fetchBalance(this.config.url, customerNo); }
 * }
 * export default defineClassComponent({
 *   provides: Billing, version: '1.0.0', needs: {}, config: z.strictObject({ url: z.url() }), implementation: BillingWrapper });
 */
export function defineClassComponent<C extends AnyContract, N extends Needs, S extends z.ZodType>(
  spec: ClassComponent<C, N, S>,
): Component<C, N, S> {
  const { provides } = spec;
  const provided = new Set(provides.kind === 'remote' ? Object.keys(provides.methods) : provides.methods);
  return {
    provides,
    version: spec.version,
    needs: spec.needs,
    config: spec.config,
    ...(spec.state === undefined ? {} : { state: spec.state }),
    ...(spec.limits === undefined ? {} : { limits: spec.limits }),
    async create({ container }) {
      spec.bindings?.(container);
      const self = Symbol(spec.implementation.name);
      // `abstract new` accepts every class the author may write; inversify wants the plain constructor it is at run time.
      container
        .bind(self)
        .to(spec.implementation as new (...injected: never[]) => Handlers<C>)
        .inSingletonScope();
      const made: object = await container.getAsync(self);
      // The class may have what an instance may have, besides the methods of its contract.
      const { started, health, inspect, reconfigure, handOver, takeOver } = made as Partial<Omit<Instance, 'handlers'>>;
      const own = { started, health, inspect, reconfigure, handOver, takeOver };
      const bound = Object.entries(own).filter(([name, method]) => typeof method === 'function' && !provided.has(name));
      return {
        handlers: made as never,
        ...Object.fromEntries(bound.map(([name, method]) => [name, (method as () => unknown).bind(made)])),
      };
    },
  };
}
