import type { ModelerObject, Operation } from '@caruso/modeler/contract';

const TEXTS = ['label', 'labelPlural', 'extends', 'database', 'table', 'schema', 'written by'] as const;
const FLAGS = ['abstract', 'notes', 'attachments'] as const;

/** What a model file says of an object as a whole, but its attributes, relations, rights, duplicates and indexes; and `was`, which renaming says. */
export interface ObjectDraft extends Record<(typeof TEXTS)[number], string>, Record<(typeof FLAGS)[number], boolean> {
  /** The largest file that may be attached: `5 MB`; and of which types. */
  largest: string;
  types: string[];
  /** What is deleted stays, and can be restored. */
  keeps: boolean;
  /** Searched by an index of words. */
  words: boolean;
  removed: string[];
  ignore: string[];
}

export function objectDraftOf(rest: ModelerObject['rest']): ObjectDraft {
  const limits = (typeof rest['attachments'] === 'object' ? rest['attachments'] : null) as {
    largest?: unknown;
    types?: unknown;
  } | null;
  const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
  return {
    ...(Object.fromEntries(TEXTS.map((key) => [key, String(rest[key] ?? '')])) as Record<
      (typeof TEXTS)[number],
      string
    >),
    abstract: rest['abstract'] === true,
    notes: rest['notes'] === true,
    attachments: rest['attachments'] === true || limits !== null,
    largest: String(limits?.largest ?? ''),
    types: list(limits?.types),
    keeps: rest['delete'] === 'keep',
    words: rest['search'] === 'words',
    removed: list(rest['removed']),
    ignore: list(rest['ignore']),
  };
}

/** As the file says it; undefined for what it does not say. */
function saidOf(draft: ObjectDraft): Record<string, unknown> {
  const { largest, types, attachments } = draft;
  const limits = {
    ...(largest.trim() === '' ? {} : { largest: largest.trim() }),
    ...(types.length === 0 ? {} : { types }),
  };
  return {
    ...Object.fromEntries(TEXTS.map((key) => [key, draft[key].trim() === '' ? undefined : draft[key].trim()])),
    abstract: draft.abstract || undefined,
    notes: draft.notes || undefined,
    attachments: attachments ? (Object.keys(limits).length === 0 ? true : limits) : undefined,
    delete: draft.keeps ? 'keep' : undefined,
    search: draft.words ? 'words' : undefined,
    removed: draft.removed.length === 0 ? undefined : draft.removed,
    ignore: draft.ignore.length === 0 ? undefined : draft.ignore,
  };
}

/** The edits that make of an object what the form says: only what differs. */
export function objectOperations({ name, rest }: ModelerObject, draft: ObjectDraft): Operation[] {
  const was = saidOf(objectDraftOf(rest));
  return Object.entries(saidOf(draft)).flatMap(([key, value]): Operation[] =>
    JSON.stringify(value) === JSON.stringify(was[key])
      ? []
      : [{ do: 'set', object: name, path: [key], value: (value ?? null) as never }],
  );
}
