import { CarusoError } from '../caruso-error.js';
import type { Clock } from '../clock.js';
import { callCancelled, callTimedOut } from '../errors.js';
import type { OutgoingCall } from '../links.js';
import { RunningCall } from '../running-call.js';
import { callTooLarge, nodeLost, nodeUnreachable, notPlainData, TOKEN_UNKNOWN } from './errors.js';
import { decodeAnswer, encodeCall } from './frame.js';
import type { Peer } from './peers.js';
import { notPlain } from './plain-data.js';
import type { PrincipalTokens } from './principal-token.js';
import type { Subjects } from './subjects.js';
import type { Wire } from './wire.js';

/** How many tokens of a peer are remembered as sent. */
const MOST_TOKENS = 2_000;

/** A call on its way. */
interface Pending {
  number: number;
  peer: Peer;
  method: string;
  /** Undefined for the question whether the peer is there. */
  request: OutgoingCall | undefined;
  resolve: (value: unknown) => void;
  reject: (reason: unknown) => void;
  /** Stops listening to the caller's signal. */
  release: (() => void) | undefined;
}

interface Surroundings {
  wire: Wire;
  subjects: Subjects;
  tokens: PrincipalTokens;
  clock: Clock;
  /** Of this node. */
  run: () => string;
  /** Answers come to `<inbox>.<number>`, all in one subscription. */
  inbox: string;
  /** Nobody listens where the peer should: it is gone. */
  onUnheard: (peer: Peer) => void;
}

/** The calls this node has sent to others, by the number that their answers come back under. */
export class OutgoingCalls {
  readonly #pending = new Map<number, Pending>();
  readonly #callSubjects = new WeakMap<Peer, string>();
  readonly #knownTokens = new WeakMap<Peer, Set<string>>();
  #number = 0;
  #idle: (() => void)[] = [];

  constructor(private readonly around: Surroundings) {}

  get inFlight(): number {
    return this.#pending.size;
  }

  /** See {@link RemoteProvider.send}. */
  send(peer: Peer, request: OutgoingCall): Promise<unknown> {
    const { provider, contract, method, input, call } = request;
    const full = `${contract}.${method}`;
    const { wire, clock } = this.around;
    return new Promise((resolve, reject) => {
      if (!wire.connected) throw nodeUnreachable(full, peer.node, 'there is no connection to NATS');
      const running = call instanceof RunningCall ? call : undefined;
      // Asking a running call for its signal makes one.
      const signal = running === undefined ? call.signal : undefined;
      if (signal?.aborted === true) throw callCancelled(full, signal.reason);
      const { deadline } = call;
      if (deadline !== undefined && deadline <= clock.now()) throw callTimedOut(full, provider);
      const unfit = notPlain(input);
      if (unfit !== undefined) throw notPlainData(full, 'input', unfit);
      const number = ++this.#number;
      const pending: Pending = { number, peer, method: full, request, resolve, reject, release: undefined };
      this.#transmit(pending, request);
      if (running !== undefined) {
        running.onGivenUp = (reason) => this.#withdraw(pending, reason);
      } else if (signal !== undefined) {
        const onAbort = (): void => this.#withdraw(pending, callCancelled(full, signal.reason));
        signal.addEventListener('abort', onAbort, { once: true });
        pending.release = () => signal.removeEventListener('abort', onAbort);
      }
    });
  }

