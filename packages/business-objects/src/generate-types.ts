import { readOnlyReason } from './editor.js';
import type { Attribute, CompiledModel, ModelObject } from './model.js';

/** Names the generated file has for itself. */
const TAKEN = new Set([
  'Client',
  'BusinessObjects',
  'Model',
  'ModelClient',
  'ModelRecord',
  'ObjectRecord',
  'modelClient',
  'money',
  'z',
]);

/**
 * TypeScript types and zod schemas of a model, with typed access to its objects, for those who write wrappers. Pure, and the same for
 * the same model. Objects with faults are left out.
 *
 * @param all also the objects that components keep for themselves
 * @example
 * const { model } = compileModel(folder.sources('model'));
 * writeFileSync('services/model.ts', generateTypes(model));
 */
export function generateTypes(model: CompiledModel, all = false): string {
  const objects = [...model.objects.values()].filter(
    ({ name, writtenBy }) => !model.refused.has(name) && (all || writtenBy === undefined),
  );
  const known = new Set(objects.map(({ name }) => name));
  return `// Made of the model by \`caruso types\`: make it anew after a change of the model, never edit it.
import type { BusinessObjects, ObjectRecord } from '@caruso/business-objects/contract';
import type { Client } from '@caruso/service-manager/contract';
import { z } from 'zod';

/** An exact amount; the currency is its ISO 4217 code. */
const money = z.object({ amount: z.string(), currency: z.string() });

${objects.map((object) => objectTypes(object, known)).join('\n')}
/** What each object is: its values as they are read, what a new one takes, what a change may say, and what it leads to. */
export interface Model {
${objects.map((object) => modelEntry(object, known)).join('\n')}
}

/** A record with the values of its object; those that the caller may not see are not there. */
export type ModelRecord<N extends keyof Model> = Omit<ObjectRecord, 'object' | 'values' | 'related'> & {
  object: N;
  values: Model[N]['values'];
  related?: { [R in keyof Model[N]['related']]?: Related<Model[N]['related'][R]> };
};
type Related<R> = R extends (infer M extends keyof Model)[]
  ? ModelRecord<M>[]
  : R extends keyof Model
    ? ModelRecord<R> | null
    : never;

type Name<N extends keyof Model> = keyof Model[N]['values'] & string;
interface Query<N extends keyof Model> {
  /** An expression over the object's attributes and relations. */
  where?: string;
  params?: Record<string, unknown>;
  search?: string;
  sort?: (Name<N> | \`-\${Name<N>}\`)[];
  limit?: number;
  after?: string;
  include?: (keyof Model[N]['related'] & string)[];
}

/** The business objects with the types of this model. */
export interface ModelClient {
  find<N extends keyof Model>(object: N, query?: Query<N>): Promise<{ records: ModelRecord<N>[]; next: string | null }>;
  get<N extends keyof Model>(object: N, key: string, include?: (keyof Model[N]['related'] & string)[]): Promise<ModelRecord<N> | null>;
  create<N extends keyof Model>(object: N, values: Model[N]['create']): Promise<ModelRecord<N>>;
  update<N extends keyof Model>(object: N, key: string, values: Model[N]['update'], version?: string): Promise<ModelRecord<N>>;
  delete<N extends keyof Model>(object: N, key: string, version?: string): Promise<{ deleted: boolean }>;
  /** Links a record to others by a many-to-many relation; gives the keys of those that are new. */
  link<N extends keyof Model>(object: N, key: string, relation: Model[N]['linked'], keys: string[], values?: object): Promise<{ linked: string[] }>;
  unlink<N extends keyof Model>(object: N, key: string, relation: Model[N]['linked'], keys: string[]): Promise<{ unlinked: string[] }>;
}

/**
 * The business objects with the types of this model; what is called is the same.
 *
 * @example
 * const { records } = await modelClient(needs.objects).find('Customer', { where: "city = 'Delft'", sort: ['name'] });
 */
export function modelClient(objects: Client<typeof BusinessObjects>): ModelClient {
  const client = {
    find: (object: string, query: object = {}) => objects.find({ object, ...query }),
    get: (object: string, key: string, include?: string[]) =>
      objects.get({ object, key, ...(include === undefined ? {} : { include }) }),
    create: (object: string, values: object) => objects.create({ object, values: { ...values } }),
    update: (object: string, key: string, values: object, version?: string) =>
      objects.update({ object, key, values: { ...values }, ...(version === undefined ? {} : { version }) }),
    delete: (object: string, key: string, version?: string) =>
      objects.delete({ object, key, ...(version === undefined ? {} : { version }) }),
    link: (object: string, key: string, relation: string, keys: string[], values?: object) =>
      objects.link({ object, key, relation, keys, ...(values === undefined ? {} : { values: { ...values } }) }),
    unlink: (object: string, key: string, relation: string, keys: string[]) =>
      objects.unlink({ object, key, relation, keys }),
  };
  return client as unknown as ModelClient;
}
`;
}

