import type { ObjectDescription } from '@caruso/business-objects/contract';
import { type JsonSchema, readSchema, writeSchema } from './object-schema.js';
import { answer, failed, json, nullable, type Paths, parameter, ref } from './open-api-parts.js';

const text = { type: 'string' };
const etag = { description: 'Version, for If-Match', schema: text };
const conflict = answer('Changed in the meantime; details hold the present record', ref('Error'));
const keyParameter = parameter('key', 'path', 'Encoded key of the record');
const include = parameter('include', 'query', 'Relations to load with it, separated by commas');
const listParameters = [
  parameter('where', 'query', 'Condition over the attributes, in the expression language'),
  parameter('search', 'query', 'Free text'),
  parameter('sort', 'query', 'Attributes separated by commas; a leading minus sorts descending'),
  parameter('limit', 'query', 'Records at most', { type: 'integer', minimum: 1, maximum: 500, default: 50 }),
  parameter('after', 'query', '`next` of the page before'),
  include,
];
const deletedToo = parameter('deleted', 'query', 'Records that were deleted and are kept: with the others, or alone', {
  enum: ['also', 'only'],
});
const deletedOne = parameter('deleted', 'query', 'Also if it was deleted and is kept', { type: 'boolean' });
const anyway = { type: 'boolean', description: 'Store it although a record that is the same is there' };

/** The addresses of one object, as far as the caller may use them; its schemas are added to `schemas`. */
export function objectPaths(
  object: ObjectDescription,
  schemas: Record<string, JsonSchema>,
  readable: ReadonlySet<string>,
): Paths {
  const { name, label, labelPlural, may, key, keepsDeleted } = object;
  const schema = (part: string): string => `${name}.${part}`;
  const tags = [name];
  const path = `/api/objects/${encodeURIComponent(name)}`;
  const list: Record<string, unknown> = {};
  const one: Record<string, unknown> = { parameters: [keyParameter] };
  const paths: Paths = {};
  schemas[schema('values')] = readSchema(object);
  schemas[schema('record')] = recordSchema(object, ref(schema('values')), readable);
  schemas[schema('page')] = pageSchema(ref(schema('record')));
  const record = { ...answer(label, ref(schema('record'))), headers: { ETag: etag } };
  if (may.read) {
    list['get'] = {
      operationId: `${name}.list`,
      tags,
      summary: labelPlural,
      parameters: keepsDeleted === true && may.delete ? [...listParameters, deletedToo] : listParameters,
      responses: { '200': answer(labelPlural, ref(schema('page'))), default: failed },
    };
  }
  // What has no key can be listed, and no more.
  if (may.read && key.length > 0) {
    one['get'] = {
      operationId: `${name}.read`,
      tags,
      summary: label,
      parameters: [
        include,
        ...(keepsDeleted === true && may.delete ? [deletedOne] : []),
        parameter('If-None-Match', 'header', 'The version already known'),
      ],
      responses: { '200': record, '304': { description: 'Unchanged' }, default: failed },
    };
    paths[`${path}/{key}/history`] = {
      parameters: [keyParameter],
      get: {
        operationId: `${name}.history`,
        tags,
        summary: `What happened to it, newest first`,
        parameters: [parameter('limit', 'query', 'Events at most', { type: 'integer', minimum: 1, maximum: 200 })],
        responses: { '200': answer('Events', ref('objects.history.output')), default: failed },
      },
    };
    Object.assign(paths, relationPaths(object, path, readable));
  }
  if (may.create) {
    schemas[schema('new')] = writeSchema(object, true);
    list['post'] = {
      operationId: `${name}.create`,
      tags,
      summary: `Creates one`,
      requestBody: body(schema('new')),
      responses: {
        '201': { ...record, headers: { ETag: etag, Location: { description: 'Its address', schema: text } } },
        default: failed,
      },
    };
  }
  if (may.update) {
    schemas[schema('change')] = writeSchema(object, false);
    one['patch'] = {
      operationId: `${name}.change`,
      tags,
      summary: 'Changes attributes',
      parameters: [
        parameter('If-Match', 'header', 'The version it is a change of, or * for whichever it has', text, true),
      ],
      requestBody: body(schema('change')),
      responses: {
        '200': record,
        '412': conflict,
        '428': answer('If-Match is missing', ref('Error')),
        default: failed,
      },
    };
  }
  if (may.delete) {
    one['delete'] = {
      operationId: `${name}.delete`,
      tags,
      summary: 'Deletes it',
      parameters: [parameter('If-Match', 'header', 'Refuse where this is no longer the version')],
      responses: { '204': { description: 'Deleted' }, '412': conflict, default: failed },
    };
  }
  Object.assign(paths, actionPaths(object, path, record));
  const operations = bulkOperations(object, schema);
  if (operations.length > 0) {
    paths[`${path}/bulk`] = { post: bulkOperation(name, operations, ref(schema('record'))) };
  }
  if (Object.keys(list).length > 0) paths[path] = list;
  if (Object.keys(one).length > 1) paths[`${path}/{key}`] = one;
  return paths;
}

