/** A person, or a visitor, at the HTTP interface: keeps the cookies of a browser. */
export class ApiClient {
  readonly #base: string;
  readonly #cookies = new Map<string, string>();

  constructor(base: string) {
    this.#base = base;
  }

  static async signedIn(base: string, user: string, password: string): Promise<ApiClient> {
    const client = new ApiClient(base);
    const answer = await client.fetch('POST', '/api/sign-in', { user, password });
    if (answer.status !== 200) throw new Error(`sign-in of ${user} answered ${answer.status}: ${await answer.text()}`);
    return client;
  }

  async fetch(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const response = await fetch(this.#base + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.#cookies.size === 0
          ? {}
          : { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const split = pair.indexOf('=');
      this.#cookies.set(pair.slice(0, split), pair.slice(split + 1));
    }
    return response;
  }

  /** The body of an answer that must be a success. */
  async json<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const response = await this.fetch(method, path, body, headers);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return JSON.parse(text) as T;
  }

  /** Calls a method of a service: `call('communication.desktop')`. */
  call<T = Record<string, unknown>>(method: string, input: unknown = {}): Promise<T> {
    return this.json<T>('POST', `/api/call/${method.replace('.', '/')}`, input);
  }

  get cookieHeader(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }
}
