import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Browser } from './served.js';

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  schema: object;
}

interface Operation {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { required: boolean; content: Record<string, { schema: object }> };
  responses: Record<string, Response>;
}

interface Response {
  $ref?: string;
  content?: Record<string, { schema: object }>;
}

interface Document {
  paths: Record<string, Record<string, Operation> & { parameters?: Parameter[] }>;
  components: { responses: Record<string, Response> };
}

interface Given {
  path?: Record<string, string>;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: unknown;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/**
 * Sends requests as an OpenAPI document describes them, knowing nothing else, and throws where request or answer is not as described.
 */
export class DescribedClient {
  /** Operations that were called. */
  readonly used = new Set<string>();
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });
  readonly #compiled = new Map<object, ValidateFunction>();

  private constructor(
    readonly browser: Browser,
    private readonly document: Document,
  ) {
    formats.default(this.#ajv);
    this.#ajv.addSchema(document, 'document');
  }

  static async of(browser: Browser): Promise<DescribedClient> {
    return new DescribedClient(browser, (await (await browser.fetch('/api/openapi.json')).json()) as Document);
  }

  operations(): string[] {
    return Object.values(this.document.paths).flatMap((item) =>
      METHODS.flatMap((method) => item[method]?.operationId ?? []),
    );
  }

  /** Whether the body of a request is as described. */
  accepts(operationId: string, body: unknown): boolean {
    const { operation } = this.#find(operationId);
    const schema = operation.requestBody?.content['application/json']?.schema;
    return schema !== undefined && this.#validator(schema)(body);
  }

  async call(operationId: string, given: Given = {}): Promise<{ status: number; headers: Headers; body: unknown }> {
    const { path, method, operation, parameters } = this.#find(operationId);
    const { path: parts = {}, query = {}, headers = {} } = given;
    const byPlace = { path: parts, query, header: headers };
    for (const [place, values] of Object.entries(byPlace)) {
      const known = parameters.filter((each) => each.in === place);
      const unknown = Object.keys(values).filter((name) => !known.some((each) => each.name === name));
      const missing = known.filter((each) => each.required && values[each.name] === undefined);
      if (unknown.length + missing.length > 0)
        throw new Error(
          `${operationId}: ${place} parameters ${unknown} unknown, ${missing.map(({ name }) => name)} missing`,
        );
    }
    if (given.body !== undefined && !this.accepts(operationId, given.body))
      throw new Error(`${operationId}: the body is not as described: ${JSON.stringify(given.body)}`);
    const address = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts[name] ?? ''));
    const search = new URLSearchParams(query).toString();
    const answer = await this.browser.fetch(search === '' ? address : `${address}?${search}`, {
      method: method.toUpperCase(),
      headers: { ...headers, ...(given.body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
    });
    this.used.add(operationId);
    const text = await answer.text();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    this.#checkAnswer(operation, answer.status, body);
    return { status: answer.status, headers: answer.headers, body };
  }

  #checkAnswer({ operationId, responses }: Operation, status: number, body: unknown): void {
    const described = responses[status] ?? (status >= 400 ? responses['default'] : undefined);
    if (described === undefined) throw new Error(`${operationId}: ${status} is not described: ${JSON.stringify(body)}`);
    const { content } = described.$ref === undefined ? described : this.#response(described.$ref);
    const schema = content?.['application/json']?.schema;
    if (schema === undefined) {
      if (body !== undefined) throw new Error(`${operationId}: ${status} has a body that is not described`);
      return;
    }
    const validate = this.#validator(schema);
    if (!validate(body))
      throw new Error(
        `${operationId}: ${status} is not as described: ${this.#ajv.errorsText(validate.errors)} in ${JSON.stringify(body)}`,
      );
  }

  #response(reference: string): Response {
    return this.document.components.responses[reference.split('/').at(-1) ?? ''] ?? {};
  }

  /** References of a schema lead into the document, which is known to the validator as a whole. */
  #validator(schema: object): ValidateFunction {
    let made = this.#compiled.get(schema);
    if (made === undefined) {
      const whole = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')) as object;
      made = this.#ajv.compile(whole);
      this.#compiled.set(schema, made);
    }
    return made;
  }

  #find(operationId: string) {
    for (const [path, item] of Object.entries(this.document.paths)) {
      for (const method of METHODS) {
        const operation = item[method];
        if (operation?.operationId === operationId)
          return { path, method, operation, parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])] };
      }
    }
    throw new Error(`${operationId} is not described; there are ${this.operations().join(', ')}`);
  }
}
