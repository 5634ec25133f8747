import type { ObjectDescription } from '@caruso/business-objects/contract';
import type { MethodDescription } from '@caruso/service-manager/contract';
import { z } from 'zod';
import { ErrorBody, Me } from './contract.js';
import { type JsonSchema, readSchema, writeSchema } from './object-schema.js';

interface OpenApi {
  openapi: '3.1.0';
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  tags: { name: string; description?: string }[];
  paths: Record<string, Record<string, unknown>>;
  components: Record<string, Record<string, unknown>>;
}

/**
 * The HTTP interface as OpenAPI 3.1: every method and every object given, so that who may not call or see one does not find it here.
 *
 * @example
 * openApi(services.methods(), (await objects.describe({})).objects).paths['/api/call/objects/find'];
 */
export function openApi(methods: readonly MethodDescription[], objects: readonly ObjectDescription[]): OpenApi {
  const schemas: Record<string, JsonSchema> = {
    Error: schemaOf('Error', ErrorBody, 'output'),
    Me: schemaOf('Me', Me, 'output'),
  };
  const paths: OpenApi['paths'] = { ...houseKeeping() };
  for (const method of methods) {
    const name = `${method.contract}.${method.method}`;
    schemas[`${name}.input`] = schemaOf(`${name}.input`, method.input, 'input');
    schemas[`${name}.output`] = schemaOf(`${name}.output`, method.output, 'output');
    paths[`/api/call/${method.contract}/${method.method}`] = { post: methodOperation(method, name) };
  }
  for (const object of objects) Object.assign(paths, objectPaths(object, schemas));
  const contracts = [...new Set(methods.map(({ contract }) => contract))];
  return {
    openapi: '3.1.0',
    info: {
      title: 'Caruso front office',
      version: '1.0.0',
      description: 'Methods of services, and business objects as resources, as far as the caller may use them.',
    },
    servers: [{ url: '/' }],
    tags: [
      { name: 'session' },
      ...contracts.map((name) => ({ name })),
      ...objects.map(({ name, label }) => ({ name, description: label })),
    ],
    paths,
    components: {
      schemas,
      responses: { Error: { description: 'Refused or failed', content: json(ref('Error')) } },
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'caruso_session' } },
    },
  };
}

const converted = new WeakMap<z.ZodType, Map<string, JsonSchema>>();

/** The JSON Schema of a zod schema as the component `name`: references within it lead there. */
function schemaOf(name: string, schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  let known = converted.get(schema);
  if (known === undefined) {
    known = new Map();
    converted.set(schema, known);
  }
  let made = known.get(io);
  if (made === undefined) {
    made = z.toJSONSchema(schema, { io, unrepresentable: 'any', cycles: 'ref', reused: 'inline' }) as JsonSchema;
    known.set(io, made);
  }
  const { $schema: _, ...rest } = rebase(made, `#/components/schemas/${name}`) as JsonSchema;
  return rest;
}

/** Within a document `#` is the document, no longer the schema. */
function rebase(part: unknown, base: string): unknown {
  if (Array.isArray(part)) return part.map((each) => rebase(each, base));
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) =>
      key === '$ref' && typeof value === 'string' && value.startsWith('#')
        ? [key, base + value.slice(1)]
        : [key, rebase(value, base)],
    ),
  );
}

function methodOperation({ contract, summary, allow, input }: MethodDescription, name: string): JsonSchema {
  return {
    operationId: name,
    tags: [contract],
    summary,
    ...(allow.includes('public') ? {} : { description: `For: ${allow.join(', ')}`, security: [{ session: [] }] }),
    requestBody: { required: !input.safeParse({}).success, content: json(ref(`${name}.input`)) },
    responses: { '200': { description: 'Done', content: json(ref(`${name}.output`)) }, default: failed },
  };
}

