import { defineContract } from '@caruso/service-manager/contract';
import { z } from 'zod';

/** A run of text: plain, emphasised, a value that was put in, or a line break. Renderers never interpret markup in it. */
export const TextRun = z.object({ text: z.string(), kind: z.enum(['plain', 'em', 'value', 'break']) });
export const Text = z.array(TextRun);

/** One question as a renderer needs it. */
export const QuestionView = z.object({
  name: z.string(),
  text: Text,
  type: z.enum([
    'text',
    'integer',
    'decimal',
    'money',
    'date',
    'time',
    'boolean',
    'one',
    'many',
    'scale',
    'address',
    'phone',
    'email',
    'file',
    'signature',
    'reference',
  ]),
  required: z.boolean(),
  options: z.array(z.object({ value: z.string(), text: Text })),
  /** Ends of a scale. */
  min: z.number().optional(),
  max: z.number().optional(),
  /** Media types of a file; none means any. */
  accept: z.array(z.string()).optional(),
  /** The business object that a reference searches, by `search`. */
  object: z.string().optional(),
  /** Present value: the answer given before, else the default. */
  value: z.unknown(),
  /** What is wrong with the last answer, in the customer's language. */
  errors: z.array(z.string()),
  warnings: z.array(z.string()),
});
export type QuestionView = z.infer<typeof QuestionView>;

/** What a channel shows of a running session. Neutral: desktop, web, chat and telephone only render it. */
export const View = z.object({
  session: z.string(),
  /** Number of the last event; an answer must name it, a stale one is refused with SESSION_STALE. */
  seq: z.number(),
  script: z.string(),
  title: z.string(),
  section: z.string().nullable(),
  channel: z.string(),
  language: z.string(),
  step: z
    .object({
      id: z.string(),
      kind: z.enum(['info', 'question', 'form', 'escalate']),
      text: Text,
      /** For the agent alone; absent on every other channel. */
      notes: z.array(Text).optional(),
      questions: z.array(QuestionView),
      errors: z.array(z.string()),
      /** After so many milliseconds without an answer the channel signals `time-out`. */
      timeout: z.number().optional(),
      /** How often the step was put. */
      attempt: z.number(),
    })
    .nullable(),
  /** Answers on the path so far. Sensitive ones are masked. */
  answers: z.array(
    z.object({
      step: z.string(),
      visit: z.string(),
      name: z.string(),
      label: z.string(),
      value: z.unknown(),
      display: z.string(),
    }),
  ),
  canGoBack: z.boolean(),
  /** From 0 to 1, an estimate. */
  progress: z.number(),
  /** An agent is waited for; the queue the script names for it. */
  handover: z.object({ queue: z.string().nullable() }).nullable(),
  /** Nobody answers until it is resumed. */
  paused: z.boolean(),
  /** Set at the end. */
  outcome: z.string().nullable(),
  /** Texts shown at the end and messages of failed actions. */
  messages: z.array(Text),
});
export type View = z.infer<typeof View>;

/** What became of a step each time it was put. `visits` is the sum of all below it down to `waiting`. */
export const StepUsage = z.object({
  step: z.string(),
  visits: z.number(),
  answered: z.number(),
  back: z.number(),
  /** Left because something happened, an agent took over, or another version was put under the session. */
  otherwise: z.number(),
  /** Nobody went on: hung up, or silent for long. */
  dropped: z.number(),
  waiting: z.number(),
  /** Answers that were not taken. */
  refusals: z.number(),
  /** Times it was answered otherwise than before, after going back. */
  corrections: z.number(),
  /** Average milliseconds until it was left, without pauses; null where nobody has left it. */
  duration: z.number().nullable(),
});
export type StepUsage = z.infer<typeof StepUsage>;

/** How a version of a script was used. Sessions are those started as this script, steps also those it was called for. */
export const VersionUsage = z.object({
  version: z.string(),
  sessions: z.number(),
  outcomes: z.array(z.object({ outcome: z.string(), sessions: z.number() })),
  /** Not at an end: given up, or under way. */
  dropped: z.number(),
  waiting: z.number(),
  /** In no order; the script tells theirs. */
  steps: z.array(StepUsage),
});
export type VersionUsage = z.infer<typeof VersionUsage>;

const staffAndPublic = ['public'] as const;

