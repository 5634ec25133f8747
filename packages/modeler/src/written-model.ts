import { OWN_KEYS } from '@caruso/business-objects/contract';
import {
  type Base,
  isMapping,
  type Locate,
  type Path,
  type Position,
  readYaml,
  type Source,
  sourceOf,
} from '@caruso/declarations';
import { z } from 'zod';

/** The texts of the model's files in the front office's own folder, by name; and what the layers below say. */
export interface ModelTexts {
  readonly own: ReadonlyMap<string, string>;
  readonly below: ReadonlyMap<string, Source>;
}

/** A mapping of a declaration, as written. */
export type Written = Record<string, unknown>;

/** An object as its file says it, all layers together. */
export interface WrittenObject {
  readonly name: string;
  readonly file: string;
  readonly value: Written;
  /** What the layers below say, and what it extends; undefined where there is none. */
  readonly lower: Written | undefined;
  /** A layer below has its file too. */
  readonly below: boolean;
  /** What it extends, the nearest first. */
  readonly bases: readonly string[];
  /** What the own folder says; empty where it says nothing. */
  readonly own: Written;
  readonly locate: Locate;
}

export type Members = 'attributes' | 'relations';

const Readable = z.looseObject({ object: z.string(), extends: z.string().optional() });
const Anything = z.looseObject({});
/** `name: text` is short for `name: { type: text }`, also where another file says more of that attribute. */
const short = (path: Path): string | undefined => (path.length === 2 && path[0] === 'attributes' ? 'type' : undefined);

/** The own model files of a folder and those below, as they are on disk. */
export function textsOf(sources: readonly Source[], ownLayer: string): ModelTexts {
  const own = new Map<string, string>();
  const below = new Map<string, Source>();
  for (const source of sources) {
    const name = source.name ?? source.path;
    const lower = source.layer === ownLayer ? source.below : source;
    if (source.layer === ownLayer) own.set(name, source.text);
    if (lower !== undefined) below.set(name, lower);
  }
  return { own, below };
}

/** The files as sources, each laid over what is below it. */
export function sourcesOf({ own, below }: ModelTexts, root: string, ownLayer: string): Source[] {
  const names = [...new Set([...below.keys(), ...own.keys()])].sort((left, right) => (left < right ? -1 : 1));
  return names.flatMap((name) => {
    const text = own.get(name);
    const lower = below.get(name);
    if (text === undefined) return lower ?? [];
    const source: Source = { kind: 'model', path: name, absolute: `${root}/${name}`, layer: ownLayer, text, name };
    return lower === undefined ? source : { ...source, below: lower };
  });
}

/** Every object that the files say, as far as they can be read, laid over what it extends. Pure. */
export function readObjects(texts: ModelTexts): WrittenObject[] {
  const headed = sourcesOf(texts, '', '.').flatMap((source) => {
    const { value } = readYaml(source, Readable);
    return value === undefined ? [] : [{ source, name: value.object, base: value.extends }];
  });
  const byName = new Map(headed.map((each) => [each.name, each]));
  return headed.flatMap(({ source, name }) => {
    const bases: Base[] = [];
    const seen = new Set([name]);
    for (let base = byName.get(name)?.base; base !== undefined && !seen.has(base); base = byName.get(base)?.base) {
      seen.add(base);
      const found = byName.get(base);
      if (found !== undefined) bases.unshift({ source: found.source, without: OWN_KEYS });
    }
    const { value, locate } = readYaml([...bases, source], Readable, { short });
    if (value === undefined) return [];
    const file = source.name ?? source.path;
    const below = texts.below.get(file);
    const under = [...bases, ...(below === undefined ? [] : [below])];
    const lower = under.length === 0 ? undefined : readYaml(under, Anything, { short }).value;
    const text = texts.own.get(file);
    const own = text === undefined ? undefined : readYaml(sourceOf(file, text), Anything).value;
    return [
      {
        name,
        file,
        value,
        lower: lower === undefined ? undefined : inFull(lower),
        below: below !== undefined,
        own: own ?? {},
        bases: [...seen].slice(1),
        locate,
      },
    ];
  });
}

/** With attributes in their long form, which others may say more of. */
function inFull(value: Written): Written {
  const attributes = Object.entries(mapping(value['attributes'])).map(([name, body]) => [name, bodyOf(body)]);
  return attributes.length === 0 ? value : { ...value, attributes: Object.fromEntries(attributes) };
}

/** Attributes or relations of an object, `name: text` as `{ type: text }`; what a layer takes out with null is not there. */
export function membersOf(object: WrittenObject, kind: Members): Map<string, Written> {
  return new Map(Object.entries(mapping(object.value[kind])).map(([name, body]) => [name, bodyOf(body)]));
}

export function bodyOf(body: unknown): Written {
  return typeof body === 'string' ? { type: body } : mapping(body);
}

export function mapping(value: unknown): Written {
  return isMapping(value) ? value : {};
}

export function isInherited(object: WrittenObject, kind: Members, name: string): boolean {
  return mapping(object.lower?.[kind])[name] !== undefined;
}

export function placeOf(object: WrittenObject, path: readonly string[]): Position {
  return object.locate.key([...path]);
}
