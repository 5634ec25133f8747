import type { Clock } from '../clock.js';
import { callCancelled, callTimedOut } from '../errors.js';
import type { OutgoingCall } from '../links.js';
import { RunningCall } from '../running-call.js';
import { callTooLarge, nodeLost, nodeUnreachable, notPlainData } from './errors.js';
import { decodeAnswer, encodeCall } from './frame.js';
import type { Peer } from './peers.js';
import { notPlain } from './plain-data.js';
import type { PrincipalTokens } from './principal-token.js';
import type { Subjects } from './subjects.js';
import type { Wire } from './wire.js';

/** A call on its way. */
interface Pending {
  number: number;
  peer: Peer;
  method: string;
  deadline: number | undefined;
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
  #number = 0;
  #idle: (() => void)[] = [];

  constructor(private readonly around: Surroundings) {}

  get inFlight(): number {
    return this.#pending.size;
  }

  /** See {@link RemoteProvider.send}. */
  send(peer: Peer, { provider, contract, method, input, call, ancestors }: OutgoingCall): Promise<unknown> {
    const full = `${contract}.${method}`;
    const { wire, tokens, clock, run, inbox } = this.around;
    return new Promise((resolve, reject) => {
      if (!wire.connected) throw nodeUnreachable(full, peer.node, 'there is no connection to NATS');
      const running = call instanceof RunningCall ? call : undefined;
      // Asking a running call for its signal makes one.
      const signal = running === undefined ? call.signal : undefined;
      if (signal?.aborted === true) throw callCancelled(full, signal.reason);
      const { deadline } = call;
      const now = clock.now();
      if (deadline !== undefined && deadline <= now) throw callTimedOut(full, provider);
      const unfit = notPlain(input);
      if (unfit !== undefined) throw notPlainData(full, 'input', unfit);
      const head = {
        id: call.id,
        timeout: deadline === undefined ? undefined : deadline - now,
        provider,
        contract,
        method,
        token: tokens.issue(call.principal, now),
        from: run(),
        ancestors,
        trace: call.trace,
      };
      const payload = Buffer.from(encodeCall(head, input === undefined ? undefined : JSON.stringify(input)));
      if (payload.length > wire.limit) throw callTooLarge(full, 'call', payload.length, wire.limit);
      const number = ++this.#number;
      wire.publish(this.#subjectOf(peer), payload, `${inbox}.${number}`);
      const pending: Pending = { number, peer, method: full, deadline, resolve, reject, release: undefined };
      if (running !== undefined) {
        running.onGivenUp = (reason) => this.#withdraw(pending, reason);
      } else if (signal !== undefined) {
        const onAbort = (): void => this.#withdraw(pending, callCancelled(full, signal.reason));
        signal.addEventListener('abort', onAbort, { once: true });
        pending.release = () => signal.removeEventListener('abort', onAbort);
      }
      this.#pending.set(number, pending);
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
        deadline: undefined,
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
      pending.reject(error);
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
      if (pending.deadline === undefined || pending.deadline > now) continue;
      this.#withdraw(pending, callTimedOut(pending.method, pending.peer.node));
    }
  }

  /** Resolves when every call sent is answered or given up. */
  async idle(): Promise<void> {
    if (this.#pending.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
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
