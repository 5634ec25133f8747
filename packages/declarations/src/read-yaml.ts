import type { z } from 'zod';
import type { Fault } from './fault.js';
import { LIMITS } from './limits.js';
import { createLocate, type Locate } from './locate.js';
import { parseYaml } from './parse-yaml.js';
import type { Source } from './source.js';
import { mergeTrees, type Path, type Short, type Tree, valueOf, withoutKeys } from './tree.js';
import { zodFaults } from './zod-faults.js';

/** A declaration that was read: its value, unless a fault stood in the way; every fault; and where each part was written. */
export interface Read<T> {
  value: T | undefined;
  /**
   * The value; or, where nothing but unknown keys stand in the way, the value without them. For finding the faults behind those, so that
   * all are told at once; never for serving.
   */
  draft: T | undefined;
  faults: Fault[];
  locate: Locate;
}

/** A declaration that another one builds on: it lies below, but for the keys at its top that are its own business. */
export interface Base {
  source: Source;
  without: readonly string[];
}

export interface ReadOptions {
  /** Which plain values are short for a mapping; only asked where a mapping is laid over one. */
  short?: Short;
}

/**
 * Reads one declaration and checks it. A source that lies over others (`below`) is merged with them: mappings key by key, lists and
 * scalars replaced, `null` removes a key. Several sources are laid over one another in the same way, lowest first. No source, no
 * value and no fault. Never throws for what people write.
 *
 * @example
 * const { value, faults, locate } = readYaml(source, z.strictObject({ object: z.string() }));
 */
export function readYaml<S extends z.ZodType>(
  sources: Source | readonly (Source | Base)[],
  schema: S,
  options: ReadOptions = {},
): Read<z.output<S>> {
  const stack = (isList(sources) ? sources : [sources]).flatMap(withBelow);
  const origin = stack[stack.length - 1]?.source;
  if (origin === undefined) {
    return { value: undefined, draft: undefined, faults: [], locate: createLocate(undefined, NOTHING) };
  }
  const faults: Fault[] = [];
  let merged: Tree | undefined;
  for (const { source, without } of stack) {
    const { documents, faults: found } = parseYaml(source);
    faults.push(...found);
    const [first, second] = documents;
    if (second !== undefined) faults.push(manyDocuments(second, source));
    if (first === undefined) continue;
    const tree = withoutKeys(first, without);
    merged = merged === undefined ? tree : mergeTrees(merged, tree, options.short);
  }
  return checkTree(merged, origin, schema, faults);
}

/**
 * Reads each document (separated by `---`) of one source. What lies below is not merged but replaced: documents have no names by
 * which they could be told apart.
 */
export function readYamlDocuments<S extends z.ZodType>(source: Source, schema: S): Read<z.output<S>>[] {
  const { documents, faults } = parseYaml(source);
  if (documents.length === 0) return [checkTree(undefined, source, schema, faults)];
  return documents.map((tree, index) => checkTree(tree, source, schema, index === 0 ? faults : []));
}

/** Checks a tree against a schema; `faults` are those found before, and keep the value back where they are errors. */
export function checkTree<S extends z.ZodType>(
  tree: Tree | undefined,
  origin: Source,
  schema: S,
  faults: readonly Fault[] = [],
): Read<z.output<S>> {
  const locate = createLocate(tree, origin);
  const found = [...faults];
  const broken = found.some((fault) => fault.severity === 'error');
  if (tree === undefined && broken) return { value: undefined, draft: undefined, faults: found, locate };
  const plain = tree === undefined ? {} : valueOf(tree);
  const parsed = schema.safeParse(plain, { reportInput: true });
  if (!parsed.success) {
    // What a syntax error swallowed is not missing.
    const all = zodFaults(parsed.error, schema, plain, locate).filter(
      (each) => !broken || each.code !== 'DECLARATION_MISSING',
    );
    found.push(...all.slice(0, LIMITS.faults));
  }
  const value = parsed.success && !broken ? parsed.data : undefined;
  const draft = value === undefined && !broken ? withoutUnknownKeys(plain, schema, parsed.error) : value;
  return { value, draft, faults: found, locate };
}

function withoutUnknownKeys<S extends z.ZodType>(
  plain: unknown,
  schema: S,
  error: z.ZodError | undefined,
): z.output<S> | undefined {
  if (error === undefined || error.issues.some((issue) => issue.code !== 'unrecognized_keys')) return undefined;
  const copy = structuredClone(plain);
  for (const issue of error.issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    let holder: unknown = copy;
    for (const step of issue.path) holder = (holder as Record<PropertyKey, unknown>)[step];
    for (const key of issue.keys) delete (holder as Record<string, unknown>)[key];
  }
  const parsed = schema.safeParse(copy);
  return parsed.success ? parsed.data : undefined;
}

/**
 * Checks a part of a declaration against a schema that its reader did not know, such as the configuration of a component.
 *
 * @param path where in the declaration the value stands
 */
export function checkValue<S extends z.ZodType>(
  value: unknown,
  schema: S,
  locate: Locate,
  path: Path,
): { value: z.output<S> | undefined; faults: Fault[] } {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return { value: parsed.data, faults: [] };
  const part: Locate = Object.assign((rest: Path) => locate([...path, ...rest]), {
    key: (rest: Path) => locate.key([...path, ...rest]),
    within: (rest: Path, offset: number) => locate.within([...path, ...rest], offset),
  });
  return { value: undefined, faults: zodFaults(parsed.error, schema, value, part) };
}

const NOTHING: Source = { kind: '', path: '', absolute: '', layer: '', text: '' };

function isList<T>(sources: T | readonly T[]): sources is readonly T[] {
  return Array.isArray(sources);
}

/** A source and all it lies over, lowest first. */
function withBelow(entry: Source | Base): Base[] {
  const { source, without } = 'without' in entry ? entry : { source: entry, without: [] };
  const stack: Base[] = [];
  for (let each: Source | undefined = source; each !== undefined; each = each.below)
    stack.unshift({ source: each, without });
  return stack;
}

function manyDocuments(second: Tree, source: Source): Fault {
  return {
    ...createLocate(second, source)([]),
    code: 'YAML_DOCUMENTS',
    message: 'a second document begins here, and this kind of file holds one',
    remedy: 'move it to a file of its own',
    severity: 'error',
  };
}