/** Bringing back what was deleted, and reading sensitive values, where the caller may. */
function actionPaths(object: ObjectDescription, path: string, record: JsonSchema): Paths {
  const { name, may, keepsDeleted, attributes } = object;
  const paths: Paths = {};
  if (keepsDeleted === true && may.delete) {
    paths[`${path}/{key}/restore`] = {
      parameters: [keyParameter],
      post: {
        operationId: `${name}.restore`,
        tags: [name],
        summary: 'Brings back what was deleted',
        requestBody: {
          required: false,
          content: json({ type: 'object', properties: { anyway }, additionalProperties: false }),
        },
        responses: { '200': record, default: failed },
      },
    };
  }
  const revealed = attributes.filter(({ mayReveal }) => mayReveal === true).map((attribute) => attribute.name);
  if (revealed.length > 0 && may.read) {
    const asked = { type: 'array', minItems: 1, maxItems: 50, items: { enum: revealed } };
    paths[`${path}/{key}/reveal`] = {
      parameters: [keyParameter],
      post: {
        operationId: `${name}.reveal`,
        tags: [name],
        summary: 'Sensitive values in the clear; that they were read is journaled',
        requestBody: {
          required: true,
          content: json({
            type: 'object',
            required: ['attributes'],
            properties: { attributes: asked },
            additionalProperties: false,
          }),
        },
        responses: { '200': answer('Values', ref('objects.reveal.output')), default: failed },
      },
    };
  }
  return paths;
}

function relationPaths(object: ObjectDescription, path: string, readable: ReadonlySet<string>): Paths {
  const paths: Paths = {};
  for (const { name, label, kind, to, links } of relationsOf(object, readable)) {
    const shared = { operationId: `${object.name}.${name}`, tags: [object.name], summary: label };
    paths[`${path}/{key}/${name}`] = {
      parameters: [keyParameter],
      get:
        kind === 'many'
          ? {
              ...shared,
              parameters: listParameters,
              responses: { '200': answer(label, ref(`${to}.page`)), default: failed },
            }
          : {
              ...shared,
              parameters: [include],
              responses: { '200': { ...answer(label, ref(`${to}.record`)), headers: { ETag: etag } }, default: failed },
            },
    };
    if (links !== undefined) addLinkPaths(paths, object, name, label, links, `${path}/{key}/${name}`);
  }
  return paths;
}

const otherParameter = parameter('other', 'path', 'Encoded key of the record it is linked to');

/** Making and removing links of a many-to-many relation, where the caller may. */
function addLinkPaths(
  paths: Paths,
  { name: object }: ObjectDescription,
  name: string,
  label: string,
  { may, bare }: NonNullable<Leading['links']>,
  path: string,
): void {
  const holder = parameter('If-Match', 'header', 'Refuse where this is no longer the version of the record');
  const shared = (verb: string, summary: string): JsonSchema => ({
    operationId: `${object}.${name}.${verb}`,
    tags: [object],
    summary: `${label}: ${summary}`,
    parameters: [holder],
  });
  const values = { type: 'object', description: 'What each link says beside the two', additionalProperties: true };
  const said = bare ? {} : { values };
  const one: JsonSchema = {};
  if (may.link) {
    const keys = { type: 'array', minItems: 1, maxItems: 500, items: text };
    const several = { type: 'object', required: ['keys'], properties: { keys, ...said }, additionalProperties: false };
    paths[path] = {
      ...paths[path],
      post: {
        ...shared('linkAll', 'links it to several; what is linked already stays so'),
        requestBody: { required: true, content: json(several) },
        responses: {
          '200': answer('Keys of those that are new', ref('objects.link.output')),
          '412': conflict,
          default: failed,
        },
      },
    };
    one['put'] = {
      ...shared('link', 'links it to one; does nothing where it is linked already'),
      ...(bare
        ? {}
        : {
            requestBody: {
              required: false,
              content: json({ type: 'object', properties: said, additionalProperties: false }),
            },
          }),
      responses: { '204': { description: 'Linked' }, '412': conflict, default: failed },
    };
  }
  if (may.unlink) {
    one['delete'] = {
      ...shared('unlink', 'removes the link to one; does nothing where there is none'),
      responses: { '204': { description: 'Not linked' }, '412': conflict, default: failed },
    };
  }
  if (may.link || may.unlink) paths[`${path}/{other}`] = { parameters: [keyParameter, otherParameter], ...one };
}