export const Scripts = defineContract({
  id: 'scripts',
  version: '1.1.0',
  methods: {
    list: {
      summary: 'The scripts the caller may start on a channel; visitors only those for `web`',
      input: z.object({ channel: z.enum(['agent', 'web', 'chat', 'voice']), language: z.string().optional() }),
      output: z.object({
        scripts: z.array(
          z.object({
            id: z.string(),
            version: z.string(),
            title: z.string(),
            description: z.string(),
            channels: z.array(z.string()),
          }),
        ),
      }),
      idempotent: true,
      allow: staffAndPublic,
    },
    start: {
      summary: 'Starts a session and gives its first view',
      input: z.object({
        script: z.string(),
        channel: z.enum(['agent', 'web', 'chat', 'voice']),
        language: z.string().optional(),
        /** Values for the script's parameters, for instance `{ customer: 'C000123' }`. Visitors may not set any. */
        params: z.record(z.string(), z.unknown()).default({}),
        /** The interaction it accompanies. */
        interaction: z.string().optional(),
        /** Started twice with the same id gives the same session. */
        requestId: z.string().max(100).optional(),
      }),
      output: View,
      allow: staffAndPublic,
    },
    answer: {
      summary: 'Answers the present step and goes on; refused answers come back with errors in the view',
      input: z.object({
        session: z.string(),
        seq: z.number(),
        /** The same id twice gives the same view and one effect. */
        messageId: z.string().max(100),
        /** By question name; empty for `info`. */
        answers: z.record(z.string(), z.unknown()),
      }),
      output: View,
      idempotent: true,
      allow: staffAndPublic,
    },
    back: {
      summary: 'Goes back one step, or to a step (or visit) on the path; answers are kept',
      input: z.object({
        session: z.string(),
        seq: z.number(),
        messageId: z.string().max(100),
        to: z.string().optional(),
      }),
      output: View,
      idempotent: true,
      allow: staffAndPublic,
    },
    view: {
      summary: 'The present view of a session: after a reload, or on another channel',
      input: z.object({ session: z.string(), channel: z.enum(['agent', 'web', 'chat', 'voice']).optional() }),
      output: View,
      idempotent: true,
      allow: staffAndPublic,
    },
    signal: {
      summary: 'Something happened while a step waits: hang-up, time-out, wants-human, or an event of the script',
      input: z.object({
        session: z.string(),
        /** Of the view it is about; without it, whatever is asked now. */
        seq: z.number().optional(),
        messageId: z.string().max(100),
        event: z.string().regex(/^[\w.-]{1,60}$/),
      }),
      output: View,
      idempotent: true,
      allow: staffAndPublic,
    },
    pause: {
      summary: 'Puts a session aside; it takes no answers until it is resumed',
      input: z.object({ session: z.string(), seq: z.number(), messageId: z.string().max(100) }),
      output: View,
      idempotent: true,
      allow: staffAndPublic,
    },
    resume: {
      summary:
        'Goes on with a session: after a pause, in another language, on another channel, or as the agent who takes it over',
      input: z.object({
        session: z.string(),
        messageId: z.string().max(100),
        channel: z.enum(['agent', 'web', 'chat', 'voice']).optional(),
        language: z.string().optional(),
      }),
      output: View,
      idempotent: true,
      allow: staffAndPublic,
    },
    migrate: {
      summary: 'Puts the present version of its script under a session; a dry run lists the answers that would be lost',
      input: z.object({
        session: z.string(),
        seq: z.number(),
        messageId: z.string().max(100),
        dryRun: z.boolean().default(true),
      }),
      output: z.object({
        /** Whether the session runs another version than the present one. */
        changed: z.boolean(),
        version: z.string(),
        lost: z.array(z.object({ step: z.string(), name: z.string(), display: z.string() })),
        view: View,
      }),
      idempotent: true,
      allow: ['agent', 'supervisor', 'administrator'],
    },
    search: {
      summary: 'Business objects that a question of type reference may be answered by; the answer is the key',
      input: z.object({ session: z.string(), question: z.string(), text: z.string().max(200).default('') }),
      output: z.object({ found: z.array(z.object({ key: z.string(), display: z.string() })) }),
      idempotent: true,
      allow: staffAndPublic,
    },
    attach: {
      summary: 'Stores a part of a file for a question of type file; the answer is { id, name, type, size }',
      input: z.object({
        session: z.string(),
        question: z.string(),
        id: z.string().regex(/^[\w-]{1,60}$/),
        name: z.string().trim().min(1).max(255),
        type: z.string().regex(/^[\w.+-]{1,60}\/[\w.+-]{1,60}$/),
        part: z.number().int().min(1).max(64),
        parts: z.number().int().min(1).max(64),
        /** Base64. */
        content: z
          .string()
          .max(180_000)
          .regex(/^[A-Za-z0-9+/]*={0,2}$/),
      }),
      output: z.object({ stored: z.number() }),
      idempotent: true,
      allow: staffAndPublic,
    },
    file: {
      summary: 'A part of a file that was given as an answer',
      input: z.object({ session: z.string(), id: z.string(), part: z.number().int().min(1).default(1) }),
      output: z.object({
        name: z.string(),
        type: z.string(),
        part: z.number(),
        parts: z.number(),
        /** Base64. */
        content: z.string(),
      }),
      idempotent: true,
      allow: staffAndPublic,
    },
    usage: {
      summary: 'How a script is used: visits, drop-off, duration and corrections of each step, by version',
      input: z.object({
        script: z.string(),
        version: z.string().optional(),
        channel: z.enum(['agent', 'web', 'chat', 'voice']).optional(),
        /** Half-open; ISO, UTC. Without them, all there is. */
        from: z.iso.datetime().optional(),
        until: z.iso.datetime().optional(),
        /** Hours without a word after which a customer is taken to have gone. */
        silence: z.number().positive().max(8760).default(24),
      }),
      output: z.object({ script: z.string(), versions: z.array(VersionUsage) }),
      idempotent: true,
      allow: ['supervisor', 'administrator', 'script-developer'],
    },
    source: {
      summary: 'A script as text, with what the compiler says of it',
      input: z.object({ script: z.string() }),
      output: z.object({
        script: z.string(),
        file: z.string(),
        hash: z.string(),
        text: z.string(),
        faults: z.array(
          z.object({ line: z.number(), column: z.number(), code: z.string(), message: z.string(), remedy: z.string() }),
        ),
      }),
      idempotent: true,
      allow: ['administrator', 'supervisor'],
    },
  },
});

export * from './developer/contract.js';
export type { ScriptReport } from './report.js';
