/** Values that one statement looks for. */
const CHUNK = 200;

/** Keys in lists that a statement takes. Pure. */
export function chunks(keys: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(keys.length / CHUNK) }, (_, at) => keys.slice(at * CHUNK, (at + 1) * CHUNK));
}
