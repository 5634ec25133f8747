import type { AttributeDescription, AttributeType } from '@caruso/business-objects/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CellSetting, readCell, writeCell } from './cell.js';

const attribute = (type: AttributeType, more: Partial<AttributeDescription> = {}): AttributeDescription => ({
  name: 'a',
  label: 'A',
  type,
  key: false,
  required: false,
  readOnly: false,
  search: false,
  ...more,
});
const dutch: CellSetting = { decimal: ',', timezone: 'Europe/Amsterdam' };
const english: CellSetting = { decimal: '.', timezone: 'Europe/London' };

describe('a cell', () => {
  it.each<[AttributeType, unknown, CellSetting, unknown]>([
    ['text', '  a ', english, 'a'],
    ['text', '', english, null],
    ['integer', '1.234', dutch, 1234],
    ['integer', '9007199254740993', dutch, '9007199254740993'],
    ['integer', 12, dutch, 12],
    ['decimal', '1.234,50', dutch, '1234.50'],
    ['decimal', '-1,234.5', english, '-1234.5'],
    ['decimal', 0.1, dutch, '0.1'],
    ['number', '1e3', english, 1000],
    ['money', '€ 12,50', dutch, { amount: '12.50', currency: 'EUR' }],
    ['money', '12.50 USD', english, { amount: '12.50', currency: 'USD' }],
    ['boolean', 'Ja', dutch, true],
    ['boolean', 0, dutch, false],
    ['date', '2026-01-31', dutch, '2026-01-31'],
    ['date', '31-01-2026', { ...dutch, format: 'dd-MM-yyyy' }, '2026-01-31'],
    ['date', new Date(Date.UTC(2026, 0, 31)), dutch, '2026-01-31'],
    ['datetime', '2026-07-01 09:00', dutch, '2026-07-01T07:00:00.000Z'],
    ['datetime', '2026-07-01T09:00:00Z', dutch, '2026-07-01T09:00:00.000Z'],
    ['phone', "'+31201234567", dutch, '+31201234567'],
  ])('of %s: %j is a value', (type, cell, setting, expected) => {
    expect(readCell(attribute(type), cell, setting)).toEqual({ value: expected });
  });

  it.each<[AttributeType, unknown, CellSetting]>([
    ['integer', '1,5', dutch],
    ['integer', '1.23', dutch],
    ['decimal', '12.50', dutch],
    ['boolean', 'perhaps', dutch],
    ['date', '31-01-2026', dutch],
    ['date', '2026-02-30', dutch],
    ['datetime', 'tomorrow', dutch],
    ['money', '12,50', dutch],
    ['json', '{', dutch],
  ])('of %s: %j is none, and it is said why', (type, cell, setting) => {
    expect(readCell(attribute(type), cell, setting)).toEqual({ wrong: expect.any(String) });
  });

  it('takes a word of an enumeration whatever its case', () => {
    const segment = attribute('one of', { values: ['household', 'key account'] });
    expect(readCell(segment, 'Key Account', dutch)).toEqual({ value: 'key account' });
    expect(readCell(segment, 'other', dutch)).toEqual({ value: 'other' });
  });

  it.each(['=1+1', '+31', '-2', '@sum', '\tx', '\rx', "'=x"])(
    '%j is no formula in an export, and comes back as it was',
    (text) => {
      const written = writeCell(attribute('text'), text, english);
      expect(written).not.toMatch(/^[=+\-@\t\r]/);
      expect(readCell(attribute('text'), written, english)).toEqual({ value: text });
    },
  );

  const cases: [AttributeDescription, fc.Arbitrary<unknown>][] = [
    [attribute('text'), fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => text.trim() === text)],
    [attribute('integer'), fc.maxSafeInteger()],
    [
      attribute('number'),
      fc
        .double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 })
        .map((value) => Number(value.toFixed(6)) + 0),
    ],
    [attribute('decimal'), fc.integer({ min: -1e9, max: 1e9 }).map((cents) => (cents / 100).toFixed(2))],
    [attribute('boolean'), fc.boolean()],
    [
      attribute('date'),
      fc
        .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
        .map((day) => day.toISOString().slice(0, 10)),
    ],
    [
      attribute('datetime'),
      fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }).map((time) => time.toISOString()),
    ],
    [
      attribute('money', { currency: 'EUR' }),
      fc.record({
        amount: fc.integer({ min: -1e9, max: 1e9 }).map((cents) => (cents / 100).toFixed(2)),
        currency: fc.constantFrom('EUR', 'USD'),
      }),
    ],
    [
      attribute('json'),
      fc.dictionary(fc.string(), fc.integer()).map((value) => JSON.parse(JSON.stringify(value)) as unknown),
    ],
  ];
  it.each(cases)('written of %j is read back as it was', (each, values) => {
    fc.assert(
      fc.property(values, fc.constantFrom(dutch, english), (value, setting) => {
        expect(readCell(each, writeCell(each, value, setting), setting)).toEqual({ value });
      }),
    );
  });
});
