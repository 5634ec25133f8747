/** An index over several attributes as a form. */
export interface IndexDraft {
  attributes: { name: string; descends: boolean }[];
  unique: boolean;
}

/** As written: `[station, -at]`, or `{ on: [station, at], unique: true }`. */
export function indexDraftOf(index: unknown): IndexDraft {
  const { on, unique } = (Array.isArray(index) ? { on: index } : (index ?? {})) as { on?: unknown; unique?: unknown };
  const words = Array.isArray(on) ? on.map(String) : [];
  return {
    attributes: words.map((word) => ({ name: word.replace(/^-/, ''), descends: word.startsWith('-') })),
    unique: unique === true,
  };
}

/** What the file says of it, as short as it can be said. */
export function indexOf({ attributes, unique }: IndexDraft): string[] | { on: string[]; unique: true } {
  const on = attributes.map(({ name, descends }) => (descends ? `-${name}` : name));
  return unique ? { on, unique } : on;
}

/** Whether it can be written: two attributes or more, none of them twice. */
export function isIndex({ attributes }: IndexDraft): boolean {
  const names = attributes.map(({ name }) => name);
  return names.length > 1 && !names.includes('') && new Set(names).size === names.length;
}
