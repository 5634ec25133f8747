import type { AnyComponent } from '@caruso/service-manager/contract';
import type { z } from 'zod';

/** What the command line and the machine say of a component beside its configuration. */
export interface HouseSettings {
  /** In place of the gateway's configured port; 0 takes any. */
  port?: number;
  host?: string;
  /** Folder of the built web application. */
  web?: string;
  /** Whose open ends are told; those of components in files if absent. */
  leaks?: 'files' | 'all';
}

/**
 * The configuration a component is installed with. A text that reads as a number or truth value is taken as one where the component
 * wants one: between `{ }` YAML needs quotes around `"${PORT:-2525}"`, which leaves a text.
 */
export function configFor(component: AnyComponent, given: Record<string, unknown>, settings: HouseSettings): unknown {
  const own = provides(component, 'gateway') ? { ...webOf(settings), ...given, ...overrides(settings) } : given;
  return coerce(component.config as z.ZodType, own);
}

/** Whether a component provides a contract. */
function provides(component: AnyComponent, contract: string): boolean {
  const offered = component.provides as Record<string, unknown>;
  return [offered, ...Object.values(offered)].some((each) => (each as { id?: unknown } | null)?.id === contract);
}

function webOf({ web }: HouseSettings): Record<string, unknown> {
  return web === undefined ? {} : { web };
}

function overrides({ port, host }: HouseSettings): Record<string, unknown> {
  return { ...(port === undefined ? {} : { port }), ...(host === undefined ? {} : { host }) };
}

function coerce(schema: z.ZodType, config: Record<string, unknown>): unknown {
  const parsed = schema.safeParse(config);
  if (parsed.success) return config;
  const copy: unknown = structuredClone(config);
  for (const issue of parsed.error.issues) {
    if (issue.code === 'invalid_type') replace(copy, issue.path, issue.expected);
  }
  return copy;
}

function replace(root: unknown, path: readonly PropertyKey[], expected: string): void {
  const last = path[path.length - 1];
  let holder = root;
  for (const step of path.slice(0, -1)) holder = (holder as Record<PropertyKey, unknown> | undefined)?.[step];
  if (last === undefined || typeof holder !== 'object' || holder === null) return;
  const fields = holder as Record<PropertyKey, unknown>;
  const text = fields[last];
  if (typeof text !== 'string') return;
  if (['number', 'int'].includes(expected) && /^-?\d{1,15}(\.\d{1,15})?$/.test(text)) fields[last] = Number(text);
  if (expected === 'boolean' && /^(true|false)$/.test(text)) fields[last] = text === 'true';
}
