import type { MatchRule } from '@caruso/business-objects/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockingKeys } from './blocking.js';
import { DuplicateIndex } from './duplicate-index.js';
import { match } from './match.js';
import { soundex } from './soundex.js';

const rules: MatchRule[] = [
  { kind: 'all', band: 'same', conditions: [{ attribute: 'email' }] },
  { kind: 'all', band: 'perhaps', conditions: [{ attribute: 'name', like: 0.92 }, { attribute: 'phone' }] },
  {
    kind: 'weigh',
    same: 20,
    perhaps: 12,
    weights: [
      { attribute: 'name', like: 0.85, points: 8 },
      { attribute: 'bornOn', like: 0.85, points: 12 },
      { attribute: 'city', points: 5 },
    ],
  },
];
const record = (values: Record<string, string>) => new Map(Object.entries(values));
const ada = record({
  name: 'ada lovelace',
  email: 'ada@x.nl',
  phone: '+31612345678',
  bornOn: '1815-12-10',
  city: 'london',
});

describe('match', () => {
  it('is the same by an equal mail address, whatever else differs', () => {
    expect(match(rules, ada, record({ name: 'bob', email: 'ada@x.nl' }))).toMatchObject({
      band: 'same',
      agree: ['email'],
    });
  });

  it('is perhaps the same by a similar name and an equal telephone number', () => {
    const other = record({ name: 'ada lovelase', phone: '+31612345678' });
    expect(match(rules, ada, other)).toMatchObject({ band: 'perhaps', agree: ['name', 'phone'] });
  });

  it('adds up points, and takes some off for what disagrees', () => {
    const typo = record({ name: 'ada lovelase', bornOn: '1815-12-10', city: 'london' });
    const moved = record({ name: 'ada lovelase', bornOn: '1815-12-10', city: 'paris' });
    expect(match(rules, ada, typo).band).toBe('same');
    expect(match(rules, ada, moved).band).toBe('perhaps');
  });

  it('makes nothing of what is missing', () => {
    expect(match(rules, record({}), record({}))).toEqual({ band: 'new', likeness: 0, agree: [] });
    expect(match(rules, ada, record({ city: 'london' })).band).toBe('new');
  });

  const value = fc.constantFrom('ada', 'adah', 'bob', 'jansen piet', '19560409', '19560490');
  const anyRecord = fc
    .dictionary(fc.constantFrom('name', 'email', 'phone', 'bornOn', 'city'), value)
    .map((values) => record(values));

  it('is symmetric, and a record is the same as itself where it says enough', () => {
    fc.assert(
      fc.property(anyRecord, anyRecord, (left, right) => {
        expect(match(rules, left, right)).toEqual(match(rules, right, left));
        if (left.has('email')) expect(match(rules, left, left).band).toBe('same');
      }),
    );
  });

  it('finds in an index whatever is equal under a rule of conditions', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 20 }), anyRecord, (records, wanted) => {
        const conditions = rules.slice(0, 1);
        const index = new DuplicateIndex(conditions);
        records.forEach((each, at) => index.add(String(at), each));
        const expected = records.flatMap((each, at) =>
          match(conditions, each, wanted).band === 'new' ? [] : [String(at)],
        );
        expect(
          index
            .find(wanted)
            .map(({ key }) => key)
            .sort(),
        ).toEqual(expected.sort());
      }),
    );
  });
});

describe('blocking keys', () => {
  it('let similar names with the same number meet', () => {
    const other = record({ name: 'ada lovelase', phone: '+31612345678' });
    const mine = new Set(blockingKeys(rules, ada));
    expect(blockingKeys(rules, other).some((key) => mine.has(key))).toBe(true);
  });

  it('are few', () => {
    const long = record({
      name: Array.from({ length: 40 }, (_, at) => `word${at}`).join(' '),
      bornOn: 'a b c d e f g h',
      city: 'x',
    });
    expect(blockingKeys(rules, long).length).toBeLessThanOrEqual(24);
  });
});

describe('soundex', () => {
  it.each([
    ['robert', 'rupert'],
    ['jansen', 'janssen'],
    ['carl', 'karl'],
    ['visser', 'wisser'],
  ])('%s sounds like %s', (left, right) => expect(soundex(left)).toBe(soundex(right)));

  it('tells others apart', () => expect(soundex('bakker')).not.toBe(soundex('molenaar')));
});
