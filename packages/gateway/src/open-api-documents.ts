import type { BusinessObjects } from '@caruso/business-objects/contract';
import type { Client, ErrorInfo, Services } from '@caruso/service-manager/contract';
import type { FastifyRequest } from 'fastify';
import type { Caller } from './caller.js';
import type { Calls } from './calls.js';
import { openApi } from './open-api.js';

type Described = Awaited<ReturnType<Client<typeof BusinessObjects>['describe']>>;

const KEPT = 50;

/** The API as each set of roles sees it, made once for each state of model and services. */
export class OpenApiDocuments {
  readonly #texts = new Map<string, string>();
  #stamp = '';

  constructor(
    private readonly services: Services,
    private readonly calls: Calls,
    private readonly modelVersion: () => number,
  ) {}

  /** As JSON text. */
  async of(caller: Caller, request: FastifyRequest): Promise<string> {
    const methods = this.services.methods();
    const stamp = `${this.modelVersion()} ${methods.map(({ contract, version }) => `${contract}@${version}`).join(' ')}`;
    if (stamp !== this.#stamp) {
      this.#texts.clear();
      this.#stamp = stamp;
    }
    const { principal } = caller;
    const key = JSON.stringify([principal.kind, [...principal.roles].sort()]);
    const known = this.#texts.get(key);
    if (known !== undefined) return known;
    const own = methods.filter(({ contract, method }) => this.#may(`${contract}.${method}`, caller));
    const objects = await this.#objects(caller, request);
    const text = JSON.stringify(openApi(own, objects ?? []));
    // What lacks the model for a moment is not kept.
    if (objects !== undefined && stamp === this.#stamp) this.#texts.set(key, text);
    const [oldest] = this.#texts.keys();
    if (this.#texts.size > KEPT && oldest !== undefined) this.#texts.delete(oldest);
    return text;
  }

  async #objects(caller: Caller, request: FastifyRequest): Promise<Described['objects'] | undefined> {
    try {
      return ((await this.calls.call(caller, request, 'objects.describe', {})) as Described).objects;
    } catch (error) {
      const { code } = error as Partial<ErrorInfo>;
      if (code === 'SERVICE_UNAVAILABLE' || code === 'METHOD_UNKNOWN' || code === 'ACCESS_DENIED') return undefined;
      throw error;
    }
  }

  #may(method: string, { principal }: Caller): boolean {
    try {
      this.services.authorize(method, principal);
      return true;
    } catch {
      return false;
    }
  }
}
