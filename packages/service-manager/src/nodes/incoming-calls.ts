import { CarusoError, type ErrorInfo } from '../caruso-error.js';
import type { Clock } from '../clock.js';
import type { Log } from '../component-definition.js';
import { messageOf } from '../errors.js';
import { isOwnFailure } from '../failure.js';
import type { IncomingCall } from '../links.js';
import { AnsweredCalls } from './answered-calls.js';
import {
  callMalformed,
  callRepeated,
  callTooLarge,
  componentFault,
  nodeUnreachable,
  notPlainData,
  tokenUnknown,
} from './errors.js';
import {
  type CallHead,
  callPlace,
  decodeCall,
  decodeCalls,
  encodeAnswer,
  encodeAnswerAt,
  encodeError,
} from './frame.js';
import { ANSWERS } from './outgoing-calls.js';
import { notPlain } from './plain-data.js';
import type { PrincipalTokens } from './principal-token.js';
import type { Turns } from './turns.js';
import type { Wire } from './wire.js';

/** What surrounds an answer in its message at most, in bytes: whose it is, and a sign that it is one. */
const AROUND = 40;

interface Surroundings {
  wire: Wire;
  tokens: PrincipalTokens;
  clock: Clock;
  log: Log;
  turns: Turns;
  answer: (incoming: IncomingCall) => Promise<unknown>;
  idempotent: (method: string) => boolean;
  /** Whether a provider of this node takes calls now. */
  serving: (provider: string) => boolean;
  node: string;
}

/** A call that a component of this node is answering. */
interface Running {
  /** Run of the caller's node. */
  from: string;
  giveUp: ((reason: unknown) => void) | undefined;
  /** Set when nobody waits any more. */
  reason: Error | undefined;
}

/** What became of a call: its answer as it is sent. */
interface Ended {
  text: string;
  failed: boolean;
}

/** Answers that leave for one inbox in one message. */
interface Answers {
  lines: string[];
  /** In bytes. */
  size: number;
}

/** The calls that other nodes have sent to this one, each by the inbox that its answer goes to and its place among the caller's. */
export class IncomingCalls {
  readonly #running = new Map<string, Running>();
  readonly #answered = new AnsweredCalls();
  #answers = new Map<string, Answers>();
  #idle: (() => void)[] = [];

  constructor(private readonly around: Surroundings) {}

  get inFlight(): number {
    return this.#running.size;
  }

  /**
   * Takes in a parcel of calls. Never throws: what is wrong with a call is its answer.
   *
   * @param reply the caller's inbox and the number of the parcel
   */
  receive(text: string, reply: string): void {
    const { turns } = this.around;
    try {
      const { from, actors, calls } = decodeCalls(text);
      calls.forEach((call, index) => {
        turns.take(() => this.#take(call, callPlace(reply, index), from, actors));
      });
    } catch (error) {
      // Whatever it holds, its first call is told.
      this.#refuse(callPlace(reply, 0), error);
    }
  }

  /** Nobody waits for the answer to the call at `place` any more. */
  cancel(place: string): void {
    this.around.turns.take(() => {
      const running = this.#running.get(place);
      if (running !== undefined) giveUp(running, 'the caller no longer waits');
    });
  }

  /** A node has gone, and nobody waits for the answers to its calls. */
  callerGone(run: string): void {
    for (const running of this.#running.values()) {
      if (running.from === run) giveUp(running, "the caller's node has gone");
    }
  }

  /** None of the callers can be reached, and each of them has been told so. */
  cutOff(): void {
    for (const running of this.#running.values()) giveUp(running, 'the connection to NATS was lost');
  }

  /** Resolves when every call is answered. */
  async idle(): Promise<void> {
    if (this.#running.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #take(text: string, place: string, from: string, actors: readonly string[]): void {
    try {
      const { head, input } = decodeCall(text);
      const principal = this.#actor(actors[head.actor]);
      if (principal === undefined) this.#reply(place, encodeError(tokenUnknown()));
      else this.#begin(head, input, principal, place, from);
    } catch (error) {
      this.#refuse(place, error);
    }
  }

  /** Undefined for a signature that is not known here. Throws NODE_NOT_TRUSTED. */
  #actor(text: string | undefined): IncomingCall['principal'] | undefined {
    if (text === undefined) throw callMalformed('it does not say who acts');
    const { tokens, clock } = this.around;
    const who = 'A node that calls this one';
    return text.includes('.') ? tokens.verify(text, who, clock.now()) : tokens.recall(text, who, clock.now());
  }

  #refuse(place: string, error: unknown): void {
    this.around.log.warn({ err: error }, `a call from another node was refused: ${messageOf(error)}`);
    this.#reply(place, encodeError(infoOf(error, '', '')));
  }

  #begin(head: CallHead, input: unknown, principal: IncomingCall['principal'], place: string, from: string): void {
    const { id, provider, contract, method: name, timeout, trace, ancestors } = head;
    const { serving, idempotent, node } = this.around;
    const method = `${contract}.${name}`;
    const tell = (answer: string): void => this.#reply(place, answer);
    // It left while the call was on its way: told so that another may be asked.
    if (!serving(provider)) {
      return tell(encodeError(nodeUnreachable(method, node, `'${provider}' does not serve there now`)));
    }
    const key = idempotent(method) ? undefined : `${principal.kind} ${principal.id} ${method} ${id}`;
    const asked = key === undefined ? 'new' : this.#answered.ask(key, tell);
    if (asked === 'forgotten') throw callRepeated(method, id);
    if (asked === 'known') return;
    const running: Running = { from, giveUp: undefined, reason: undefined };
    this.#running.set(place, running);
    const begun = (giveItUp: (reason: unknown) => void): void => {
      running.giveUp = giveItUp;
      if (running.reason !== undefined) giveItUp(running.reason);
    };
    const incoming = { id, provider, contract, method: name, input, principal, timeout, begun, trace, ancestors };
    // Not by async functions: each promise less is felt.
    this.around.answer(incoming).then(
      (output) => this.#end(place, key, this.#answerOf(method, provider, output)),
      (error: unknown) => this.#end(place, key, this.#failureOf(method, provider, error)),
    );
  }

