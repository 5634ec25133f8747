import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCursor, type SortCriterion, writeCursor } from './cursor.js';
import { dialectOf } from './dialect.js';
import { raw } from './sql.js';
import type { SqlType } from './sql-value.js';

const criterion = (type: SqlType): SortCriterion => ({
  value: { kind: 'scalar', sql: raw('x'), type, scale: 2, nullable: true },
  descending: false,
});

const dialects = (['sqlite', 'postgres', 'mariadb'] as const).map(dialectOf);

describe('a cursor', () => {
  it.each<[SqlType, unknown]>([
    ['text', "it's"],
    ['integer', 7],
    ['date', '2026-01-31'],
    ['datetime', '2026-01-31T09:00:00.000Z'],
    ['number', 0.1],
    ['text', null],
  ])('of %s comes back as it was written: %j', (type, value) => {
    const cursor = writeCursor('q', { values: [value] });
    for (const dialect of dialects)
      expect(readCursor(cursor, 'q', [criterion(type)], dialect)).toEqual({
        values: [type === 'datetime' ? dialect.instant(String(value)) : value],
      });
  });

  it.each<[SqlType, unknown]>([
    ['text', 7],
    ['integer', '1 or 1=1'],
    ['date', '2026-02-30'],
    ['datetime', 'now'],
    ['number', '0.1'],
    ['boolean', 'true'],
    ['decimal', {}],
  ])('of %s is refused when it holds %j', (type, value) => {
    for (const dialect of dialects) {
      expect(() => readCursor(writeCursor('q', { values: [value] }), 'q', [criterion(type)], dialect)).toThrow(
        /another type/,
      );
    }
  });

  it('is refused with CURSOR_INVALID whatever else it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString('base64url')),
        ),
        (text) => {
          for (const criteria of [undefined, [criterion('text')]]) {
            try {
              readCursor(text, 'q', criteria, dialectOf('sqlite'));
              expect.unreachable();
            } catch (error) {
              expect(error).toMatchObject({ code: 'CURSOR_INVALID', status: 400 });
            }
          }
        },
      ),
    );
  });

  it('of a list without key holds a position', () => {
    expect(readCursor(writeCursor('q', { offset: 50 }), 'q', undefined, dialectOf('sqlite'))).toEqual({ offset: 50 });
    expect(() => readCursor(writeCursor('q', { offset: -1 }), 'q', undefined, dialectOf('sqlite'))).toThrow(
      /no position/,
    );
    expect(() => readCursor(writeCursor('other', { offset: 1 }), 'q', undefined, dialectOf('sqlite'))).toThrow(
      /another query/,
    );
  });
});
