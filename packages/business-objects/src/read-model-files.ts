import { type Base, type Fault, type Locate, nearest, type Path, readYaml, type Source } from '@caruso/declarations';
import { z } from 'zod';
import { type AttributeBody, ModelFile } from './model-file.js';
import { ModelReadings } from './model-readings.js';
import { OWN_KEYS } from './own-keys.js';

/** A model file as it counts: laid over what it extends. */
export interface ReadModelFile {
  readonly file: ModelFile;
  readonly locate: Locate;
  /** What is wrong with it so far. */
  readonly faults: Fault[];
}

/** `name: text` is short for `name: { type: text }`, also where another file says more of that attribute. */
const short = (path: Path): string | undefined => (path.length === 2 && path[0] === 'attributes' ? 'type' : undefined);

/** Of a file no more than its place among the others. */
const Heading = z.looseObject({ object: z.string(), extends: z.string().optional() });

interface Headed {
  readonly source: Source;
  readonly name: string;
  readonly extends: string | undefined;
}

/**
 * Reads model files, each over the file of the object it extends, and that over the one it extends. Pure.
 *
 * @returns the objects in the order of the files, and the faults of files that say nothing that can be used
 */
export function readModelFiles(
  sources: readonly Source[],
  readings = new ModelReadings(),
): { objects: ReadModelFile[]; faults: Fault[] } {
  readings.keepOnly(sources);
  const headed = new Map<string, Headed>();
  for (const source of sources) {
    const { draft } = readings.of('heading', [source], () => readYaml(source, Heading));
    if (draft !== undefined && !headed.has(draft.object))
      headed.set(draft.object, { source, name: draft.object, extends: draft.extends });
  }
  const bySource = new Map([...headed.values()].map((each) => [each.source, each]));
  const faults: Fault[] = [];
  const objects: ReadModelFile[] = [];
  for (const source of sources) {
    const own = bySource.get(source);
    const line = own === undefined ? { bases: [], broken: undefined } : lineOf(own, headed);
    const stack = [...line.bases.map((each): Base => ({ source: each.source, without: OWN_KEYS })), source];
    const texts = [...line.bases.map((each) => each.source), source];
    const {
      draft: file,
      faults: found,
      locate,
    } = readings.of('whole', texts, () => readYaml(stack, ModelFile, { short }));
    // A file with faults is compiled for the sake of further ones, and refused by the model.
    if (file === undefined) faults.push(...found);
    else objects.push({ file, locate, faults: [...found] });
    if (file === undefined || line.broken === undefined) continue;
    objects.at(-1)?.faults.push({ ...locate(['extends']), ...line.broken, severity: 'error' });
  }
  const byName = new Map(objects.map((each) => [each.file.object, each]));
  const whole = objects.map((object) => {
    const base = byName.get(object.file.extends ?? '');
    if (base === undefined) return object;
    checkOverrides(base.file, object, byName);
    const known: string[] = [];
    for (let each: ModelFile | undefined = base.file, seen = new Set<ModelFile>(); each && !seen.has(each); ) {
      seen.add(each);
      known.push(...Object.keys(each.attributes), ...Object.keys(each.relations));
      each = byName.get(each.extends ?? '')?.file;
    }
    return { ...object, file: withoutLeftOut(known, object.file) };
  });
  return { objects: whole, faults };
}

/** What an object extends, the farthest first; `broken` where that leads nowhere or in a circle. */
function lineOf(
  own: Headed,
  headed: ReadonlyMap<string, Headed>,
): { bases: Headed[]; broken: Pick<Fault, 'code' | 'message' | 'remedy'> | undefined } {
  const bases: Headed[] = [];
  for (let each = own; each.extends !== undefined; ) {
    const base = headed.get(each.extends);
    if (base === undefined) {
      const near = nearest(each.extends, headed.keys());
      const remedy = near === undefined ? `the model has ${[...headed.keys()].join(', ')}` : `did you mean '${near}'?`;
      const message = `${each.name} extends ${each.extends}, which the model does not have`;
      return { bases, broken: { code: 'MODEL_EXTENDS_UNKNOWN', message, remedy } };
    }
    if (base === own || bases.includes(base)) {
      const line = [own, ...bases.toReversed()].map(({ name }) => name);
      const circle = [...line.slice(line.indexOf(base.name)), base.name].join(' -> ');
      const message = `objects extend one another: ${circle}`;
      return { bases: [], broken: { code: 'MODEL_EXTENDS_CYCLE', message, remedy: 'let one of them extend nothing' } };
    }
    bases.unshift(base);
    each = base;
  }
  return { bases, broken: undefined };
}

/** What an object leaves out of all that is `known` above it is left out of the rights that it has from the other, too. */
function withoutLeftOut(known: readonly string[], file: ModelFile): ModelFile {
  const left = new Set(known.filter((name) => !(name in file.attributes) && !(name in file.relations)));
  if (left.size === 0 || file.rights === undefined) return file;
  const keep = <T>(names: T): T => (Array.isArray(names) ? (names.filter((name) => !left.has(name)) as T) : names);
  const rights = Object.entries(file.rights).map(([role, right]) => [
    role,
    { ...right, write: keep(right.write), hide: keep(right.hide), reveal: keep(right.reveal) },
  ]);
  return { ...file, rights: Object.fromEntries(rights) };
}

/** An attribute stays what it is: code and screens that know the base know it there too. */
function checkOverrides(
  base: ModelFile,
  { file, locate, faults }: ReadModelFile,
  byName: ReadonlyMap<string, { file: ModelFile }>,
): void {
  const differs = (path: Path, message: string): void => {
    const remedy = 'keep its type, or give the attribute another name';
    faults.push({ ...locate(path), code: 'MODEL_EXTENDS_TYPE', message, remedy, severity: 'error' });
  };
  for (const [name, below] of Object.entries(base.attributes)) {
    const own = file.attributes[name];
    if (own === undefined) continue;
    const [was, is] = [natureOf(below), natureOf(own)];
    if (was.text === is.text || (was.to !== undefined && is.to !== undefined && leadsTo(is.to, was.to, byName)))
      continue;
    differs(
      ['attributes', name, is.key],
      `'${name}' of ${file.object} is ${is.text}, but of ${base.object} it is ${was.text}`,
    );
  }
  for (const [name, below] of Object.entries(base.relations)) {
    const own = file.relations[name];
    if (own === undefined || leadsTo(own.many, below.many, byName)) continue;
    differs(
      ['relations', name, 'many'],
      `'${name}' of ${file.object} leads to ${own.many}, but of ${base.object} to ${below.many}`,
    );
  }
}

/** What an attribute is, in words, and the key of the file that says so. */
function natureOf(body: AttributeBody): { text: string; key: keyof AttributeBody; to?: string } {
  if (body.to !== undefined) return { text: `a reference to ${body.to}`, key: 'to', to: body.to };
  if (body.formula !== undefined) return { text: 'a formula', key: 'formula' };
  if (body.count !== undefined) return { text: 'a count', key: 'count' };
  if (body.sum !== undefined) return { text: 'a sum', key: 'sum' };
  return { text: body.type ?? 'without a type', key: 'type' };
}

/** Whether an object is another, or extends it over however many steps. */
function leadsTo(name: string, wanted: string, byName: ReadonlyMap<string, { file: ModelFile }>): boolean {
  const seen = new Set<string>();
  for (let each: string | undefined = name; each !== undefined && !seen.has(each); ) {
    if (each === wanted) return true;
    seen.add(each);
    each = byName.get(each)?.file.extends;
  }
  return false;
}
