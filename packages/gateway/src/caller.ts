import type { Principal } from '@caruso/service-manager/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { notSignedIn, visitorsLimited } from './errors.js';
import type { Session, Sessions } from './sessions.js';
import { newVisitorSecret, visitorOf } from './visitor.js';

const sessionCookie = 'caruso_session';
const visitorCookie = 'caruso_visitor';
/** Seconds a browser keeps the cookies: longer than a session lasts, so that its end can be told from none. */
const cookieAge = 60 * 60 * 24 * 180;

/** Whom a request comes from. */
export interface Caller {
  principal: Principal;
  session: Session | undefined;
  /** The request names a session that has ended. */
  ended: boolean;
}

export interface CallersOptions {
  sessions: Sessions;
  secure: boolean;
  /** Gives the seconds to wait where an address asks too often. */
  limitVisitors: (request: FastifyRequest) => Promise<number | undefined>;
}

/** Finds whom requests come from: a session, or a visitor known by a cookie. */
export class Callers {
  constructor(private readonly options: CallersOptions) {}

  /** Throws REQUESTS_LIMITED. Makes a visitor of a request that belongs to nobody. */
  async of(request: FastifyRequest, reply: FastifyReply): Promise<Caller> {
    const { session, ended } = await this.#session(request);
    if (session !== undefined) return { principal: session.principal, session, ended };
    const wait = await this.options.limitVisitors(request);
    if (wait !== undefined) throw visitorsLimited(wait);
    const known = visitorOf(request.cookies[visitorCookie]);
    if (known !== undefined) return { principal: known, session: undefined, ended };
    const principal = visitorOf(this.#welcome(reply));
    if (principal === undefined) throw new Error('unreachable: a new secret has the form of one');
    return { principal, session: undefined, ended };
  }

  /**
   * Makes a visitor of whoever opens a page and is nobody yet. The page's first requests and its WebSocket leave at the same time: without
   * a cookie each would be a visitor of its own, and would never hear of the others' conversations.
   *
   * @param foreign the page stands in a frame of another site's page
   */
  greet(request: FastifyRequest, reply: FastifyReply, foreign = false): void {
    if (request.cookies[sessionCookie] !== undefined || visitorOf(request.cookies[visitorCookie]) !== undefined) return;
    this.#welcome(reply, foreign);
  }

  /** Throws NOT_SIGNED_IN. */
  async signedIn(request: FastifyRequest): Promise<Session> {
    const { session } = await this.#session(request);
    if (session === undefined) throw notSignedIn();
    return session;
  }

  async session(request: FastifyRequest): Promise<Session | undefined> {
    return (await this.#session(request)).session;
  }

  give(reply: FastifyReply, token: string): void {
    reply.setCookie(sessionCookie, token, { ...this.#cookie('strict'), maxAge: cookieAge });
  }

  take(reply: FastifyReply): void {
    reply.clearCookie(sessionCookie, this.#cookie('strict'));
  }

  async #session(request: FastifyRequest): Promise<{ session: Session | undefined; ended: boolean }> {
    const token = request.cookies[sessionCookie];
    if (token === undefined || token === '' || token.length > 100) return { session: undefined, ended: false };
    const session = await this.options.sessions.find(token);
    return { session, ended: session === undefined };
  }

  #welcome(reply: FastifyReply, foreign = false): string {
    const secret = newVisitorSecret();
    // Lax: a link in a mail leads to the visitor's own conversation. In a frame of another site no such cookie is sent: there it is one
    // for that site alone, which browsers take over TLS only.
    const kind = foreign && this.options.secure ? { sameSite: 'none' as const, partitioned: true } : {};
    reply.setCookie(visitorCookie, secret, { ...this.#cookie('lax'), ...kind, maxAge: cookieAge });
    return secret;
  }

  #cookie(sameSite: 'lax' | 'strict') {
    return { path: '/', httpOnly: true, sameSite, secure: this.options.secure } as const;
  }
}
