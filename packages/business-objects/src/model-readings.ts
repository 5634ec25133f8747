import type { Source } from '@caruso/declarations';

interface Kept {
  readonly texts: readonly string[];
  readonly reading: unknown;
}

/**
 * What was read of model files, kept as long as their texts stay the same: of a model that changes, most files do not. Readings are values
 * that nobody changes.
 */
export class ModelReadings {
  readonly #kept = new Map<string, Kept>();

  /**
   * The reading of a file over those below it.
   *
   * @param kind of reading
   * @param stack the file last
   */
  of<T>(kind: string, stack: readonly Source[], read: () => T): T {
    const texts = stack.flatMap(textsOf);
    const name = `${kind} ${texts.at(-2) ?? ''}`;
    const kept = this.#kept.get(name);
    if (kept !== undefined && isSame(kept.texts, texts)) return kept.reading as T;
    const reading = read();
    this.#kept.set(name, { texts, reading });
    return reading;
  }

  /** Forgets files that are no longer there. */
  keepOnly(sources: readonly Source[]): void {
    const paths = new Set(sources.map(({ path }) => path));
    for (const [name, { texts }] of this.#kept) if (!paths.has(texts.at(-2) ?? '')) this.#kept.delete(name);
  }
}

/** Path and text of a file and of those it lies over, its own last. */
function textsOf({ path, text, below }: Source): string[] {
  return [...(below === undefined ? [] : textsOf(below)), path, text];
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((text, index) => text === right[index]);
}