function objectPaths(object: ObjectDescription, schemas: Record<string, JsonSchema>): OpenApi['paths'] {
  const { name, label, labelPlural, may } = object;
  const schema = (part: string): string => `${name}.${part}`;
  const tags = [name];
  const path = `/api/objects/${encodeURIComponent(name)}`;
  const list: Record<string, unknown> = {};
  const one: Record<string, unknown> = { parameters: [parameter('key', 'path', 'Encoded key of the record')] };
  const paths: OpenApi['paths'] = {};
  schemas[schema('values')] = readSchema(object);
  schemas[schema('record')] = recordSchema(ref(schema('values')));
  const record = { description: label, headers: { ETag: etag }, content: json(ref(schema('record'))) };
  if (may.read) {
    schemas[schema('page')] = {
      type: 'object',
      required: ['records', 'next'],
      properties: {
        records: { type: 'array', items: ref(schema('record')) },
        next: { type: ['string', 'null'], description: '`after` of the next page' },
      },
    };
    list.get = {
      operationId: `${name}.list`,
      tags,
      summary: labelPlural,
      parameters: listParameters,
      responses: { '200': { description: labelPlural, content: json(ref(schema('page'))) }, default: failed },
    };
    one.get = {
      operationId: `${name}.read`,
      tags,
      summary: label,
      parameters: [include, parameter('If-None-Match', 'header', 'The version already known')],
      responses: { '200': record, '304': { description: 'Unchanged' }, default: failed },
    };
    paths[`${path}/{key}/history`] = {
      parameters: one.parameters,
      get: {
        operationId: `${name}.history`,
        tags,
        summary: `What happened to it, newest first`,
        parameters: [parameter('limit', 'query', 'Events at most', { type: 'integer', minimum: 1, maximum: 200 })],
        responses: { '200': { description: 'Events', content: json({ type: 'object' }) }, default: failed },
      },
    };
  }
  if (may.create) {
    schemas[schema('new')] = writeSchema(object, true);
    list.post = {
      operationId: `${name}.create`,
      tags,
      summary: `Creates one`,
      requestBody: body(schema('new')),
      responses: { '201': record, default: failed },
    };
  }
  if (may.update) {
    schemas[schema('change')] = writeSchema(object, false);
    one.patch = {
      operationId: `${name}.change`,
      tags,
      summary: 'Changes attributes',
      parameters: [ifMatch],
      requestBody: body(schema('change')),
      responses: { '200': record, '412': conflict, default: failed },
    };
  }
  if (may.delete) {
    one.delete = {
      operationId: `${name}.delete`,
      tags,
      summary: 'Deletes it',
      parameters: [ifMatch],
      responses: { '204': { description: 'Deleted' }, '412': conflict, default: failed },
    };
  }
  if (Object.keys(list).length > 0) paths[path] = list;
  if (Object.keys(one).length > 1) paths[`${path}/{key}`] = one;
  return paths;
}

function houseKeeping(): OpenApi['paths'] {
  const tags = ['session'];
  const credentials = {
    type: 'object',
    required: ['user', 'password'],
    properties: { user: { type: 'string' }, password: { type: 'string' } },
    additionalProperties: false,
  };
  const me = { description: 'Who is signed in', content: json(ref('Me')) };
  return {
    '/api/sign-in': {
      post: {
        operationId: 'sign-in',
        tags,
        summary: 'Opens a session, kept in a cookie',
        requestBody: { required: true, content: json(credentials) },
        responses: { '200': me, default: failed },
      },
    },
    '/api/sign-out': {
      post: {
        operationId: 'sign-out',
        tags,
        summary: 'Ends the session',
        responses: { '204': { description: 'Ended' }, default: failed },
      },
    },
    '/api/me': {
      get: {
        operationId: 'me',
        tags,
        summary: 'Whom the session belongs to',
        responses: { '200': me, default: failed },
      },
    },
    '/api/health': {
      get: {
        operationId: 'health',
        tags,
        summary: 'Whether every component serves',
        responses: { '200': { description: 'State', content: json({ type: 'object' }) }, default: failed },
      },
    },
  };
}

function recordSchema(values: JsonSchema): JsonSchema {
  const text = { type: 'string' };
  return {
    type: 'object',
    required: ['object', 'key', 'version', 'display', 'values'],
    properties: { object: text, key: text, version: text, display: text, values, related: { type: 'object' } },
  };
}

function parameter(
  name: string,
  place: 'path' | 'query' | 'header',
  description: string,
  schema?: JsonSchema,
): JsonSchema {
  return { name, in: place, description, required: place === 'path', schema: schema ?? { type: 'string' } };
}

function ref(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

function json(schema: JsonSchema): JsonSchema {
  return { 'application/json': { schema } };
}

function body(schema: string): JsonSchema {
  const content = json({
    type: 'object',
    required: ['values'],
    properties: {
      values: ref(schema),
      anyway: { type: 'boolean', description: 'Store it although a record that is the same is there' },
    },
    additionalProperties: false,
  });
  return { required: true, content };
}

const failed = { $ref: '#/components/responses/Error' };
const etag = { description: 'Version, for If-Match', schema: { type: 'string' } };
const conflict = {
  description: 'Changed in the meantime; details hold the present record',
  content: json(ref('Error')),
};
const ifMatch = parameter('If-Match', 'header', 'Refuse where this is no longer the version');
const include = parameter('include', 'query', 'Relations to load with it, separated by commas');
const listParameters = [
  parameter('where', 'query', 'Condition over the attributes, in the expression language'),
  parameter('search', 'query', 'Free text'),
  parameter('sort', 'query', 'Attributes separated by commas; a leading minus sorts descending'),
  parameter('limit', 'query', 'Records at most', { type: 'integer', minimum: 1, maximum: 500, default: 50 }),
  parameter('after', 'query', '`next` of the page before'),
  include,
];
