import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';

/**
 * Headers by which a receiver knows a message for ours, and for new, as Standard Webhooks 1.0 has them
 * (https://www.standardwebhooks.com): HMAC-SHA256 over id, time and body.
 *
 * @param now ms UTC
 */
export function signedHeaders(secret: string, id: string, now: number, body: string): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  const key = secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), 'base64') : Buffer.from(secret);
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
