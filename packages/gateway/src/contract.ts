import { defineContract } from '@caruso/service-manager/contract';
import { z } from 'zod';

/** A person who can sign in. */
export const User = z.object({
  /** Sign-in name. */
  user: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,59}$/),
  name: z.string(),
  email: z.string().nullable(),
  roles: z.array(z.string()),
  /** Facts that row rights may name as `user.<attribute>`. */
  attributes: z.record(z.string(), z.unknown()),
  active: z.boolean(),
});
export type User = z.infer<typeof User>;

export const Users = defineContract({
  id: 'users',
  version: '1.0.0',
  methods: {
    define: {
      summary: 'Creates or changes a user; without a password an existing one is kept',
      input: z.object({
        user: User.shape.user,
        name: z.string().min(1).max(100),
        email: z.email().nullable().default(null),
        roles: z.array(z.string()).min(1),
        attributes: z.record(z.string(), z.unknown()).default({}),
        active: z.boolean().default(true),
        password: z.string().min(8).max(200).optional(),
      }),
      output: User,
      idempotent: true,
      allow: ['administrator'],
    },
    list: {
      summary: 'Everybody who can sign in',
      input: z.object({}),
      output: z.object({ users: z.array(User) }),
      idempotent: true,
      allow: ['administrator'],
    },
  },
});

/** What the gateway offers beside the contracts: where it listens. */
export const Gateway = defineContract({
  id: 'gateway',
  version: '1.0.0',
  methods: {
    address: {
      summary: 'Where the gateway listens, once it does',
      input: z.object({}),
      output: z.object({ url: z.string() }),
      idempotent: true,
      allow: ['public'],
    },
  },
});

/** Body of every error answer, with the status of the error. */
export const ErrorBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    remedy: z.string().optional(),
    details: z.unknown().optional(),
    /** Names the request in the log. */
    request: z.string(),
  }),
});

/** `GET /api/me`: who the session belongs to; 401 without one. */
export const Me = z.object({ user: z.string(), name: z.string(), roles: z.array(z.string()) });

/** What `/api/live` pushes: that something happened, never what; the screen reads anew under its own rights. */
export const LiveMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hello'), seq: z.number() }),
  z.object({
    kind: z.literal('event'),
    seq: z.number(),
    type: z.string(),
    subject: z.object({ object: z.string(), key: z.string() }).nullable(),
    /** Names of the objects the event changed. */
    changed: z.array(z.string()),
  }),
  /** A component changed its state; administrators only. */
  z.object({ kind: z.literal('services') }),
]);
export type LiveMessage = z.infer<typeof LiveMessage>;
