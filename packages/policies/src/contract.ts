import { defineContract } from '@caruso/service-manager/contract';
import { z } from 'zod';

export const PolicyState = z.object({
  policy: z.string(),
  file: z.string(),
  on: z.array(z.string()),
  condition: z.string().nullable(),
  /** What it does, one line each. */
  does: z.array(z.string()),
  /** Since the process started. */
  checked: z.number(),
  fired: z.number(),
  failed: z.number(),
  lastError: z.string().nullable(),
});

export const Policies = defineContract({
  id: 'policies',
  version: '1.0.0',
  methods: {
    list: {
      summary: 'Every policy, how often it fired and what failed',
      input: z.object({}),
      output: z.object({ policies: z.array(PolicyState) }),
      idempotent: true,
      allow: ['supervisor', 'administrator'],
    },
  },
});

/** A reminder: due at a time, to a person, a role or a team, about a business object. */
export const Reminder = z.object({
  id: z.string(),
  text: z.string(),
  at: z.string(),
  /** `user:<name>` or `role:<role>`. */
  to: z.string(),
  about: z.object({ object: z.string(), key: z.string(), display: z.string() }).nullable(),
  state: z.enum(['waiting', 'due', 'done']),
});
export type Reminder = z.infer<typeof Reminder>;

export const Reminders = defineContract({
  id: 'reminders',
  version: '1.0.0',
  methods: {
    create: {
      summary: 'Creates a reminder; with the same `once` a second call changes nothing',
      input: z.object({
        text: z.string().min(1).max(500),
        at: z.string(),
        to: z.string(),
        about: z.object({ object: z.string(), key: z.string() }).optional(),
        /** Idempotency key. */
        once: z.string().max(200).optional(),
      }),
      output: Reminder,
      allow: ['agent', 'supervisor', 'administrator'],
    },
    mine: {
      summary: 'Reminders of the caller and of the roles of the caller: due and waiting',
      input: z.object({}),
      output: z.object({ reminders: z.array(Reminder) }),
      idempotent: true,
      allow: ['agent', 'supervisor', 'administrator'],
    },
    done: {
      summary: 'Ticks a reminder off',
      input: z.object({ id: z.string() }),
      output: Reminder,
      idempotent: true,
      allow: ['agent', 'supervisor', 'administrator'],
    },
  },
});
