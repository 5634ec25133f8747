// Decorators record what a class injects through this; it must be there before the first class is declared.
import 'reflect-metadata';
import type { Container } from 'inversify';
import type { z } from 'zod';
import type { Clock, Ids } from './clock.js';
import type { Component, Log, Needs } from './component-definition.js';
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
  /** Binds the further classes that the implementation injects. */
  bindings?: (container: Container) => void;
  implementation: abstract new (...injected: never[]) => Handlers<C>;
}

/**
 * Declares a component as a class. Each generation makes one instance of it in its own container; `@postConstruct` and
 * `@preDestroy` methods run when the generation is created and disposed.
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
  return {
    provides: spec.provides,
    version: spec.version,
    needs: spec.needs,
    config: spec.config,
    async create({ container }) {
      spec.bindings?.(container);
      const self = Symbol(spec.implementation.name);
      // `abstract new` accepts every class the author may write; inversify wants the plain constructor it is at run time.
      container
        .bind(self)
        .to(spec.implementation as new (...injected: never[]) => Handlers<C>)
        .inSingletonScope();
      return { handlers: (await container.getAsync(self)) as never };
    },
  };
}
