import { nearest } from '@caruso/expressions';
import { ClusterSettings } from '@caruso/service-manager/contract';
import { z } from 'zod';

/** A database as the front office names it. */
export interface DatabaseEntry {
  /** `sqlite:./data/x.db` (relative to the front office's folder) or `postgres://...`. May hold a password. */
  url: string;
  /** False: a legacy system's, never altered. */
  managed: boolean;
  /** Connections at most, PostgreSQL only. */
  pool?: number | undefined;
  /** Absolute path of SQL statements, from which an SQLite file that does not exist yet is made. */
  demo?: string | undefined;
}

/** A component as the front office names it. */
export interface ComponentEntry {
  /** A package, or a file of the layer that names it (`./services/billing.ts`). */
  use: string;
  /** Checked by the component itself. What was written `file:./x` is the absolute path it means. */
  config: Record<string, unknown>;
  enabled: boolean;
  /** Folder of the layer that wrote `use`; relative paths begin there. */
  from: string;
  /** Of several that provide the same, the one with the highest is chosen (0 if absent). */
  ranking?: number | undefined;
  /** Calls that run and that may wait at the same time, instead of what the component says itself. */
  limits?: { concurrency?: number | undefined; waiting?: number | undefined } | undefined;
}

/** What caruso.yaml says, all layers taken together. */
export interface Manifest {
  name: string;
  /** BCP 47, for example `nl-NL`. */
  locale: string;
  /** IANA, for example `Europe/Amsterdam`. */
  timezone: string;
  /** ISO 4217: the currency of money that names none. */
  currency?: string | undefined;
  /** Demo data is loaded at start. */
  seed: boolean;
  databases: Record<string, DatabaseEntry>;
  components: Record<string, ComponentEntry>;
  /** How nodes on several machines find each other; undefined in a front office of one process. Paths are absolute. */
  cluster?: ClusterSettings | undefined;
}

function known(kind: 'timeZone' | 'currency', what: string) {
  return (value: string, context: z.RefinementCtx) => {
    const values = Intl.supportedValuesOf(kind);
    if (values.includes(value) || (kind === 'timeZone' && isTimeZone(value))) return;
    const meant = nearest(value, values);
    const remedy = meant === undefined ? `write one such as ${what}` : `did you mean '${meant}'?`;
    context.addIssue({ code: 'custom', message: `'${value}' is not known`, params: { remedy } });
  };
}

/** Also names that `supportedValuesOf` leaves out, such as `UTC`. */
function isTimeZone(value: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value }).format(0);
    return true;
  } catch {
    return false;
  }
}

function localeKnown(value: string, context: z.RefinementCtx): void {
  try {
    Intl.getCanonicalLocales(value);
  } catch {
    const params = { remedy: 'write a language and a country, such as nl-NL' };
    context.addIssue({ code: 'custom', message: `'${value}' is not a locale`, params });
  }
}

const Name = z.string().regex(/^[a-z][a-z0-9-]*$/, 'a name has lower-case letters, digits and hyphens');

const Database = z
  .union([
    z.string(),
    z.strictObject({
      url: z.string(),
      managed: z.boolean().default(true),
      pool: z.number().int().min(1).max(200).optional(),
      demo: z.string().optional(),
    }),
  ])
  .transform((given): DatabaseEntry => (typeof given === 'string' ? { url: given, managed: true } : given));

const ComponentSchema = z.strictObject({
  use: z.string().min(1),
  config: z.record(z.string(), z.unknown()).default({}),
  enabled: z.boolean().default(true),
  ranking: z.number().int().optional(),
  limits: z
    .strictObject({
      concurrency: z.number().int().min(1).max(100_000).optional(),
      waiting: z.number().int().min(0).max(1_000_000).optional(),
    })
    .optional(),
});

/** The schema of caruso.yaml. */
export const ManifestSchema = z.strictObject({
  caruso: z.literal(1),
  /** As people call the company: shown on screens. */
  name: z.string().min(1).max(100),
  /** A package or a relative folder that this one is laid over. */
  extends: z.string().min(1).optional(),
  locale: z.string().superRefine(localeKnown).default('en-GB'),
  timezone: z.string().superRefine(known('timeZone', 'Europe/Amsterdam')).default('UTC'),
  currency: z.string().superRefine(known('currency', 'EUR')).optional(),
  seed: z.boolean().default(false),
  databases: z.record(Name, Database).default({}),
  components: z.record(Name, ComponentSchema).default({}),
  cluster: ClusterSettings.optional(),
});

/**
 * What can be used of a manifest that has faults, so that everything else can be checked in the same run.
 */
export function salvage(value: unknown, name: string): z.output<typeof ManifestSchema> {
  const given = isRecord(value) ? value : {};
  const shape = ManifestSchema.shape;
  const keep = <S extends z.ZodType>(schema: S, key: string, otherwise: z.output<S>): z.output<S> => {
    const parsed = schema.safeParse(given[key]);
    return parsed.success ? parsed.data : otherwise;
  };
  const entries = <S extends z.ZodType>(schema: S, key: string): Record<string, z.output<S>> => {
    const found = isRecord(given[key]) ? Object.entries(given[key]) : [];
    return Object.fromEntries(
      found.flatMap(([entry, each]) => {
        const parsed = schema.safeParse(each);
        return parsed.success ? [[entry, parsed.data] as const] : [];
      }),
    );
  };
  return {
    caruso: 1,
    name: keep(shape.name, 'name', name),
    extends: keep(shape.extends, 'extends', undefined),
    locale: keep(shape.locale, 'locale', 'en-GB'),
    timezone: keep(shape.timezone, 'timezone', 'UTC'),
    currency: keep(shape.currency, 'currency', undefined),
    seed: keep(shape.seed, 'seed', false),
    databases: entries(Database, 'databases'),
    components: entries(ComponentSchema, 'components'),
    cluster: keep(shape.cluster, 'cluster', undefined),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
