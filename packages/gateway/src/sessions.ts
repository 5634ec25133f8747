import { hash as digest, randomBytes } from 'node:crypto';
import type { Clock, Principal } from '@caruso/service-manager/contract';
import type { StorageApi } from '@caruso/storage-manager/contract';
import type { User } from './contract.js';
import { principalOf, type UserRow, userOf } from './users.js';

/** Milliseconds for which a session that was read is taken as it is; what ends in this process ends at once. */
const FRESH = 5_000;
/** A session is prolonged when this many milliseconds of it are used up, so that reading seldom writes. */
const PROLONG = 300_000;
const CACHED = 20_000;

export interface Session {
  /** SHA-256 of the token. */
  hash: string;
  user: User;
  principal: Principal;
  /** ms UTC. */
  expiresAt: number;
}

interface Row extends UserRow {
  expires_at: unknown;
}

/** Sessions of people who signed in: a random token in a cookie, its hash in the database, expiry that slides. */
export class Sessions {
  readonly #cache = new Map<string, { session: Session; readAt: number }>();
  readonly #listeners = new Set<(ended: (session: Session) => boolean) => void>();
  /** Grows with each end, so that a read which was under way meanwhile does not bring an ended session back. */
  #ends = 0;

  constructor(
    private readonly storage: StorageApi,
    private readonly clock: Clock,
    private readonly lifetime: number,
  ) {}

  /** Opens a session and gives its token, which is kept nowhere. */
  async open(user: string): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    const now = this.clock.now();
    const row = {
      token_hash: hashOf(token),
      sign_in: user,
      opened_at: this.#encode(now),
      expires_at: this.#encode(now + this.lifetime),
    };
    await this.storage.query('main', (knex) => knex('caruso_session').insert(row));
    return token;
  }

  /** The session of a token; undefined where there is none, where it ended, or where its user is no longer active. */
  find(token: string): Promise<Session | undefined> {
    return this.#find(hashOf(token), true);
  }

  /** The same session as it is now, without being used: that does not prolong it. */
  refresh(session: Session): Promise<Session | undefined> {
    return this.#find(session.hash, false);
  }

  async #find(hash: string, prolong: boolean): Promise<Session | undefined> {
    const now = this.clock.now();
    const cached = this.#cache.get(hash);
    if (cached !== undefined && now - cached.readAt < FRESH && cached.session.expiresAt > now) return cached.session;
    const ends = this.#ends;
    const session = await this.#read(hash, now, prolong);
    if (ends !== this.#ends) return session === undefined ? undefined : this.#read(hash, now, prolong);
    if (session === undefined) this.#cache.delete(hash);
    else this.#remember(session, now);
    return session;
  }

  /** Ends one session. */
  async close(session: Session): Promise<void> {
    await this.storage.query('main', (knex) => knex('caruso_session').where({ token_hash: session.hash }).delete());
    this.#ended((other) => other.hash === session.hash);
  }

  /** The user was changed; with `end` all sessions of the user end. */
  async changed(user: string, end: boolean): Promise<void> {
    if (end) {
      await this.storage.query('main', (knex) => knex('caruso_session').where({ sign_in: user }).delete());
    }
    // Seen by others only when it is committed, and not at all when it is rolled back.
    this.storage.afterCommit(() => {
      if (end) this.#ended((session) => session.user.user === user);
      else this.#forget((session) => session.user.user === user);
    });
  }

  /** Told of sessions that ended in this process; returns the way to stop listening. */
  onEnd(listener: (ended: (session: Session) => boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Deletes what has expired. */
  async purge(): Promise<void> {
    const now = this.#encode(this.clock.now());
    await this.storage.query('main', (knex) =>
      knex('caruso_session')
        .where('expires_at', '<', now as string)
        .delete(),
    );
    this.#forget((session) => session.expiresAt <= this.clock.now());
  }

  async #read(hash: string, now: number, prolong: boolean): Promise<Session | undefined> {
    const rows = await this.storage.query<Row[]>('main', (knex) =>
      knex('caruso_session')
        .join('caruso_user', 'caruso_user.sign_in', 'caruso_session.sign_in')
        .where('caruso_session.token_hash', hash)
        .select('caruso_user.*', 'caruso_session.expires_at'),
    );
    const row = rows[0];
    if (row === undefined) return undefined;
    const user = userOf(this.storage, row);
    let expiresAt = Date.parse(String(this.storage.decode('main', 'datetime', row.expires_at)));
    if (expiresAt <= now || !user.active) return undefined;
    if (prolong && expiresAt - now < this.lifetime - Math.min(PROLONG, this.lifetime / 4)) {
      expiresAt = now + this.lifetime;
      const until = this.#encode(expiresAt);
      await this.storage.query('main', (knex) =>
        knex('caruso_session').where({ token_hash: hash }).update({ expires_at: until }),
      );
    }
    return { hash, user, principal: principalOf(user), expiresAt };
  }

  #remember(session: Session, now: number): void {
    this.#cache.delete(session.hash);
    this.#cache.set(session.hash, { session, readAt: now });
    const [oldest] = this.#cache.keys();
    if (this.#cache.size > CACHED && oldest !== undefined) this.#cache.delete(oldest);
  }

  #ended(which: (session: Session) => boolean): void {
    this.#forget(which);
    for (const listener of this.#listeners) listener(which);
  }

  #forget(which: (session: Session) => boolean): void {
    this.#ends += 1;
    for (const [hash, { session }] of this.#cache) if (which(session)) this.#cache.delete(hash);
  }

  #encode(time: number): unknown {
    return this.storage.encode('main', 'datetime', new Date(time).toISOString());
  }
}

function hashOf(token: string): string {
  return digest('sha256', token, 'hex');
}
