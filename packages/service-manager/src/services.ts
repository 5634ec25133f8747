import { z } from 'zod';
import type { Principal } from './call.js';
import type { CallObserver } from './call-observer.js';
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
  replacements: z.array(
    z.object({
      at: z.string(),
      from: z.string(),
      to: z.string(),
      act: z.enum(['installed', 'replaced', 'configured', 'restarted', 'rolled-back', 'failed']),
      /** In words. */
      outcome: z.string(),
      /** Why the service manager rolled it back by itself; absent where somebody asked for it. */
      byItself: z.string().optional(),
    }),
  ),
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
  /** Shows every call of a remote contract to `observer`; returns the way to stop. */
  observe(observer: CallObserver): () => void;
}

/** What came of a change of what runs. */
export const ChangeReport = z.object({
  name: z.string(),
  /** Versions of the component. */
  from: z.string(),
  to: z.string(),
  /** The generation that serves now. */
  generation: z.number(),
  /** When calls began to go to it, ISO UTC. */
  at: z.string(),
  /** How a configuration was applied: `in place` while the component served, or by a new generation, as all else. */
  applied: z.enum(['replaced', 'in place', 'unchanged']),
  /**
   * False while the former generation still finishes calls, of which the one that asked may be one; `settled()` tells when it is
   * gone.
   */
  complete: z.boolean(),
  /** Calls that the former generation finished after the change, and those given up at the deadline; so far, if not complete. */
  drained: z.number(),
  abandoned: z.number(),
  /** The former generation's state went over to the new one, and so many calls waited for that. */
  handedOver: z.boolean(),
  parked: z.number(),
  /** Those restarted because they asked for it (`onReplace: 'restart'`), in this order; with what kept one from it. */
  restarted: z.array(z.object({ name: z.string(), error: z.string().optional() })),
  /** Where the component stands now: one whose needs are not met cannot serve yet. */
  state: ServiceState,
  reason: z.string().optional(),
});
export type ChangeReport = z.infer<typeof ChangeReport>;

/** What an administrator can give a component to run with. */
export const Configuration = z.object({
  name: z.string(),
  /** What the component comes from, as `use:` names it. */
  use: z.string(),
  /** As written: variables of the environment by name, secrets hidden. */
  config: z.record(z.string(), z.unknown()),
  /** JSON schema of what the component takes; null where it has none that can be told. */
  schema: z.unknown(),
});
export type Configuration = z.infer<typeof Configuration>;

const administrators = ['administrator'] as const;
const Named = z.strictObject({ name: z.string() });
const Config = z.record(z.string(), z.unknown());

/** The service manager's own contract: it is a service like any other. */
export const ServiceManagement = defineContract({
  id: 'services',
  version: '1.1.0',
  methods: {
    tree: {
      summary: 'Every component with its version, state, needs and calls',
      input: z.object({}),
      output: z.object({ services: z.array(ServiceNode) }),
      idempotent: true,
      allow: administrators,
    },
    available: {
      summary: 'Files and packages that can be added, or put in the place of a component',
      input: z.strictObject({}),
      output: z.object({ sources: z.array(z.object({ use: z.string(), usedBy: z.array(z.string()) })) }),
      idempotent: true,
      allow: administrators,
    },
    configuration: {
      summary:
        'The configuration of a component as written, and what it may be; with `use` of one that could be put there',
      input: z.strictObject({ name: z.string(), use: z.string().optional() }),
      output: Configuration,
      idempotent: true,
      allow: administrators,
    },
    replace: {
      summary: 'Loads a component anew, or from another source, and puts it in the place of the one that serves',
      input: z.strictObject({ name: z.string(), use: z.string().optional() }),
      output: ChangeReport,
      allow: administrators,
    },
    rollBack: {
      summary: 'Brings back what served before the last replacement',
      input: Named,
      output: ChangeReport,
      allow: administrators,
    },
    restart: {
      summary: 'Puts a new generation of the same component in its place',
      input: Named,
      output: ChangeReport,
      allow: administrators,
    },
    configure: {
      summary: 'Gives a component another configuration',
      input: z.strictObject({ name: z.string(), config: Config }),
      output: ChangeReport,
      allow: administrators,
    },
    add: {
      summary: 'Adds a component under a new name',
      input: z.strictObject({
        name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'a name has lower-case letters, digits and hyphens'),
        use: z.string().min(1),
        config: Config.optional(),
      }),
      output: ServiceNode,
      allow: administrators,
    },
    remove: {
      summary: 'Stops a component and takes it out; with `force` also one that others need',
      input: z.strictObject({ name: z.string(), force: z.boolean().optional() }),
      output: z.object({ name: z.string(), version: z.string(), stopped: z.array(z.string()) }),
      allow: administrators,
    },
  },
});
