import { Normalisation } from '@caruso/business-objects/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparable } from './comparable.js';
import { normalise } from './normalise.js';

const value = (kind: Normalisation, text: string, country = 'NL') => {
  const result = normalise(kind, text, country);
  return 'value' in result ? result.value : `WRONG ${result.wrong}`;
};

describe('normalise', () => {
  it.each<[Normalisation, string, string]>([
    ['name', '  PIET   DE VRIES ', 'Piet de Vries'],
    ['name', "anne-marie o'neil", "Anne-Marie O'Neil"],
    ['name', 'Ronald McDonald', 'Ronald McDonald'],
    ['name', 'e\u0301milie', '\u00c9milie'],
    ['name', 'J', 'J'],
    ['company', 'Jansen  b.v.', 'Jansen B.V.'],
    ['company', 'IBM', 'IBM'],
    ['address', 'DORPSSTRAAT 12', 'Dorpsstraat 12'],
    ['postcode', '1234ab', '1234 AB'],
    ['email', ' Ada.Lovelace@Example.ORG ', 'Ada.Lovelace@example.org'],
    ['phone', '020 794 1234', '+31207941234'],
    ['phone', '+44 20 7946 0958', '+442079460958'],
    ['text', ' a\t b\n', 'a b'],
  ])('%s: %j becomes %j', (kind, text, expected) => {
    expect(value(kind, text)).toBe(expected);
  });

  it('takes a number without country code for one of the front office', () => {
    expect(value('phone', '020 7946 0958', 'GB')).toBe('+442079460958');
    expect(value('postcode', 'sw1a1aa', 'GB')).toBe('SW1A 1AA');
  });

  it('says what is wrong with a number that cannot exist', () => {
    expect(value('phone', '12')).toMatch(/^WRONG is no telephone number/);
    expect(value('phone', 'call me')).toMatch(/^WRONG/);
  });

  it('done twice changes nothing more', () => {
    const kind = fc.constantFrom(...Normalisation.options);
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string(),
      fc.constantFrom("D'ARCY", '+31 (0)20 7941234', 'GmbH b.v.'),
    );
    fc.assert(
      fc.property(kind, text, (which, given) => {
        const once = normalise(which, given, 'NL');
        if ('value' in once) expect(normalise(which, once.value, 'NL')).toEqual(once);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('comparable', () => {
  it('leaves out what does not matter', () => {
    expect(comparable('name', 'Dhr. \u00c9mile  JANSEN', 'NL')).toBe('emile jansen');
    expect(comparable('company', 'Jansen B.V.', 'NL')).toBe(comparable('company', 'jansen', 'NL'));
    expect(comparable('address', '12 Main Street', 'GB')).toBe(comparable('address', '12 main st.', 'GB'));
    expect(comparable('phone', '06-1234 5678', 'NL')).toBe(comparable('phone', '+31612345678', 'NL'));
    expect(comparable('email', 'ADA@x.nl ', 'NL')).toBe('ada@x.nl');
    expect(comparable('text', ' - ', 'NL')).toBeUndefined();
    expect(comparable('name', 'Prof.', 'NL')).toBe('prof');
  });

  it('is the same for a value and its normalised form', () => {
    fc.assert(
      fc.property(fc.constantFrom('text', 'name', 'address', 'postcode', 'email'), fc.string(), (kind, given) => {
        const once = normalise(kind, given, 'NL');
        if ('value' in once) expect(comparable(kind, once.value, 'NL')).toBe(comparable(kind, given, 'NL'));
      }),
      { numRuns: 1000 },
    );
  });
});
