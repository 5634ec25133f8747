import type { ObjectDescription } from '@caruso/business-objects/contract';
import type { MethodDescription } from '@caruso/service-manager/contract';
import { z } from 'zod';
import { ErrorBody, Me } from './contract.js';
import type { JsonSchema } from './object-schema.js';
import { housePaths } from './open-api-house.js';
import { objectPaths } from './open-api-objects.js';
import { answer, failed, json, type Paths, ref } from './open-api-parts.js';

interface OpenApi {
  openapi: '3.1.0';
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  tags: { name: string; description?: string }[];
  paths: Paths;
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
  const paths: Paths = housePaths(methods);
  for (const method of methods) {
    const name = `${method.contract}.${method.method}`;
    schemas[`${name}.input`] = schemaOf(`${name}.input`, method.input, 'input');
    schemas[`${name}.output`] = schemaOf(`${name}.output`, method.output, 'output');
    paths[`/api/call/${method.contract}/${method.method}`] = { post: methodOperation(method, name) };
  }
  const readable = new Set(objects.flatMap(({ name, may }) => (may.read ? [name] : [])));
  for (const object of objects) Object.assign(paths, objectPaths(object, schemas, readable));
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
      responses: { Error: answer('Refused or failed', ref('Error')) },
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
    responses: { '200': answer('Done', ref(`${name}.output`)), default: failed },
  };
}
