import type SQLite from 'better-sqlite3';
import { nativeText } from './placeholder.js';

/** Preparing costs as much as reading a few rows; a front office has some hundred different statements. */
const MOST = 500;

/**
 * Prepared statements of one SQLite connection by their text, the least recently used going first. They need not be dropped when
 * tables change, by us or by another program: SQLite prepares a statement anew when it finds the schema changed.
 */
export class PreparedStatements {
  readonly #connection: SQLite.Database;
  readonly #most: number;
  readonly #kept = new Map<string, SQLite.Statement<unknown[]>>();

  constructor(connection: SQLite.Database, most = MOST) {
    this.#connection = connection;
    this.#most = most;
  }

  get size(): number {
    return this.#kept.size;
  }

  of(text: string): SQLite.Statement<unknown[]> {
    let statement = this.#kept.get(text);
    if (statement === undefined) {
      statement = this.#connection.prepare(nativeText(text, () => '?'));
      if (this.#kept.size >= this.#most) {
        const [oldest] = this.#kept.keys();
        if (oldest !== undefined) this.#kept.delete(oldest);
      }
    } else this.#kept.delete(text);
    this.#kept.set(text, statement);
    return statement;
  }
}