  #answerOf(method: string, provider: string, output: unknown): Ended {
    try {
      return { text: encodeAnswer(answerText(method, output, this.around.wire.limit, AROUND)), failed: false };
    } catch (error) {
      return this.#failureOf(method, provider, error);
    }
  }

  #failureOf(method: string, provider: string, error: unknown): Ended {
    const info = infoOf(error, method, provider);
    return { text: encodeError(asDelivered(info, isOwnFailure(error, this))), failed: true };
  }

  #end(place: string, key: string | undefined, { text, failed }: Ended): void {
    if (key !== undefined) this.#answered.settle(key, text, failed, this.around.clock.now());
    this.#reply(place, text);
    this.#running.delete(place);
    if (this.#running.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** The answer leaves with all others to the same inbox that are ready in this turn of the event loop. */
  #reply(place: string, answer: string): void {
    const { wire } = this.around;
    if (!wire.connected) return;
    const end = place.lastIndexOf('.', place.lastIndexOf('.') - 1);
    const inbox = place.slice(0, end);
    const line = encodeAnswerAt(place.slice(end + 1), answer);
    const size = Buffer.byteLength(line) + 1;
    const answers = this.#answers.get(inbox);
    if (answers !== undefined && answers.size + size <= wire.limit) {
      answers.lines.push(line);
      answers.size += size;
      return;
    }
    if (answers !== undefined) this.#send(inbox, answers);
    else if (this.#answers.size === 0) wire.beforeLeaving(this.#leave);
    this.#answers.set(inbox, { lines: [line], size });
  }

  readonly #leave = (): void => {
    const leaving = this.#answers;
    this.#answers = new Map();
    for (const [inbox, answers] of leaving) this.#send(inbox, answers);
  };

  #send(inbox: string, { lines }: Answers): void {
    this.around.wire.publish(`${inbox}.${ANSWERS}`, Buffer.from(lines.join('\n')));
  }
}

function giveUp(running: Running, why: string): void {
  running.reason = new Error(why);
  running.giveUp?.(running.reason);
}

/**
 * That another call, which the handler made, was not delivered must not look as if this one had not been: it would be sent again.
 *
 * @param own this node refused the call itself
 */
function asDelivered(info: ErrorInfo, own: boolean): ErrorInfo {
  const details = info.details as { delivered?: unknown } | undefined;
  if (own || details?.delivered !== false) return info;
  const { code, message, remedy, status } = info;
  return { code, message, remedy, status, details: { ...details, delivered: true } };
}

/** An answer as JSON. Throws NOT_PLAIN_DATA or CALL_TOO_LARGE. @param around what surrounds it in its message, in bytes */
export function answerText(method: string, output: unknown, limit: number, around = 0): string | undefined {
  if (output === undefined) return undefined;
  const unfit = notPlain(output);
  if (unfit !== undefined) throw notPlainData(method, 'answer', unfit);
  const text = JSON.stringify(output);
  // Only what may be too large is measured.
  const size = text.length * 3 + around < limit ? 0 : Buffer.byteLength(text) + around;
  if (size > limit) throw callTooLarge(method, 'answer', size, limit);
  return text;
}

/** What the caller is told of an error: ours as they are, others as a fault of the component. */
export function infoOf(error: unknown, method: string, provider: string): ErrorInfo {
  // A component of a front office with packages of its own has another copy of the class.
  const ours = error instanceof CarusoError || (error instanceof Error && error.name === 'CarusoError');
  return ours ? (error as CarusoError) : componentFault(method, provider, error);
}
