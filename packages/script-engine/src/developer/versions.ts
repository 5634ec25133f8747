import type { ScriptVersion } from './contract.js';

/** What the journal keeps of a file that was saved. */
export interface SavedText {
  seq: number;
  at: string;
  by: string;
  before: string | null;
  after: string | null;
}

/** A state of the file and where its text is. */
export interface KnownVersion {
  told: ScriptVersion;
  text: string | null;
}

/**
 * The states a file has had, newest first: after each save, and before one where somebody had changed it by other means. Pure.
 *
 * @param saved oldest first
 */
export function versionsOf(
  saved: readonly SavedText[],
  present: string | null,
  hashOf: (text: string) => string,
): KnownVersion[] {
  const versions: KnownVersion[] = [];
  const add = (event: SavedText, before: boolean): void => {
    const text = before ? event.before : event.after;
    const told = {
      seq: event.seq,
      before,
      at: event.at,
      by: before ? null : event.by,
      version: text === null ? null : versionIn(text),
      hash: text === null ? null : hashOf(text),
      present: false,
    };
    versions.unshift({ told, text });
  };
  let last: string | null | undefined;
  for (const event of saved) {
    if (last === undefined || last !== event.before) add(event, true);
    add(event, false);
    last = event.after;
  }
  const now = versions.find(({ text }) => text === present);
  if (now !== undefined) now.told.present = true;
  return versions;
}

/** What the root element says of a script, without reading the rest. */
export function versionIn(text: string): string {
  return /<script\b[^>]*?\sversion\s*=\s*["']([^"']*)["']/.exec(text)?.[1] ?? '';
}

export function idIn(text: string): string | undefined {
  return /<script\b[^>]*?\sid\s*=\s*["']([^"']+)["']/.exec(text)?.[1];
}
