import { CarusoError, Tokens } from '@caruso/service-manager/contract';
import { inject, injectable } from 'inversify';
import { ParseOption, XmlDocument, XmlElement } from 'libxml2-wasm';
import { z } from 'zod';

export const ErpConfig = z.strictObject({
  url: z.url(),
  user: z.string().optional(),
  password: z.string().optional(),
  /** Milliseconds from one look at its health to the next. */
  probeEvery: z.number().int().min(1_000).default(10_000),
  /** An answer longer than this is not taken in, in bytes. */
  largestAnswer: z.number().int().positive().default(1_000_000),
});
export type ErpConfig = z.output<typeof ErpConfig>;

const NAMESPACE = 'urn:field-service:v1';
const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';
/** Nothing outside the answer is read: no DTD, no entities, no network. */
const closed =
  ParseOption.XML_PARSE_NO_XXE |
  ParseOption.XML_PARSE_NONET |
  ParseOption.XML_PARSE_NO_SYS_CATALOG |
  ParseOption.XML_PARSE_BIG_LINES;

/** Speaks SOAP 1.1 with the ERP: one operation a request, answers and faults as plain data. */
@injectable()
export class ErpSoap {
  constructor(@inject(Tokens.config) private readonly config: ErpConfig) {}

  /**
   * Calls an operation. Throws ERP_UNREACHABLE, ERP_ANSWER_INVALID, ERP_FAULT or ERP_UNKNOWN.
   *
   * @param signal aborts the request when nobody waits any more
   */
  async ask<S extends z.ZodType>(
    operation: string,
    parameters: Readonly<Record<string, string>>,
    answer: S,
    signal: AbortSignal | undefined,
  ): Promise<z.output<S>> {
    const text = await this.#post(operation, envelope(operation, parameters), signal);
    const said = this.#read(operation, text);
    const parsed = answer.safeParse(said);
    if (parsed.success) return parsed.data;
    const places = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    throw this.#invalid(operation, `not as agreed (${places})`);
  }

  async #post(operation: string, body: string, signal: AbortSignal | undefined): Promise<string> {
    const { url, user, password } = this.config;
    const headers: Record<string, string> = { 'content-type': 'text/xml; charset=utf-8', soapaction: `"${operation}"` };
    if (user !== undefined) headers['authorization'] = `Basic ${btoa(`${user}:${password ?? ''}`)}`;
    try {
      // A redirection is refused below, not by 'error': then Node 20's fetch forgets the signal once it collects garbage.
      const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: signal ?? null });
      const text = await this.#textOf(operation, response);
      // SOAP sends faults with status 400 or 500, so that only what is no XML is an error of HTTP.
      const isXml = (response.headers.get('content-type') ?? '').includes('xml');
      if (response.ok || (response.status >= 400 && isXml)) return text;
      throw this.#invalid(operation, `HTTP ${response.status}`);
    } catch (cause) {
      if (cause instanceof CarusoError) throw cause;
      throw new CarusoError({
        code: 'ERP_UNREACHABLE',
        message: `The ERP at ${url} does not answer ${operation}`,
        remedy: 'see whether it runs and can be reached from here; calls go on by themselves once it does',
        status: 503,
        cause,
      });
    }
  }

  async #textOf(operation: string, response: Response): Promise<string> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    // Leaving the loop closes the connection: what is too long is not even received.
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > this.config.largestAnswer)
        throw this.#invalid(operation, `longer than ${this.config.largestAnswer} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  #read(operation: string, text: string): unknown {
    let document: XmlDocument;
    try {
      document = XmlDocument.fromString(text, { option: closed });
    } catch {
      throw this.#invalid(operation, 'no XML');
    }
    try {
      const fault = document.get('/e:Envelope/e:Body/e:Fault', { e: ENVELOPE });
      if (fault instanceof XmlElement) throw this.#fault(operation, fieldsOf(fault));
      const xpath = `/e:Envelope/e:Body/f:${operation}Response`;
      const element = document.get(xpath, { e: ENVELOPE, f: NAMESPACE });
      if (element instanceof XmlElement) return fieldsOf(element);
      throw this.#invalid(operation, 'of another kind');
    } finally {
      // Memory of libxml2 is not collected with our own.
      document.dispose();
    }
  }

  #invalid(operation: string, what: string): CarusoError {
    return new CarusoError({
      code: 'ERP_ANSWER_INVALID',
      message: `The ERP at ${this.config.url} answered ${operation} with something that is ${what}`,
      remedy: 'ask those who run the ERP what has changed; its log tells more',
      status: 502,
    });
  }

  #fault(operation: string, fault: unknown): CarusoError {
    const { faultcode, faultstring } = z
      .object({ faultcode: z.string().catch('?'), faultstring: z.string().catch('') })
      .catch({ faultcode: '?', faultstring: '' })
      .parse(fault);
    // E404 is the ERP's word for what it does not have; everything else is its own trouble.
    const unknown = faultstring.startsWith('E404');
    return new CarusoError({
      code: unknown ? 'ERP_UNKNOWN' : 'ERP_FAULT',
      message: `The ERP refused ${operation}: ${faultstring || faultcode}`,
      remedy: unknown ? 'check the number' : 'its log tells more',
      status: unknown ? 404 : 502,
    });
  }
}

function envelope(operation: string, parameters: Readonly<Record<string, string>>): string {
  const fields = Object.entries(parameters).map(([name, value]) => `<${name}>${escaped(value)}</${name}>`);
  return `<?xml version="1.0" encoding="utf-8"?><e:Envelope xmlns:e="${ENVELOPE}"><e:Body><${operation} xmlns="${NAMESPACE}">${fields.join('')}</${operation}></e:Body></e:Envelope>`;
}

const escapes: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' };

function escaped(value: string): string {
  // Characters that XML cannot hold at all become blanks: agents paste from anywhere.
  const possible = value.replaceAll(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, ' ');
  return possible.replaceAll(/[<>&"]/g, (character) => escapes[character] ?? character);
}

/** An element's elements by name, several of a name as a list. */
function fieldsOf(element: XmlElement): Record<string, unknown> {
  const fields = new Map<string, unknown[]>();
  for (let child = element.firstChild; child !== null; child = child.next) {
    if (child instanceof XmlElement) fields.set(child.name, [...(fields.get(child.name) ?? []), valueOf(child)]);
  }
  return Object.fromEntries([...fields].map(([name, values]) => [name, values.length === 1 ? values[0] : values]));
}

/** What an element says: its elements, or its text where it has none. */
function valueOf(element: XmlElement): unknown {
  const fields = fieldsOf(element);
  return Object.keys(fields).length === 0 ? element.content : fields;
}
