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

/**
 * Tells other nodes who acts, signed with the cluster's secret: `<claims>.<HMAC-SHA256>`, both base64url. One token serves all calls
 * of a principal until half of its time is over; tokens seen before are not verified again.
 */
export class PrincipalTokens {
  readonly #issued = new WeakMap<Principal, { token: string; renew: number }>();
  readonly #verified = new Map<string, { principal: Principal; until: number }>();

  constructor(
    private readonly house: string,
    private readonly secret: string,
  ) {}

  /** @param now milliseconds UTC */
  issue(principal: Principal, now: number): string {
    const known = this.#issued.get(principal);
    if (known !== undefined && known.renew > now) return known.token;
    const { kind, id, name, roles, attributes } = principal;
    const until = now + VALID_FOR;
    const claims = { principal: { kind, id, name, roles, attributes }, house: this.house, until };
    const text = Buffer.from(JSON.stringify(claims)).toString('base64url');
    const token = `${text}.${sign(this.secret, text)}`;
    this.#issued.set(principal, { token, renew: now + VALID_FOR / 2 });
    return token;
  }

  /** Throws NODE_NOT_TRUSTED. @param now milliseconds UTC */
  verify(token: string, who: string, now: number): Principal {
    let known = this.#verified.get(token);
    if (known === undefined) {
      known = this.#check(token, who);
      if (this.#verified.size >= REMEMBERED) this.#verified.clear();
      this.#verified.set(token, known);
    }
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
