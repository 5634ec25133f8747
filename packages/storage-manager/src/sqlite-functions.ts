import { compileLike, type LikePattern } from '@caruso/expressions';
import type SQLite from 'better-sqlite3';

/** Patterns that are kept compiled; a statement uses few. */
const MOST_PATTERNS = 64;

/**
 * Functions of the expression language that SQLite does not have as the language means them: its own `like` and `lower` know the
 * letters of ASCII alone. They belong to the connection; nothing of them is written into the file.
 *
 * - `caruso_like(text, pattern)`: 1 or 0, null where either is null
 * - `caruso_lower(text)`, `caruso_upper(text)`
 */
export function registerFunctions(connection: SQLite.Database): void {
  const patterns = new Map<string, LikePattern>();
  connection.function('caruso_like', { deterministic: true }, (text: unknown, pattern: unknown) => {
    if (text === null || typeof pattern !== 'string') return null;
    let compiled = patterns.get(pattern);
    if (compiled === undefined) {
      if (patterns.size >= MOST_PATTERNS) patterns.clear();
      compiled = compileLike(pattern);
      patterns.set(pattern, compiled);
    }
    return compiled.test(String(text)) ? 1 : 0;
  });
  const changed = (name: string, change: (text: string) => string): void => {
    connection.function(name, { deterministic: true }, (text: unknown) =>
      text === null ? null : change(String(text)),
    );
  };
  changed('caruso_lower', (text) => text.toLowerCase());
  changed('caruso_upper', (text) => text.toUpperCase());
}