  /** Whether a run of a node still listens. */
  async listens(peer: Peer): Promise<boolean> {
    const { wire, subjects, inbox } = this.around;
    return new Promise((resolve) => {
      if (!wire.connected) return resolve(true);
      const number = ++this.#number;
      const given = (answer: boolean) => () => resolve(answer);
      this.#pending.set(number, {
        number,
        peer,
        method: 'the question whether it is there',
        request: undefined,
        resolve: given(true),
        reject: given(false),
        release: undefined,
      });
      wire.publish(subjects.probe(peer.node, peer.run), Buffer.alloc(0), `${inbox}.${number}`);
    });
  }

  /** Takes in an answer. One that comes too late finds nobody waiting. */
  receive(subject: string, text: string): void {
    const pending = this.#take(subject);
    if (pending === undefined) return;
    try {
      pending.resolve(decodeAnswer(text));
    } catch (error) {
      if (pending.request !== undefined && codeOf(error) === TOKEN_UNKNOWN) this.#sendAgain(pending, pending.request);
      else pending.reject(error);
    }
  }

  /** The server says that nobody listens where a call was sent: it was surely not delivered, and those sent before it are lost. */
  unheard(subject: string): void {
    const pending = this.#take(subject);
    if (pending === undefined) return;
    const { peer, method, number } = pending;
    pending.reject(nodeUnreachable(method, peer.node, 'it has left'));
    this.lost(peer, 'it has left', number);
    this.around.onUnheard(peer);
  }

  /** Gives up what was sent to a peer. @param before only calls sent before the one of this number */
  lost(peer: Peer, why: string, before = Number.POSITIVE_INFINITY): void {
    for (const pending of this.#pending.values()) {
      if (pending.peer !== peer || pending.number >= before) continue;
      this.#remove(pending);
      pending.reject(nodeLost(pending.method, peer.node, why));
    }
  }

  lostAll(why: string): void {
    for (const peer of new Set([...this.#pending.values()].map((pending) => pending.peer))) this.lost(peer, why);
  }

  /** Gives up what nobody waits for any more: calls whose deadline passed without an answer. */
  sweep(): void {
    const now = this.around.clock.now();
    for (const pending of this.#pending.values()) {
      const deadline = pending.request?.call.deadline;
      if (deadline === undefined || deadline > now) continue;
      this.#withdraw(pending, callTimedOut(pending.method, pending.peer.node));
    }
  }

  /** Resolves when every call sent is answered or given up. */
  async idle(): Promise<void> {
    if (this.#pending.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Throws CALL_TOO_LARGE. */
  #transmit(pending: Pending, { provider, contract, method, input, call, ancestors }: OutgoingCall): void {
    const { wire, tokens, clock, run, inbox } = this.around;
    const { peer, number } = pending;
    const now = clock.now();
    const { token, signature } = tokens.issue(call.principal, now);
    const known = this.#tokensOf(peer);
    const head = {
      id: call.id,
      timeout: call.deadline === undefined ? undefined : call.deadline - now,
      provider,
      contract,
      method,
      signature,
      token: known.has(signature) ? undefined : token,
      from: run(),
      ancestors,
      trace: call.trace,
    };
    const payload = Buffer.from(encodeCall(head, input === undefined ? undefined : JSON.stringify(input)));
    if (payload.length > wire.limit) throw callTooLarge(pending.method, 'call', payload.length, wire.limit);
    if (known.size >= MOST_TOKENS) known.clear();
    known.add(signature);
    wire.publish(this.#subjectOf(peer), payload, `${inbox}.${number}`);
    this.#pending.set(number, pending);
  }

  /** The other end has forgotten a token: it has not begun with the call. */
  #sendAgain(pending: Pending, request: OutgoingCall): void {
    this.#tokensOf(pending.peer).clear();
    try {
      this.#transmit(pending, request);
    } catch (error) {
      pending.reject(error);
    }
  }

  /** Signatures of the tokens that were sent to a peer. */
  #tokensOf(peer: Peer): Set<string> {
    let known = this.#knownTokens.get(peer);
    if (known === undefined) {
      known = new Set();
      this.#knownTokens.set(peer, known);
    }
    return known;
  }

  #subjectOf(peer: Peer): string {
    let subject = this.#callSubjects.get(peer);
    if (subject === undefined) {
      subject = this.around.subjects.call(peer.node, peer.run);
      this.#callSubjects.set(peer, subject);
    }
    return subject;
  }

  #withdraw(pending: Pending, error: Error): void {
    this.#remove(pending);
    pending.reject(error);
    const { wire, subjects, inbox } = this.around;
    const { node, run } = pending.peer;
    if (wire.connected) wire.publish(subjects.cancel(node, run), Buffer.from(`${inbox}.${pending.number}`));
  }

  #take(subject: string): Pending | undefined {
    const pending = this.#pending.get(Number(subject.slice(this.around.inbox.length + 1)));
    if (pending !== undefined) this.#remove(pending);
    return pending;
  }

  #remove(pending: Pending): void {
    this.#pending.delete(pending.number);
    pending.release?.();
    if (this.#pending.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof CarusoError ? error.code : undefined;
}
