import { CarusoError } from '../caruso-error.js';
import type { Clock } from '../clock.js';
import { callCancelled, callTimedOut } from '../errors.js';
import type { Outcome, OutgoingCall } from '../links.js';
import { RunningCall } from '../running-call.js';
import { CallParcel, PendingCall } from './call-parcel.js';
import { callTooLarge, nodeLost, nodeUnreachable, notPlainData, TOKEN_UNKNOWN } from './errors.js';
import { callPlace, decodeAnswer, decodeAnswers, readPlace } from './frame.js';
import type { Peer } from './peers.js';
import { notPlain } from './plain-data.js';
import type { PrincipalTokens } from './principal-token.js';
import type { Subjects } from './subjects.js';
import type { Wire } from './wire.js';

/** How many tokens of a peer are remembered as sent. */
const MOST_TOKENS = 2_000;

/** Where all answers arrive, below the inbox; what arrives under the number of a parcel concerns the whole of it. */
export const ANSWERS = 'answers';

interface Surroundings {
  wire: Wire;
  subjects: Subjects;
  tokens: PrincipalTokens;
  clock: Clock;
  /** Of this node. */
  run: () => string;
  /** Answers come to what is below it, all in one subscription. */
  inbox: string;
  /** Nobody listens where the peer should: it is gone. */
  onUnheard: (peer: Peer) => void;
}

/** What is known of the way to one peer. */
interface Way {
  subject: string;
  /** Signatures of the tokens that were sent there. */
  tokens: Set<string>;
  /** Takes the calls of this turn; sealed when it leaves or is full. */
  open: CallParcel | undefined;
}

/** The calls this node has sent to others, by the parcels that they were sent in. */
export class OutgoingCalls {
  readonly #parcels = new Map<number, CallParcel>();
  readonly #probes = new Map<number, (there: boolean) => void>();
  readonly #ways = new WeakMap<Peer, Way>();
  #number = 0;
  #leaving: CallParcel[] = [];
  #idle: (() => void)[] = [];

  constructor(private readonly around: Surroundings) {}

