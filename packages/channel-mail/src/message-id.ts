import { createHash } from 'node:crypto';

/** Characters that may stand in a Message-ID as they are; others are replaced by a hash, since only the interaction is read back. */
const plain = /^[A-Za-z0-9_-]{1,80}$/;

/**
 * The Message-ID of a mail we send: names interaction and message, so that the answer is recognised and the same message always has
 * the same id.
 */
export function messageIdOf(interaction: string, message: string, host: string): string {
  const part = plain.test(message) ? message : createHash('sha256').update(message).digest('hex').slice(0, 32);
  return `<${interaction}.${part}@${host}>`;
}

/** The interactions that the ids of In-Reply-To and References name, the nearest first. */
export function interactionsIn(references: readonly string[], host: string): string[] {
  const found: string[] = [];
  for (const each of references) {
    const parts = /^<?([A-Za-z0-9_-]{1,80})\.[A-Za-z0-9_-]{1,80}@([^<>@\s]+)>?$/.exec(each.trim());
    if (parts?.[1] !== undefined && parts[2]?.toLowerCase() === host.toLowerCase()) found.push(parts[1]);
  }
  return [...new Set(found)];
}

export function hostOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
