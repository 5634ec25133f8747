import type { FastifyReply } from 'fastify';

/** No inline scripts; styles may be set from scripts, as component libraries do. WebAssembly runs what reads scripts in their developer. */
const policies = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
];

const policy = (ancestors: readonly string[]): string =>
  [...policies, `frame-ancestors ${["'self'", ...ancestors].join(' ')}`].join('; ');

/** Headers of every answer. */
export function securityHeaders(secure: boolean): Record<string, string> {
  return {
    'content-security-policy': policy([]),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'SAMEORIGIN',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), payment=(), usb=()',
    ...(secure ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  };
}

/** Lets pages of these origins show this one in a frame; `x-frame-options` knows no list and has to go. */
export function letEmbed(reply: FastifyReply, origins: readonly string[]): void {
  reply.removeHeader('x-frame-options').header('content-security-policy', policy(origins));
}
