import { z } from 'zod';
import type { Principal } from './call.js';
import { type AnyContract, type CallOptions, type Client, defineContract } from './contract-definition.js';

/** Life cycle of a registration. */
export const ServiceState = z.enum([
  'installed',
  'unsatisfied',
  'starting',
  'active',
  'degraded',
  'draining',
  'stopping',
  'stopped',
  'failed',
]);
export type ServiceState = z.infer<typeof ServiceState>;

/** One line of the service tree. */
export const ServiceNode = z.object({
  name: z.string(),
  provides: z.array(z.object({ contract: z.string(), version: z.string() })),
  version: z.string(),
  generation: z.number(),
  state: ServiceState,
  /** Why it waits, failed or is degraded. */
  reason: z.string().optional(),
  /** When it entered this state, ISO UTC. */
  since: z.string(),
  needs: z.array(
    z.object({
      name: z.string(),
      contract: z.string(),
      range: z.string(),
      optional: z.boolean(),
      provider: z.string().nullable(),
    }),
  ),
  calls: z.object({
    total: z.number(),
    failed: z.number(),
    inFlight: z.number(),
    /** Milliseconds over the last calls; null before the first. */
    p50: z.number().nullable(),
    p95: z.number().nullable(),
  }),
  effects: z.array(z.string()),
  /** Where the component comes from: a package name or a file of the front office. */
  source: z.string().optional(),
  /** The node it runs on, if not this one. */
  node: z.string().optional(),
  /** Refuses calls while its legacy system does not answer; absent while it lets them through. */
  circuit: z.enum(['open', 'half-open']).optional(),
  /** Until when it is rolled back by itself should it do worse than the one before, ISO UTC. */
  probation: z.string().optional(),
  /** The version that a roll back would bring back. */
  former: z.string().optional(),
  /** What past generations left open, in words. */
  leaks: z.array(z.string()).optional(),
  replacements: z.array(z.object({ at: z.string(), from: z.string(), to: z.string(), outcome: z.string() })),
  details: z.unknown().optional(),
});
export type ServiceNode = z.infer<typeof ServiceNode>;

/** A method as lists, OpenAPI and completion show it. */
export interface MethodDescription {
  contract: string;
  version: string;
  method: string;
  summary: string;
  allow: readonly string[];
  idempotent: boolean;
  input: z.ZodType;
  output: z.ZodType;
}

/** The service manager as components see it. */
export interface Services {
  /** A client that may be taken before a provider exists and follows replacements. */
  use<C extends AnyContract>(contract: C, range: string, options?: { provider?: string }): Client<C>;
  /**
   * Calls `contract.method` by name, as scripts, policies and HTTP do. Acts as the current principal.
   * Throws METHOD_UNKNOWN, INPUT_INVALID, SERVICE_UNAVAILABLE or what the provider throws.
   */
  call(method: string, input: unknown, options?: CallOptions & { provider?: string }): Promise<unknown>;
  /** Throws ACCESS_DENIED unless `principal` may call the method from outside. */
  authorize(method: string, principal: Principal): void;
  /** Names of the registrations that provide the contract, active ones first. */
  providers(contract: AnyContract | string): string[];
  /** Every method of every remote contract that is registered now. */
  methods(): MethodDescription[];
  tree(): ServiceNode[];
  /** Told whenever a registration changes state; returns the way to stop listening. */
  onChange(listener: (node: ServiceNode) => void): () => void;
}

/** The service manager's own contract: it is a service like any other. */
export const ServiceManagement = defineContract({
  id: 'services',
  version: '1.0.0',
  methods: {
    tree: {
      summary: 'Every component with its version, state, needs and calls',
      input: z.object({}),
      output: z.object({ services: z.array(ServiceNode) }),
      idempotent: true,
      allow: ['administrator'],
    },
  },
});
