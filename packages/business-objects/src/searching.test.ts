import { VirtualClock, withinCall } from '@caruso/service-manager/contract';
import { describe, expect, it } from 'vitest';
import { createObjects } from './create-objects.js';
import { user } from './customer-care.test.support.js';
import { counting, testDatabases } from './databases.test.support.js';

const PLAIN = `object: Letter
attributes:
  id: { type: integer, key: true }
  subject: { type: text, search: true, length: 100 }
  body: { type: text, search: true }
  secret: { type: text }
rights:
  agent: all
  clerk: { read: all, hide: [body] }
`;
const INDEXED = PLAIN.replace('object: Letter\n', 'object: Letter\nsearch: words\n');

const LETTERS = [
  { id: 1, subject: 'No gas', body: 'There is no gas in the Straße since Monday, the meter is a G4.' },
  { id: 2, subject: 'Gas leak!', body: 'It is the gas. Please come.', secret: 'water' },
  { id: 3, subject: 'Water', body: 'Zoë says: the water-meter 12 leaks; gas is fine' },
  { id: 4, subject: 'a the of', body: null },
  { id: 5, subject: '日本語', body: "'; drop table letter; --" },
];

/** What is asked, and which letters answer: the same on every database. */
const SEARCHES: [string, number[]][] = [
  ['gas', [1, 2, 3]],
  ['GAS leak', [2, 3]],
  ['"gas leak"', [2]],
  ['"no gas"', [1]],
  ['gas -leak', [1]],
  ['gas -"no gas"', [2, 3]],
  ['-gas', [4, 5]],
  ['strasse', [1]],
  ['zoe', [3]],
  ['met', [1, 3]],
  ['eter', []],
  ['water-meter', [3]],
  ['the', [1, 2, 3, 4]],
  ['a of', [4]],
  ['12', [3]],
  ['g4', [1]],
  ['日本', [5]],
  ['drop table', [5]],
  ['gas OR', []],
  ['"gas', [1, 2, 3]],
  ['!!!', [1, 2, 3, 4, 5]],
  ["') or 1=1 --", []],
  ['no such word', []],
];

describe.each(testDatabases)('an index of words on $name', ({ open }) => {
  it('finds beginnings of words, phrases and what has no word, also in rows that were there before it', async (test) => {
    const clock = new VirtualClock();
    const opened = await open(clock);
    if (opened === undefined) return test.skip();
    const start = (file: string) =>
      createObjects({ ...opened, ids: counting(), clock, model: { 'letter.yaml': file } });
    const plain = await start(PLAIN);
    for (const values of LETTERS.slice(0, 3)) await plain.objects.create({ object: 'Letter', values });

    const { objects, faults } = await start(INDEXED);
    expect(faults).toEqual([]);
    for (const values of LETTERS.slice(3)) await objects.create({ object: 'Letter', values });
    const found = async (search: string) =>
      (await objects.find({ object: 'Letter', search })).records.map(({ values }) => values['id']);
    for (const [search, expected] of SEARCHES) expect([search, await found(search)]).toEqual([search, expected]);

    // Right after each change.
    await objects.update({ object: 'Letter', key: '1', values: { body: 'electricity' } });
    expect(await found('electr')).toEqual([1]);
    expect(await found('meter')).toEqual([3]);
    await objects.update({ object: 'Letter', key: '2', values: { secret: 'changed' } });
    expect(await found('come')).toEqual([2]);
    await objects.delete({ object: 'Letter', key: '3' });
    expect(await found('water')).toEqual([]);

    // Who does not see the body finds nothing by it.
    const clerk = user('cleo', ['clerk']);
    const seen = (search: string) => withinCall({ id: 'call', principal: clerk }, async () => await found(search));
    expect(await seen('electr')).toEqual([]);
    expect(await seen('gas -leak')).toEqual([1]);

    // What was planned is all there is to do.
    const again = await start(INDEXED);
    expect((await again.objects.find({ object: 'Letter', search: 'leak' })).records).toHaveLength(1);
    await opened.close();
  });
});