  get inFlight(): number {
    let calls = 0;
    for (const parcel of this.#parcels.values()) calls += parcel.waiting;
    return calls;
  }

  /** See {@link RemoteProvider.send}. */
  send(peer: Peer, request: OutgoingCall, outcome: Outcome): void {
    const { provider, contract, input, call } = request;
    const method = `${contract}.${request.method}`;
    const { wire, clock } = this.around;
    if (!wire.connected) throw nodeUnreachable(method, peer.node, 'there is no connection to NATS');
    const running = call instanceof RunningCall ? call : undefined;
    // Asking a running call for its signal makes one.
    const signal = running === undefined ? call.signal : undefined;
    if (signal?.aborted === true) throw callCancelled(method, signal.reason);
    const { deadline } = call;
    if (deadline !== undefined && deadline <= clock.now()) throw callTimedOut(method, provider);
    const unfit = notPlain(input);
    if (unfit !== undefined) throw notPlainData(method, 'input', unfit);
    const pending = new PendingCall(peer, method, request, outcome, this.#withdraw);
    this.#enqueue(pending);
    if (running !== undefined) running.carrier = pending;
    else if (signal !== undefined) follow(signal, pending);
  }

  /** Whether a run of a node still listens. */
  async listens(peer: Peer): Promise<boolean> {
    const { wire, subjects, inbox } = this.around;
    if (!wire.connected) return true;
    return new Promise((resolve) => {
      const number = ++this.#number;
      this.#probes.set(number, resolve);
      wire.publish(subjects.probe(peer.node, peer.run), Buffer.alloc(0), `${inbox}.${number}`);
    });
  }

  /** Takes in what came to the inbox. An answer that comes too late finds nobody waiting. */
  receive(subject: string, text: string): void {
    const below = this.#belowInbox(subject);
    if (below === ANSWERS) decodeAnswers(text, this.#answered);
    else this.#probed(Number(below), true);
  }

  /** The server says that nobody listens where a parcel was sent: it was surely not delivered, and those sent before it are lost. */
  unheard(subject: string): void {
    const number = Number(this.#belowInbox(subject));
    this.#probed(number, false);
    const parcel = this.#parcels.get(number);
    if (parcel === undefined) return;
    const { peer } = parcel;
    // First of all, so that what is tried again at once is not tried there.
    this.around.onUnheard(peer);
    this.#giveUp(parcel, ({ method }) => nodeUnreachable(method, peer.node, 'it has left'));
    this.lost(peer, 'it has left', number);
  }

  /**
   * Gives up what was sent to a peer until now.
   *
   * @param before only what was sent in parcels before the one of this number
   */
  lost(peer: Peer, why: string, before = this.#number + 1): void {
    for (const parcel of this.#parcels.values()) {
      if (parcel.peer !== peer || parcel.number >= before) continue;
      this.#giveUp(parcel, ({ method }) =>
        parcel.left ? nodeLost(method, peer.node, why) : nodeUnreachable(method, peer.node, why),
      );
    }
  }

  lostAll(why: string): void {
    for (const peer of new Set([...this.#parcels.values()].map((parcel) => parcel.peer))) this.lost(peer, why);
    for (const number of this.#probes.keys()) this.#probed(number, false);
  }

  /** Gives up what nobody waits for any more: calls whose deadline passed without an answer. */
  sweep(): void {
    const now = this.around.clock.now();
    for (const parcel of this.#parcels.values()) {
      for (const pending of parcel.calls()) {
        const { deadline } = pending.request.call;
        if (deadline === undefined || deadline > now) continue;
        this.#withdraw(pending, callTimedOut(pending.method, pending.peer.node));
      }
    }
  }

  /** Resolves when every call sent is answered or given up. */
  async idle(): Promise<void> {
    if (this.#parcels.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Throws CALL_TOO_LARGE. */
  #enqueue(pending: PendingCall): void {
    const { wire, tokens, clock } = this.around;
    const { peer, request } = pending;
    const { call, provider, contract, method, input, ancestors } = request;
    const { id, deadline, trace, principal } = call;
    const way = this.#wayTo(peer);
    const now = clock.now();
    const timeout = deadline === undefined ? undefined : deadline - now;
    const head = { id, timeout, provider, contract, method, actor: 0, ancestors, trace };
    const { token, signature } = tokens.issue(principal, now);
    const actor = { signature, text: way.tokens.has(signature) ? signature : token };
    const json = input === undefined ? undefined : JSON.stringify(input);
    way.open?.add(pending, head, actor, json, wire.limit);
    if (pending.parcel === undefined) {
      const parcel = new CallParcel(++this.#number, peer, this.around.run());
      const size = parcel.add(pending, head, actor, json, wire.limit);
      if (size > wire.limit) throw callTooLarge(pending.method, 'call', size, wire.limit);
      this.#open(parcel, way);
    }
    if (way.open?.full === true) way.open = undefined;
    if (way.tokens.size >= MOST_TOKENS) way.tokens.clear();
    way.tokens.add(signature);
  }

  /** It leaves with all else that is sent in this turn of the event loop. */
  #open(parcel: CallParcel, way: Way): void {
    way.open = parcel;
    this.#parcels.set(parcel.number, parcel);
    this.#leaving.push(parcel);
    if (this.#leaving.length === 1) this.around.wire.beforeLeaving(this.#leave);
  }

  readonly #leave = (): void => {
    const { wire, inbox } = this.around;
    const leaving = this.#leaving;
    this.#leaving = [];
    for (const parcel of leaving) {
      const way = this.#wayTo(parcel.peer);
      if (way.open === parcel) way.open = undefined;
      if (parcel.waiting > 0) wire.publish(way.subject, Buffer.from(parcel.leave()), `${inbox}.${parcel.number}`);
    }
  };

  readonly #answered = (place: string, text: string): void => {
    const { parcel, index } = readPlace(place);
    const pending = this.#parcels.get(parcel)?.at(index);
    if (pending === undefined) return;
    let answer: unknown;
    try {
      answer = decodeAnswer(text);
    } catch (error) {
      if (codeOf(error) === TOKEN_UNKNOWN) this.#sendAgain(pending);
      else this.#fail(pending, error);
      return;
    }
    this.#end(pending);
    pending.outcome.answered(answer);
  };

  /** The other end has forgotten a token: it has not begun with the call. */
  #sendAgain(pending: PendingCall): void {
    const { parcel } = pending;
    parcel?.drop(pending);
    pending.parcel = undefined;
    this.#wayTo(pending.peer).tokens.clear();
    try {
      this.#enqueue(pending);
    } catch (error) {
      this.#fail(pending, error);
    }
    this.#settle(parcel);
  }

  #wayTo(peer: Peer): Way {
    let way = this.#ways.get(peer);
    if (way === undefined) {
      way = { subject: this.around.subjects.call(peer.node, peer.run), tokens: new Set(), open: undefined };
      this.#ways.set(peer, way);
    }
    return way;
  }

  readonly #withdraw = (pending: PendingCall, error: Error): void => {
    const { parcel, index, peer } = pending;
    this.#fail(pending, error);
    const { wire, subjects, inbox } = this.around;
    if (parcel?.left !== true || !wire.connected) return;
    const place = callPlace(`${inbox}.${parcel.number}`, index);
    wire.publish(subjects.cancel(peer.node, peer.run), Buffer.from(place));
  };

  #probed(number: number, there: boolean): void {
    const tell = this.#probes.get(number);
    this.#probes.delete(number);
    tell?.(there);
  }

  #giveUp(parcel: CallParcel, why: (call: PendingCall) => Error): void {
    for (const pending of parcel.calls()) this.#fail(pending, why(pending));
  }

  #fail(pending: PendingCall, error: unknown): void {
    this.#end(pending);
    pending.outcome.failed(error);
  }

  #end(pending: PendingCall): void {
    pending.release?.();
    pending.parcel?.drop(pending);
    this.#settle(pending.parcel);
  }

  #settle(parcel: CallParcel | undefined): void {
    if (parcel === undefined || parcel.waiting > 0) return;
    this.#parcels.delete(parcel.number);
    if (this.#parcels.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #belowInbox(subject: string): string {
    return subject.slice(this.around.inbox.length + 1);
  }
}

function follow(signal: AbortSignal, pending: PendingCall): void {
  const onAbort = (): void => pending.givenUp(callCancelled(pending.method, signal.reason));
  signal.addEventListener('abort', onAbort, { once: true });
  pending.release = () => signal.removeEventListener('abort', onAbort);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof CarusoError ? error.code : undefined;
}
