import SQLite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { registerFunctions } from './sqlite-functions.js';

describe('functions of the expression language on a SQLite connection', () => {
  const connection = new SQLite(':memory:');
  connection.defaultSafeIntegers(true);
  registerFunctions(connection);
  const value = (sql: string, ...values: unknown[]) =>
    connection
      .prepare(`select ${sql} as value`)
      .pluck()
      .get(...values);

  it.each([
    ['Élise', '%É_ise'.toLowerCase(), 1],
    ['ZOË', '%oë', 1],
    ['abc', '%d', 0],
    [null, '%', null],
    ['100%', '100\\%', 1],
  ])('like(%s, %s) is %s, whatever the case', (text, pattern, expected) => {
    expect(value('caruso_like(?, ?)', text, pattern)).toBe(expected);
  });

  it('knows letters beyond ASCII, and numbers in a column of text', () => {
    expect(value('caruso_lower(?) || caruso_upper(?)', 'ÉÀ', 'ß')).toBe('éàSS');
    expect(value("caruso_like(42, '4%')")).toBe(1);
    expect(value('caruso_lower(null)')).toBeNull();
  });
});
