import type { Outcome, OutgoingCall } from '../links.js';
import type { Carrier } from '../running-call.js';
import { type CallHead, encodeActors, encodeCall } from './frame.js';
import type { Peer } from './peers.js';

/** How many calls one parcel takes: with more the other end would begin late, and both would work in turn. */
const MOST_CALLS = 32;

/** Of one character of a text, which are UTF-16 units. */
const MOST_BYTES = 3;

/** A call on its way. */
export class PendingCall implements Carrier {
  /** Stops listening to the caller's signal. */
  release: (() => void) | undefined;
  /** What it leaves, or left, in. */
  parcel: CallParcel | undefined;
  /** Its place in the parcel. */
  index = -1;

  constructor(
    readonly peer: Peer,
    /** `contract.method`. */
    readonly method: string,
    readonly request: OutgoingCall,
    readonly outcome: Outcome,
    private readonly withdraw: (call: PendingCall, reason: Error) => void,
  ) {}

  givenUp(reason: Error): void {
    this.withdraw(this, reason);
  }
}

/** Who acts, as the other end is told. */
export interface Actor {
  signature: string;
  /** The token, or the signature where the token is known there. */
  text: string;
}

/** Calls that leave for one peer in one message, and which of them still wait for their answers. */
export class CallParcel {
  /** Has been sent. */
  left = false;
  /** How many wait for their answers. */
  waiting = 0;
  readonly #signatures: string[] = [];
  readonly #actors: string[] = [];
  readonly #calls: (PendingCall | undefined)[] = [];
  // One text, not a list of them: V8 would soon make such lists as old ones, and they keep all they held alive for long.
  #text = '';
  /** In bytes, at most. */
  #size: number;

  constructor(
    readonly number: number,
    readonly peer: Peer,
    /** Name and run of this node. */
    private readonly from: string,
  ) {
    this.#size = MOST_BYTES * from.length + 4;
  }

  get full(): boolean {
    return this.#calls.length >= MOST_CALLS;
  }

  /**
   * Puts a call into it, unless the whole could be larger than `limit` bytes then. Only the first one is measured exactly; gives the size
   * that was found, in bytes.
   *
   * @param head its actor is set here
   * @param input JSON
   */
  add(call: PendingCall, head: CallHead, actor: Actor, input: string | undefined, limit: number): number {
    const known = this.#signatures.indexOf(actor.signature);
    head.actor = known < 0 ? this.#signatures.length : known;
    const text = encodeCall(head, input);
    // A line end before it; an actor more has quotation marks and a comma.
    const overhead = 1 + (known < 0 ? actor.text.length + 3 : 0);
    let size = this.#size + overhead + MOST_BYTES * text.length;
    if (size > limit && this.#calls.length === 0) size = this.#size + overhead + Buffer.byteLength(text);
    if (size > limit) return size;
    if (known < 0) {
      this.#signatures.push(actor.signature);
      this.#actors.push(actor.text);
    }
    this.#size = size;
    this.#text += `\n${text}`;
    call.parcel = this;
    call.index = this.#calls.length;
    this.#calls.push(call);
    this.waiting++;
    return size;
  }

  /** A call that waits for its answer. */
  at(index: number): PendingCall | undefined {
    return this.#calls[index];
  }

  calls(): PendingCall[] {
    return this.#calls.filter((call) => call !== undefined);
  }

  /** A call no longer waits. */
  drop({ index }: PendingCall): void {
    if (this.#calls[index] === undefined) return;
    this.#calls[index] = undefined;
    this.waiting--;
  }

  /** The message. */
  leave(): string {
    this.left = true;
    const message = encodeActors(this.from, this.#actors) + this.#text;
    this.#text = '';
    return message;
  }
}
