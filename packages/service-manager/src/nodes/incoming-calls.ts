import { CarusoError, type ErrorInfo } from '../caruso-error.js';
import type { Clock } from '../clock.js';
import type { Log } from '../component-definition.js';
import { messageOf } from '../errors.js';
import { isOwnFailure } from '../failure.js';
import type { IncomingCall } from '../links.js';
import { AnsweredCalls } from './answered-calls.js';
import { callRepeated, callTooLarge, componentFault, nodeUnreachable, notPlainData, tokenUnknown } from './errors.js';
import { type CallHead, decodeCall, encodeAnswer, encodeError } from './frame.js';
import { notPlain } from './plain-data.js';
import type { PrincipalTokens } from './principal-token.js';
import type { Wire } from './wire.js';

interface Surroundings {
  wire: Wire;
  tokens: PrincipalTokens;
  clock: Clock;
  log: Log;
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

/** The calls that other nodes have sent to this one, by the subject that their answers go to. */
export class IncomingCalls {
  readonly #running = new Map<string, Running>();
  readonly #answered = new AnsweredCalls();
  #idle: (() => void)[] = [];

  constructor(private readonly around: Surroundings) {}

  get inFlight(): number {
    return this.#running.size;
  }

  /** Never throws: what is wrong with a call is its answer. */
  receive(text: string, reply: string): void {
    try {
      const { head, input } = decodeCall(text);
      const { tokens, clock } = this.around;
      const { signature, token } = head;
      const who = 'A node that calls this one';
      const now = clock.now();
      const principal = token === undefined ? tokens.recall(signature, who, now) : tokens.verify(token, who, now);
      if (principal === undefined) return this.#reply(reply, encodeError(tokenUnknown()));
      this.#begin(head, input, principal, reply);
    } catch (error) {
      const { log } = this.around;
      log.warn({ err: error }, `a call from another node was refused: ${messageOf(error)}`);
      this.#reply(reply, encodeError(infoOf(error, '', '')));
    }
  }

  /** Nobody waits for the answer to `reply` any more. */
  cancel(reply: string): void {
    const running = this.#running.get(reply);
    if (running !== undefined) giveUp(running, 'the caller no longer waits');
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

  #begin(head: CallHead, input: unknown, principal: IncomingCall['principal'], reply: string): void {
    const { id, provider, contract, method: name, timeout, trace, ancestors } = head;
    const { serving, idempotent, node } = this.around;
    const method = `${contract}.${name}`;
    const tell = (answer: string): void => this.#reply(reply, answer);
    // It left while the call was on its way: told so that another may be asked.
    if (!serving(provider)) {
      return tell(encodeError(nodeUnreachable(method, node, `'${provider}' does not serve there now`)));
    }
    const key = idempotent(method) ? undefined : `${principal.kind} ${principal.id} ${method} ${id}`;
    const asked = key === undefined ? 'new' : this.#answered.ask(key, tell);
    if (asked === 'forgotten') throw callRepeated(method, id);
    if (asked === 'known') return;
    const running: Running = { from: head.from, giveUp: undefined, reason: undefined };
    this.#running.set(reply, running);
    const begun = (giveItUp: (reason: unknown) => void): void => {
      running.giveUp = giveItUp;
      if (running.reason !== undefined) giveItUp(running.reason);
    };
    const incoming = { id, provider, contract, method: name, input, principal, timeout, begun, trace, ancestors };
    // Not by async functions: each promise less is felt.
    this.around.answer(incoming).then(
      (output) => this.#end(reply, key, this.#answerOf(method, provider, output)),
      (error: unknown) => this.#end(reply, key, this.#failureOf(method, provider, error)),
    );
  }

  #answerOf(method: string, provider: string, output: unknown): Ended {
    try {
      return { text: encodeAnswer(answerText(method, output, this.around.wire.limit)), failed: false };
    } catch (error) {
      return this.#failureOf(method, provider, error);
    }
  }

  #failureOf(method: string, provider: string, error: unknown): Ended {
    const info = infoOf(error, method, provider);
    return { text: encodeError(asDelivered(info, isOwnFailure(error, this))), failed: true };
  }

  #end(reply: string, key: string | undefined, { text, failed }: Ended): void {
    if (key !== undefined) this.#answered.settle(key, text, failed, this.around.clock.now());
    this.#reply(reply, text);
    this.#running.delete(reply);
    if (this.#running.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #reply(reply: string, answer: string): void {
    const { wire } = this.around;
    if (wire.connected) wire.publish(reply, Buffer.from(answer));
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

/** An answer as JSON. Throws NOT_PLAIN_DATA or CALL_TOO_LARGE. */
export function answerText(method: string, output: unknown, limit: number): string | undefined {
  if (output === undefined) return undefined;
  const unfit = notPlain(output);
  if (unfit !== undefined) throw notPlainData(method, 'answer', unfit);
  const text = JSON.stringify(output);
  // One byte says that it is an answer. Only what may be too large is measured.
  const size = text.length * 3 < limit ? 0 : Buffer.byteLength(text) + 1;
  if (size > limit) throw callTooLarge(method, 'answer', size, limit);
  return text;
}

/** What the caller is told of an error: ours as they are, others as a fault of the component. */
export function infoOf(error: unknown, method: string, provider: string): ErrorInfo {
  // A component of a front office with packages of its own has another copy of the class.
  const ours = error instanceof CarusoError || (error instanceof Error && error.name === 'CarusoError');
  return ours ? (error as CarusoError) : componentFault(method, provider, error);
}