function objectTypes(object: ModelObject, known: ReadonlySet<string>): string {
  const name = typeName(object.name);
  const attributes = [...object.attributes.values()];
  const line = (attribute: Attribute) => {
    const nullable = attribute.required && attribute.kind === 'stored' ? '' : '.nullable()';
    const told = describe(attribute, known);
    return `${told === '' ? '' : `  /** ${told} */\n`}  ${attribute.name}: ${schemaOf(attribute)}${nullable},`;
  };
  return `/** ${comment(object.label)}. */
export const ${name} = z.object({
${attributes.map(line).join('\n')}
});
export type ${name} = z.infer<typeof ${name}>;
`;
}

function modelEntry(object: ModelObject, known: ReadonlySet<string>): string {
  const name = typeName(object.name);
  const attributes = [...object.attributes.values()];
  const writable = attributes.filter(
    (each) => each.kind === 'stored' && (!each.readOnly || (each.key && each.generated === undefined)),
  );
  const must = writable.filter((each) => each.required && each.default === undefined).map((each) => each.name);
  const may = writable.filter((each) => !must.includes(each.name)).map((each) => each.name);
  const changeable = writable.filter((each) => !each.key).map((each) => each.name);
  const ones = attributes.flatMap((each) =>
    each.to !== undefined && known.has(each.to) ? [`${each.name}: '${each.to}'`] : [],
  );
  const manys = [...object.relations.values()].flatMap(({ name: relation, to }) =>
    known.has(to) ? [`${relation}: '${to}'[]`] : [],
  );
  const picked = (names: readonly string[]) =>
    names.length === 0 ? 'unknown' : `Pick<${name}, ${names.map((each) => `'${each}'`).join(' | ')}>`;
  const optional = (names: readonly string[]) => (names.length === 0 ? 'unknown' : `Partial<${picked(names)}>`);
  const related = [...ones, ...manys];
  const linked = [...object.relations.values()].flatMap(({ name: relation, to, through }) =>
    through !== undefined && known.has(to) && readOnlyReason(through.junction) === undefined ? [`'${relation}'`] : [],
  );
  const fixed = readOnlyReason(object) !== undefined;
  return `  ${object.name}: {
    values: ${name};
    create: ${fixed ? 'never' : `${picked(must)} & ${optional(may)}`};
    update: ${fixed ? 'never' : optional(changeable)};
    related: ${related.length === 0 ? 'Record<never, never>' : `{ ${related.join('; ')} }`};
    linked: ${linked.length === 0 ? 'never' : linked.join(' | ')};
  };`;
}

/** As values are on the wire. */
function schemaOf(attribute: Attribute): string {
  const { type, values, pattern, maxLength } = attribute;
  switch (type) {
    case 'integer':
      // Beyond 2^53 they are texts.
      return 'z.union([z.number(), z.string()])';
    case 'number':
      return 'z.number()';
    case 'boolean':
      return 'z.boolean()';
    case 'money':
      return 'money';
    case 'one of':
      return `z.enum([${(values ?? []).map((each) => JSON.stringify(each)).join(', ')}])`;
    case 'json':
      return 'z.unknown()';
    case 'tags':
      return 'z.array(z.string())';
    case 'date':
      return 'z.iso.date()';
    case 'datetime':
      return 'z.iso.datetime()';
    case 'text': {
      const length = maxLength === undefined ? '' : `.max(${maxLength})`;
      return `z.string()${length}${pattern === undefined ? '' : `.regex(new RegExp(${JSON.stringify(`^(?:${pattern.source})$`)}, 'u'))`}`;
    }
    default:
      return 'z.string()';
  }
}

function describe(attribute: Attribute, known: ReadonlySet<string>): string {
  const { to, type, currency, help, sensitive, kind } = attribute;
  return [
    ...(help === undefined ? [] : [comment(help)]),
    ...(to !== undefined && known.has(to) ? [`The key of a ${to}.`] : []),
    ...(type === 'decimal' ? ['An exact decimal.'] : []),
    ...(currency === undefined ? [] : [`In ${currency}.`]),
    ...(kind === 'stored' ? [] : ['Computed.']),
    ...(sensitive ? ['Masked for whoever may not see it in the clear.'] : []),
  ].join(' ');
}

function comment(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('*/', '* /').trim();
}

function typeName(object: string): string {
  return TAKEN.has(object) ? `${object}Object` : object;
}
