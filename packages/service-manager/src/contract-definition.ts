import type { z } from 'zod';
import type { HandledCall } from './call.js';

/** One method of a contract whose values are plain data, checked at both ends. */
export interface Method<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  /** One line for lists, OpenAPI and completion. */
  summary: string;
  input: I;
  output: O;
  /**
   * What is parsed of a call: `both` (if absent), or `input` alone. The latter spares large answers a second walk through them, for a
   * provider in the same process that builds every answer itself, as the compiler has checked; it must not hand on what others gave it.
   */
  check?: 'both' | 'input';
  /** May be sent again after a lost answer: a second time changes nothing more. */
  idempotent?: boolean;
  /** Milliseconds it may take (60,000 if absent); 0 for as long as it needs. */
  timeout?: number;
  /** Roles that may call it from outside; `public` admits visitors who are not signed in. Absent: components only. */
  allow?: readonly string[];
}

export type Methods = Record<string, Method>;

/** A contract whose calls may travel between machines: plain data, zod-checked. */
export interface RemoteContract<M extends Methods = Methods> {
  kind: 'remote';
  id: string;
  version: string;
  methods: M;
}

/** A contract within one process, which may pass functions and objects. `T` is its interface. */
export interface LocalContract<T extends object = object> {
  kind: 'local';
  id: string;
  version: string;
  methods: readonly string[];
  /** Carries the type only; never present at run time. */
  readonly interface?: T;
}

export type AnyContract = RemoteContract<Methods> | LocalContract<object>;

/** What a consumer holds: stable across replacements of the provider. */
export type Client<C> =
  C extends LocalContract<infer T>
    ? T
    : C extends RemoteContract<infer M>
      ? { [K in keyof M]: (input: z.input<M[K]['input']>, options?: CallOptions) => Promise<z.output<M[K]['output']>> }
      : never;

/** What a provider writes. Inputs arrive parsed; outputs are checked before they leave. */
export type Handlers<C> =
  C extends LocalContract<infer T>
    ? T
    : C extends RemoteContract<infer M>
      ? {
          [K in keyof M]: (
            input: z.output<M[K]['input']>,
            call: HandledCall,
          ) => Promise<z.input<M[K]['output']>> | z.input<M[K]['output']>;
        }
      : never;

export interface CallOptions {
  /** Milliseconds after which the caller no longer waits (what the method says, if absent). */
  timeout?: number;
  /** Further attempts after one that came to nothing (2 if absent); only where that does no harm. */
  retries?: number;
  signal?: AbortSignal;
  /** Identifies the call for its provider and the journal; given by callers that may have to send the same one again. */
  id?: string;
}

/**
 * Declares what a service can do.
 *
 * @example
 * const Billing = defineContract({ id: 'billing', version: '1.2.0', methods: {
 *   balance: { summary: 'What a customer owes', input: z.object({ customerNo: z.string() }),
 *              output: z.object({ amount: z.string() }), idempotent: true, allow: ['agent'] } } });
 */
export function defineContract<const M extends Methods>(spec: {
  id: string;
  version: string;
  methods: M;
}): RemoteContract<M> {
  return { kind: 'remote', ...spec };
}

/**
 * Declares a contract for one process, by its TypeScript interface and the list of its methods.
 *
 * @example
 * const Journal = defineLocalContract<JournalApi>()({ id: 'journal', version: '1.0.0', methods: ['append', 'read'] });
 */
export function defineLocalContract<T extends object>() {
  return (spec: { id: string; version: string; methods: readonly (keyof T & string)[] }): LocalContract<T> => ({
    kind: 'local',
    ...spec,
  });
}
