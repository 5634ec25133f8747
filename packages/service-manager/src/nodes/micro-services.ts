import { type Service, Svcm } from '@nats-io/services';
import type { NatsConnection } from '@nats-io/transport-node';
import { compare } from 'semver';
import type { Principal } from '../call.js';
import type { Clock, Ids } from '../clock.js';
import { outputInvalid } from '../errors.js';
import { serves } from '../life-cycle.js';
import type { IncomingCall, OfferedProvider } from '../links.js';
import type { MethodDescription, Services } from '../services.js';
import { callMalformed } from './errors.js';
import { errorText } from './frame.js';
import { answerText, infoOf } from './incoming-calls.js';
import type { PrincipalTokens } from './principal-token.js';
import { legalToken, majorOf, type Subjects } from './subjects.js';

/** How long a call of a program may take, in milliseconds; it may ask for less. */
const TIMEOUT = 30_000;

/** Headers a program may send along. */
const Headers = { principal: 'Caruso-Principal', timeout: 'Caruso-Timeout', trace: 'traceparent' } as const;

const visitor: Principal = { kind: 'visitor', id: 'nats', name: 'a program on NATS', roles: [] };

interface Surroundings {
  subjects: Subjects;
  tokens: PrincipalTokens;
  clock: Clock;
  ids: Ids;
  services: Services;
  node: string;
  house: string;
  offered: () => OfferedProvider[];
  answer: (incoming: IncomingCall) => Promise<unknown>;
  /** What one message may hold, in bytes. */
  limit: () => number;
}

/** A contract as it is listed. */
interface Listed {
  contract: string;
  version: string;
  methods: MethodDescription[];
}

/** What a message of NATS is here; the libraries of the connection and of its services each have their own type. */
interface Request {
  data: Uint8Array;
  headers?: { get(key: string): string } | undefined;
  string(): string;
  respond(data?: string): boolean;
  respondError(code: number, description: string, data?: string): boolean;
}

/**
 * Lists the contracts of this node by the micro-service protocol of NATS and answers programs that are no nodes. They act as visitors
 * without roles, so that only methods with `allow: public` answer, unless they send a principal's token.
 */
export class MicroServices {
  readonly #running = new Map<string, Service>();
  #update: Promise<void> = Promise.resolve();

  constructor(private readonly around: Surroundings) {}

  /** Brings what is listed on `connection` in line with what is offered. */
  async refresh(connection: NatsConnection): Promise<void> {
    // One after the other: a contract that changes twice at once must not be listed twice.
    this.#update = this.#update.then(() => this.#refresh(connection)).catch(() => undefined);
    await this.#update;
  }

  async #refresh(connection: NatsConnection): Promise<void> {
    const wanted = new Map(this.#wanted().map((each) => [`${each.contract} ${each.version}`, each]));
    for (const [key, service] of this.#running) {
      if (wanted.has(key) && !service.isStopped) continue;
      this.#running.delete(key);
      await service.stop();
    }
    for (const [key, listed] of wanted) {
      if (connection.isClosed() || this.#running.has(key)) continue;
      this.#running.set(key, await this.#list(connection, listed));
    }
  }

  async stop(): Promise<void> {
    await this.#update;
    for (const service of this.#running.values()) await service.stop();
    this.#running.clear();
  }

  /** The highest version of each major one. */
  #wanted(): Listed[] {
    const best = new Map<string, { contract: string; version: string }>();
    for (const provider of this.around.offered()) {
      if (!serves(provider.state)) continue;
      for (const offer of provider.offers) {
        const key = `${offer.contract} ${majorOf(offer.version)}`;
        const known = best.get(key);
        if (known === undefined || compare(offer.version, known.version) > 0) best.set(key, offer);
      }
    }
    const methods = this.around.services.methods();
    return [...best.values()].map((offer) => ({
      ...offer,
      methods: methods.filter((each) => each.contract === offer.contract),
    }));
  }

  async #list(connection: NatsConnection, { contract, version, methods }: Listed): Promise<Service> {
    const { subjects, node, house } = this.around;
    const service = await new Svcm(connection as never).add({
      name: legalToken(contract),
      version,
      description: `${contract} of ${house}`,
      metadata: { node, house, contract },
      statsHandler: () => Promise.resolve(this.#figures(contract)),
    });
    for (const spec of methods) {
      service.addEndpoint(legalToken(spec.method), {
        subject: subjects.method(contract, version, spec.method),
        queue: `v${majorOf(version)}`,
        metadata: { summary: spec.summary, idempotent: String(spec.idempotent), allow: spec.allow.join(',') },
        handler: (error, message) => {
          if (error === null) void this.#answer(spec, message);
        },
      });
    }
    return service;
  }

  /** Of the providers behind the contract on this node: calls of all its methods, from wherever. */
  #figures(contract: string): unknown {
    const behind = this.around.offered().filter((p) => p.offers.some((offer) => offer.contract === contract));
    return behind.map(({ name, version, state, calls }) => ({ provider: name, version, state, calls }));
  }

  async #answer({ contract, method, output }: MethodDescription, request: Request): Promise<void> {
    const full = `${contract}.${method}`;
    try {
      const { tokens, clock, ids, services, answer, limit } = this.around;
      const token = request.headers?.get(Headers.principal) ?? '';
      const principal = token === '' ? visitor : tokens.verify(token, `The caller of ${full}`, clock.now());
      services.authorize(full, principal);
      const wanted = Number(request.headers?.get(Headers.timeout) ?? '');
      const timeout = Number.isFinite(wanted) && wanted > 0 ? Math.min(wanted, TIMEOUT) : TIMEOUT;
      const trace = request.headers?.get(Headers.trace) || undefined;
      const input = inputOf(request);
      const given = await answer({ contract, method, input, id: ids.next(), principal, timeout, trace });
      // A node that calls parses the answer itself; to others nothing goes that the contract does not name.
      const answered = output.safeParse(given);
      if (!answered.success) throw outputInvalid(full, contract, answered.error);
      request.respond(answerText(full, answered.data, limit()) ?? '');
    } catch (error) {
      const info = infoOf(error, full, contract);
      request.respondError(info.status ?? 500, info.message.replaceAll(/[\r\n]+/g, ' '), errorText(info));
    }
  }
}

function inputOf(request: Request): unknown {
  if (request.data.length === 0) return {};
  try {
    return JSON.parse(request.string()) as unknown;
  } catch {
    throw callMalformed('it is not JSON');
  }
}
