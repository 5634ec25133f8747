import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Principal } from '../call.js';
import { nodeNotTrusted } from './errors.js';

/** How long a token is good for, in milliseconds; the clocks of the nodes may differ by less. */
const VALID_FOR = 3_600_000;
/** How many verified tokens are remembered. */
const REMEMBERED = 2_000;

const Claims = z.strictObject({
  principal: z.strictObject({
    kind: z.enum(['system', 'user', 'visitor', 'script', 'policy']),
    id: z.string(),
    name: z.string(),
    roles: z.array(z.string()),
    attributes: z.record(z.string(), z.unknown()).optional(),
  }),
  house: z.string(),
  /** Milliseconds UTC. */
  until: z.number(),
});

/** A token, and its signature, by which those who have seen it know it. */
export interface IssuedToken {
  token: string;
  signature: string;
}

/**
 * Tells other nodes who acts, signed with the cluster's secret: `<claims>.<HMAC-SHA256>`, both base64url. One token serves all calls
 * of a principal until half of its time is over. It is sent to a node once; later calls name it by its signature, which nobody can guess.
 */
export class PrincipalTokens {
  readonly #issued = new WeakMap<Principal, { issued: IssuedToken; renew: number }>();
  readonly #verified = new Map<string, { principal: Principal; until: number }>();

  constructor(
    private readonly house: string,
    private readonly secret: string,
  ) {}

  /** @param now milliseconds UTC */
  issue(principal: Principal, now: number): IssuedToken {
    const known = this.#issued.get(principal);
    if (known !== undefined && known.renew > now) return known.issued;
    const { kind, id, name, roles, attributes } = principal;
    const until = now + VALID_FOR;
    const claims = { principal: { kind, id, name, roles, attributes }, house: this.house, until };
    const text = Buffer.from(JSON.stringify(claims)).toString('base64url');
    const signature = sign(this.secret, text);
    const issued = { token: `${text}.${signature}`, signature };
    this.#issued.set(principal, { issued, renew: now + VALID_FOR / 2 });
    return issued;
  }

  /** Throws NODE_NOT_TRUSTED. @param now milliseconds UTC */
  verify(token: string, who: string, now: number): Principal {
    const known = this.#check(token, who);
    if (this.#verified.size >= REMEMBERED) this.#verified.clear();
    this.#verified.set(token.slice(token.indexOf('.') + 1), known);
    return this.#inTime(known, who, now);
  }

  /** The principal of a token that was verified here before; undefined for one that was not. Throws NODE_NOT_TRUSTED. */
  recall(signature: string, who: string, now: number): Principal | undefined {
    const known = this.#verified.get(signature);
    return known === undefined ? undefined : this.#inTime(known, who, now);
  }

  #inTime(known: { principal: Principal; until: number }, who: string, now: number): Principal {
    if (known.until < now)
      throw nodeNotTrusted(who, 'its token has expired, or the clocks differ by more than 30 minutes');
    return known.principal;
  }

  #check(token: string, who: string): { principal: Principal; until: number } {
    const dot = token.indexOf('.');
    const text = token.slice(0, Math.max(dot, 0));
    if (!sameSignature(sign(this.secret, text), token.slice(dot + 1))) {
      throw nodeNotTrusted(who, 'its call is not signed with the secret of this cluster');
    }
    const claims = Claims.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    if (claims.house !== this.house) throw nodeNotTrusted(who, `its token is for the front office '${claims.house}'`);
    const { attributes, ...principal } = claims.principal;
    return { principal: { ...principal, ...(attributes === undefined ? {} : { attributes }) }, until: claims.until };
  }
}

export function sign(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url');
}

export function sameSignature(expected: string, given: string): boolean {
  const a = Buffer.from(expected);
  const b = Buffer.from(given);
  return a.length === b.length && timingSafeEqual(a, b);
}
