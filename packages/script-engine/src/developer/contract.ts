import { defineContract } from '@caruso/service-manager/contract';
import { z } from 'zod';
import { Infeasible, RecordedCase } from '../case-file.js';

const roles = ['administrator', 'script-developer'];

/** A script's file within the front office's folder: `scripts/move.xml`. */
const File = z
  .string()
  .max(200)
  .regex(/^scripts\/(?:[\w-][\w.-]*\/)*[\w-][\w.-]*\.xml$/);
const Text = z.string().max(1_000_000);
const Hash = z.string().max(64);

/** Where steps are drawn, by their ids, in pixels; those that are not named are laid out. */
const Positions = z.record(z.string().max(200), z.object({ x: z.number(), y: z.number() }));
export type Positions = z.infer<typeof Positions>;

export const ScriptFault = z.object({
  file: z.string(),
  line: z.number(),
  column: z.number(),
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
  severity: z.enum(['error', 'warning']),
});

/** A text that is not published yet; one for each script, whoever works on it. */
const ScriptDraft = z.object({
  text: Text,
  positions: Positions,
  /** Of what was published when it began; null where nothing of this folder's own was. */
  base: Hash.nullable(),
  hash: Hash,
  by: z.string(),
  at: z.string(),
});
export type ScriptDraft = z.infer<typeof ScriptDraft>;

const ListedScript = z.object({
  file: z.string(),
  id: z.string(),
  title: z.string(),
  version: z.string(),
  channels: z.array(z.string()),
  /** The layer whose text serves, `.` the folder's own; null where there is a draft alone. */
  layer: z.string().nullable(),
  own: z.boolean(),
  errors: z.number(),
  warnings: z.number(),
  draft: z.object({ by: z.string(), at: z.string() }).nullable(),
});
export type ListedScript = z.infer<typeof ListedScript>;

const OpenedScript = z.object({
  file: z.string(),
  layer: z.string().nullable(),
  own: z.boolean(),
  /** What serves new sessions, or would but for its faults; null where nothing is published. */
  text: z.string().nullable(),
  /** Names what is published in the folder itself, for `publish`; null where a lower layer's text serves. */
  base: Hash.nullable(),
  positions: Positions,
  draft: ScriptDraft.nullable(),
});
export type OpenedScript = z.infer<typeof OpenedScript>;

/** A state of the script's file in this folder, newest first. */
const ScriptVersion = z.object({
  /** Of the journal's event. */
  seq: z.number(),
  /** What it was before that event, rather than after. */
  before: z.boolean(),
  at: z.string(),
  /** Who saved it; null where it was found in the folder. */
  by: z.string().nullable(),
  /** The `version` it gives itself; null where the file was taken away. */
  version: z.string().nullable(),
  hash: Hash.nullable(),
  present: z.boolean(),
});
export type ScriptVersion = z.infer<typeof ScriptVersion>;

const published = z.object({ base: Hash.nullable() });

/** For the tool with which a company writes its scripts. What a front office extends is never written. */
export const ScriptDeveloper = defineContract({
  id: 'script-developer',
  version: '1.0.0',
  methods: {
    list: {
      summary: 'Every script with its layer, version, faults and draft',
      input: z.object({}),
      output: z.object({ scripts: z.array(ListedScript) }),
      idempotent: true,
      allow: roles,
    },
    open: {
      summary: 'A script as it is published, and as somebody left it as a draft',
      input: z.object({ file: File }),
      output: OpenedScript,
      idempotent: true,
      allow: roles,
    },
    material: {
      summary: 'What scripts are compiled against: objects of the model, methods, all scripts, and the locale',
      input: z.object({}),
      output: z.object({
        objects: z.record(z.string(), z.record(z.string(), z.unknown())),
        methods: z.array(
          z.object({
            contract: z.string(),
            method: z.string(),
            idempotent: z.boolean(),
            input: z.unknown(),
            output: z.unknown(),
          }),
        ),
        scripts: z.array(z.object({ name: z.string(), path: z.string(), text: z.string() })),
        setting: z.object({ locale: z.string(), timezone: z.string(), currency: z.string() }),
      }),
      idempotent: true,
      allow: roles,
    },
    check: {
      summary: 'Every fault that a text would have as this script: the same as `caruso check` tells',
      input: z.object({ file: File, text: Text }),
      output: z.object({ faults: z.array(ScriptFault) }),
      idempotent: true,
      allow: roles,
    },
    saveDraft: {
      summary: 'Keeps a text that is not published; refused where somebody else saved the draft meanwhile',
      input: z.object({
        file: File,
        text: Text,
        positions: Positions.default({}),
        base: Hash.nullable(),
        /** Hash of the draft this one was made of; null for the first. */
        draft: Hash.nullable(),
      }),
      output: ScriptDraft,
      allow: roles,
    },
    discardDraft: {
      summary: 'Takes a draft away',
      input: z.object({ file: File, draft: Hash }),
      output: z.object({}),
      allow: roles,
    },
    publish: {
      summary: "Writes a text into the front office's own folder; new sessions run it, those under way keep theirs",
      input: z.object({ file: File, text: Text, positions: Positions.default({}), base: Hash.nullable() }),
      output: published,
      allow: roles,
    },
    versions: {
      summary: 'What was published of a script, by whom and when, newest first',
      input: z.object({ file: File }),
      output: z.object({ versions: z.array(ScriptVersion) }),
      idempotent: true,
      allow: roles,
    },
    version: {
      summary: 'The text of one of them; null where the file was taken away',
      input: z.object({ file: File, seq: z.number(), before: z.boolean() }),
      output: z.object({ text: z.string().nullable() }),
      idempotent: true,
      allow: roles,
    },
    rollBack: {
      summary: 'Publishes one of them again; none of its own, where a lower layer has one, gives way to that',
      input: z.object({ file: File, seq: z.number(), before: z.boolean(), base: Hash.nullable() }),
      output: published,
      allow: roles,
    },
    cases: {
      summary: 'The recorded cases of a script',
      input: z.object({ script: z.string() }),
      output: z.object({ cases: z.array(RecordedCase), infeasible: Infeasible, faults: z.array(ScriptFault) }),
      idempotent: true,
      allow: roles,
    },
    saveCase: {
      summary: 'Writes a recorded case beside the script, as `caruso script test` runs it',
      input: z.object({ script: z.string().regex(/^[\w.-]{1,100}$/), case: RecordedCase }),
      output: z.object({ file: z.string() }),
      allow: roles,
    },
  },
});
