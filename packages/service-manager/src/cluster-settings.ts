import { z } from 'zod';

const list = (text: string): string[] => text.split(',').flatMap((each) => each.trim() || []);

/**
 * `cluster:` of caruso.yaml: how the nodes of one front office find and trust each other over NATS. Without `servers` (absent, or
 * empty because the environment names none) a front office runs alone.
 *
 * @example
 * ClusterSettings.parse({ servers: 'nats://10.0.0.5:4222', secret: process.env.CLUSTER_SECRET });
 */
export const ClusterSettings = z
  .strictObject({
    /** Addresses of NATS servers, in a list or with commas between. */
    servers: z.union([z.string(), z.array(z.string())]).transform((given) => list([given].flat().join(','))),
    /** Shared by the nodes: who knows it can speak for anybody. At least 16 characters, from the environment. */
    secret: z.string().default(''),
    /** Keeps front offices on one NATS apart; made of the front office's name where absent. */
    house: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]*$/, 'write lower-case letters, digits and hyphens')
      .optional(),
    user: z.string().optional(),
    password: z.string().optional(),
    token: z.string().optional(),
    /** Path of a credentials file of NATS (`.creds`). */
    credentials: z.string().optional(),
    /** Paths of PEM files. `{}` asks for TLS with the machine's own authorities. */
    tls: z
      .strictObject({ ca: z.string().optional(), cert: z.string().optional(), key: z.string().optional() })
      .optional(),
  })
  .superRefine(({ servers, secret }, context) => {
    if (servers.length === 0 || secret.length >= 16) return;
    const params = {
      remedy: 'set it from the environment: secret: "${CLUSTER_SECRET}", for example of `openssl rand -hex 32`',
    };
    const message = 'the secret of a cluster has 16 characters at least';
    context.addIssue({ code: 'custom', path: ['secret'], message, params });
  });
export type ClusterSettings = z.output<typeof ClusterSettings>;
