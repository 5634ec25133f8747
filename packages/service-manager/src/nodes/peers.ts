import type { Announcement } from './announcement.js';

/** How often a node announces itself, in milliseconds. */
export const ANNOUNCE_EVERY = 1_000;
/** A node not heard of for so long has left, in milliseconds. */
export const LOST_AFTER = 3_000;

/** Another node, as last heard. */
export interface Peer {
  readonly node: string;
  readonly run: string;
  announcement: Announcement;
  /** When, in this machine's time. */
  heard: number;
}

/** What an announcement changes. */
export type Heard =
  /** Of an older sequence, or of a run that has gone. */
  | { kind: 'stale' }
  | { kind: 'joined' | 'renewed' | 'leaving' | 'gone'; peer: Peer }
  /** It lost its connection and found it again: what it had been sent before is lost. */
  | { kind: 'reconnected'; peer: Peer }
  /** Another run has the same name: perhaps its dead predecessor, which has to be asked. */
  | { kind: 'rival'; peer: Peer };

/** How many runs that have gone are remembered, so that a late announcement does not bring one back. */
const REMEMBERED = 1_000;

/** Which other nodes there are. Knows neither a connection nor a clock. */
export class Peers {
  readonly #byName = new Map<string, Peer>();
  readonly #gone = new Set<string>();

  all(): Peer[] {
    return [...this.#byName.values()];
  }

  /** @param now milliseconds */
  hear(announcement: Announcement, now: number): Heard {
    const { node, run } = announcement;
    if (this.#gone.has(run)) return { kind: 'stale' };
    const known = this.#byName.get(node);
    if (known !== undefined && known.run !== run) return { kind: 'rival', peer: known };
    if (known === undefined) return this.#meet(announcement, now);
    const before = known.announcement;
    if (announcement.sequence <= before.sequence) return { kind: 'stale' };
    known.announcement = announcement;
    known.heard = now;
    if (announcement.phase === 'gone') {
      this.forget(known);
      return { kind: 'gone', peer: known };
    }
    if (announcement.phase === 'leaving') return { kind: 'leaving', peer: known };
    if (announcement.connection !== before.connection) return { kind: 'reconnected', peer: known };
    return { kind: 'renewed', peer: known };
  }

  /** Those not heard of for {@link LOST_AFTER}. */
  silent(now: number): Peer[] {
    return this.all().filter((peer) => now - peer.heard >= LOST_AFTER);
  }

  /** A peer that has only fallen silent may be heard of again. */
  drop(peer: Peer): void {
    if (this.#byName.get(peer.node) === peer) this.#byName.delete(peer.node);
  }

  /** A run that is over never comes back. */
  forget(peer: Peer): void {
    this.drop(peer);
    if (this.#gone.size >= REMEMBERED) this.#gone.clear();
    this.#gone.add(peer.run);
  }

  #meet(announcement: Announcement, now: number): Heard {
    const { node, run, phase } = announcement;
    const peer = { node, run, announcement, heard: now };
    if (phase === 'gone') {
      this.forget(peer);
      return { kind: 'stale' };
    }
    this.#byName.set(node, peer);
    return { kind: phase === 'leaving' ? 'leaving' : 'joined', peer };
  }
}
