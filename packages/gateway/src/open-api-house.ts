import type { MethodDescription } from '@caruso/service-manager/contract';
import { answer, failed, json, type Paths, parameter, ref } from './open-api-parts.js';

const tags = ['session'];
const text = { type: 'string' };

/** Addresses that are neither methods nor business objects: sessions, health, files. */
export function housePaths(methods: readonly MethodDescription[]): Paths {
  const has = (contract: string, name: string) =>
    methods.some((method) => method.contract === contract && method.method === name);
  return {
    ...sessionPaths,
    '/api/health': {
      get: {
        operationId: 'health',
        tags,
        summary: 'Whether every component serves',
        responses: { '200': answer('State', health), default: failed },
      },
    },
    '/api/openapi.json': {
      get: {
        operationId: 'openapi',
        tags,
        summary: 'This document, as far as the caller may use what it describes',
        responses: { '200': answer('OpenAPI 3.1', { type: 'object' }), default: failed },
      },
    },
    ...(has('objects', 'attachments') ? attachmentPaths : {}),
    ...(has('imports', 'status') ? importPaths : {}),
    ...(has('imports', 'list') || has('objects', 'find') ? exportPaths : {}),
    ...(has('reporting', 'export') ? reportPaths : {}),
  };
}

const credentials = {
  type: 'object',
  required: ['user', 'password'],
  properties: { user: text, password: text },
  additionalProperties: false,
};

const me = answer('Who is signed in', ref('Me'));

const sessionPaths: Paths = {
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
};

const health = {
  type: 'object',
  required: ['status', 'active', 'of'],
  properties: {
    status: { enum: ['ok', 'degraded'] },
    active: { type: 'integer' },
    of: { type: 'integer' },
    waiting: {
      type: 'array',
      description: 'For administrators: who does not serve, and why',
      items: {
        type: 'object',
        required: ['name', 'state', 'reason'],
        properties: { name: text, state: text, reason: { type: ['string', 'null'] } },
      },
    },
  },
  additionalProperties: false,
};

const file = {
  'application/octet-stream': { schema: { type: 'string', contentMediaType: 'application/octet-stream' } },
};
const files = { description: 'The file, as an attachment', content: { '*/*': {} } };

const importPaths: Paths = {
  '/api/imports/{object}': {
    post: {
      operationId: 'import',
      tags: ['imports'],
      summary: 'Takes a file of records in; `imports.*` map, try, run and undo it',
      parameters: [
        parameter('object', 'path', 'Name of the business object'),
        parameter('file', 'query', 'Name of the file, whose ending tells the format', text, true),
        parameter('format', 'query', 'Instead of the ending', { enum: ['csv', 'xlsx', 'json'] }),
      ],
      requestBody: { required: true, content: file },
      responses: { '202': answer('The import', ref('imports.status.output')), default: failed },
    },
  },
  '/api/imports/{import}/rows.csv': {
    get: {
      operationId: 'importRows',
      tags: ['imports'],
      summary: 'Rows of an import as they came, with what is said of them',
      parameters: [
        parameter('import', 'path', 'Id of the import'),
        parameter('states', 'query', 'States of rows separated by commas, as `faulty,refused`; all unless told'),
      ],
      responses: { '200': files, default: failed },
    },
  },
};

const record = [
  parameter('object', 'path', 'Name of the business object'),
  parameter('key', 'path', 'Encoded key of the record'),
];
const attachmentPaths: Paths = {
  '/api/attachments/{object}/{key}': {
    parameters: record,
    post: {
      operationId: 'attach',
      tags: ['objects'],
      summary: 'Attaches a file to a record; `objects.attachments` lists, `objects.detach` removes',
      parameters: [parameter('name', 'query', 'Name of the file', text, true)],
      requestBody: { required: true, content: { '*/*': {} } },
      responses: {
        '201': answer('The file', {
          type: 'object',
          required: ['id', 'name', 'type', 'size'],
          properties: { id: text, name: text, type: text, size: { type: 'integer' } },
        }),
        '413': answer('Larger than the object takes', ref('Error')),
        '415': answer('Of a type that the object does not take', ref('Error')),
        default: failed,
      },
    },
  },
  '/api/attachments/{object}/{key}/{attachment}': {
    parameters: record,
    get: {
      operationId: 'attachment',
      tags: ['objects'],
      summary: 'A file of a record',
      parameters: [parameter('attachment', 'path', 'Its id')],
      responses: { '200': files, default: failed },
    },
  },
};

const exportPaths: Paths = {
  '/api/exports/{file}': {
    get: {
      operationId: 'export',
      tags: ['objects'],
      summary: 'What the caller may see of an object, as a file',
      parameters: [
        parameter('file', 'path', 'Object and format: `Customer.csv`, `.xlsx` or `.json`'),
        parameter('columns', 'query', 'Attributes separated by commas; all unless told'),
        parameter('where', 'query', 'Condition over the attributes'),
        parameter('search', 'query', 'Free text'),
        parameter('sort', 'query', 'Attributes separated by commas; a leading minus sorts descending'),
      ],
      responses: { '200': files, default: failed },
    },
  },
};

const reportPaths: Paths = {
  '/api/reports/{file}': {
    get: {
      operationId: 'report',
      tags: ['reporting'],
      summary: 'A report as a file',
      parameters: [
        parameter('file', 'path', 'Report and format: `incoming-contacts.csv` or `.xlsx`'),
        parameter('from', 'query', 'First local date'),
        parameter('to', 'query', 'Local date, exclusive'),
        parameter('every', 'query', 'Length of a bucket', { enum: ['15m', '1h', '1d', '1w', '1mo'] }),
      ],
      responses: { '200': files, default: failed },
    },
  },
};