interface Leading {
  name: string;
  label: string;
  kind: 'one' | 'many';
  to: string;
  links?: ObjectDescription['relations'][number]['links'];
}

/** To-many relations and references that lead to what the caller may read. */
function relationsOf({ attributes, relations }: ObjectDescription, readable: ReadonlySet<string>): Leading[] {
  const references = attributes.flatMap(({ name, label, to }): Leading[] =>
    to === undefined ? [] : [{ name, label, kind: 'one', to }],
  );
  const many = relations.filter(({ kind }) => kind === 'many');
  return [...references, ...many].filter(({ to }) => readable.has(to));
}

function recordSchema(object: ObjectDescription, values: JsonSchema, readable: ReadonlySet<string>): JsonSchema {
  const related = Object.fromEntries(
    relationsOf(object, readable).map(({ name, kind, to }) => [
      name,
      kind === 'many' ? { type: 'array', items: ref(`${to}.record`) } : nullable(ref(`${to}.record`)),
    ]),
  );
  return {
    type: 'object',
    required: ['object', 'key', 'version', 'display', 'values'],
    properties: {
      object: { const: object.name },
      key: text,
      version: text,
      display: text,
      values,
      deleted: { type: 'string', format: 'date-time', description: 'When it was deleted, where it is kept' },
      related: { type: 'object', properties: related, additionalProperties: false },
    },
    additionalProperties: false,
  };
}

function pageSchema(record: JsonSchema): JsonSchema {
  return {
    type: 'object',
    required: ['records', 'next'],
    properties: {
      records: { type: 'array', items: record },
      next: { type: ['string', 'null'], description: '`after` of the next page' },
    },
    additionalProperties: false,
  };
}

function body(schema: string): JsonSchema {
  const content = json({
    type: 'object',
    required: ['values'],
    properties: { values: ref(schema), anyway },
    additionalProperties: false,
  });
  return { required: true, content };
}

function bulkOperations({ may }: ObjectDescription, schema: (part: string) => string): JsonSchema[] {
  const operation = (verb: string, required: string[], properties: JsonSchema): JsonSchema => ({
    type: 'object',
    required: ['do', ...required],
    properties: { do: { const: verb }, ...properties },
    additionalProperties: false,
  });
  const version = { type: 'string', description: 'Refuse where this is no longer the version' };
  return [
    ...(may.create ? [operation('create', ['values'], { values: ref(schema('new')), anyway })] : []),
    ...(may.update
      ? [operation('update', ['key', 'values'], { key: text, values: ref(schema('change')), version, anyway })]
      : []),
    ...(may.delete ? [operation('delete', ['key'], { key: text, version })] : []),
  ];
}

function bulkOperation(name: string, operations: JsonSchema[], record: JsonSchema): JsonSchema {
  const records = { type: 'array', items: nullable(record), description: 'In their order; null for what was deleted' };
  return {
    operationId: `${name}.bulk`,
    tags: [name],
    summary: 'Creates, changes and deletes many together: all of them or none',
    requestBody: {
      required: true,
      content: json({
        type: 'object',
        required: ['operations'],
        properties: { operations: { type: 'array', minItems: 1, maxItems: 500, items: { oneOf: operations } } },
        additionalProperties: false,
      }),
    },
    responses: {
      '200': answer('Done', {
        type: 'object',
        required: ['records'],
        properties: { records },
        additionalProperties: false,
      }),
      '422': answer('None was made; details.faults names each that is refused', ref('Error')),
      default: failed,
    },
  };
}
