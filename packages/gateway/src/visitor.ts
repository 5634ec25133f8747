import { createHash, randomBytes } from 'node:crypto';
import type { Principal } from '@caruso/service-manager/contract';

const secretForm = /^[A-Za-z0-9_-]{43}$/;

/** A new secret for the cookie of a visitor. */
export function newVisitorSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * The visitor whose browser holds the secret; undefined where it has not the form of one. The id, which staff and journal see, is a
 * hash of the secret: who knows the id cannot act as the visitor.
 */
export function visitorOf(secret: string | undefined): Principal | undefined {
  if (secret === undefined || !secretForm.test(secret)) return undefined;
  const id = createHash('sha256').update(secret).digest('base64url').slice(0, 22);
  return { kind: 'visitor', id, name: 'visitor', roles: ['public'] };
}
