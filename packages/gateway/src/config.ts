import { isAbsolute } from 'node:path';
import { z } from 'zod';

/** The gateway's part of caruso.yaml. */
export const GatewayConfig = z.strictObject({
  /** 0: any free one. */
  port: z.coerce.number().int().min(0).max(65_535).default(8080),
  host: z.string().min(1).default('127.0.0.1'),
  /** Absolute folder of the built web application. */
  web: z.string().refine(isAbsolute, 'must be an absolute path').optional(),
  /** Cookies travel over TLS only: set it wherever a proxy with TLS stands before the front office. */
  secureCookies: z.boolean().default(false),
  /** Hours without a request after which a session ends. */
  sessionHours: z.number().min(0.01).max(720).default(12),
  /** Addresses of clients are taken from `X-Forwarded-For` of the proxy before the gateway. */
  behindProxy: z.boolean().default(false),
  /** Further origins whose pages may send requests, such as `https://service.example`. */
  origins: z.array(z.url()).default([]),
  /** Origins whose pages may show self-service in a frame, such as `https://www.example`. */
  embeddedIn: z
    .array(z.string().regex(/^https?:\/\/[^/\s;,'"*]+$/, 'must be an origin, such as https://www.example'))
    .default([]),
  /** Requests a minute from one address without a session. */
  visitorRequests: z.number().int().min(1).default(1200),
  /** Live connections at once. */
  liveConnections: z.number().int().min(1).default(2000),
});
export type GatewayConfig = z.output<typeof GatewayConfig>;
