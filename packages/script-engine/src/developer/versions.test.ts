import { describe, expect, test } from 'vitest';
import { versionsOf } from './versions.js';

const text = (version: string) => `<script id="t" version="${version}" xml:lang="en"/>`;
const saved = (seq: number, by: string, before: string | null, after: string | null) => ({
  seq,
  at: `2026-03-0${seq}T09:00:00.000Z`,
  by,
  before: before === null ? null : text(before),
  after: after === null ? null : text(after),
});
const hashOf = (of: string) => String(of.length);

describe('the versions of a script', () => {
  test('are what was saved, and what somebody had made of it by other means before', () => {
    // Between the second and the third somebody edited the file by hand.
    const events = [saved(1, 'sue', null, '1'), saved(2, 'ada', '1', '2'), saved(3, 'sue', '2 by hand', '3')];
    const versions = versionsOf(events, text('3'), hashOf);
    expect(versions.map(({ told }) => [told.version, told.by, told.before, told.present])).toEqual([
      ['3', 'sue', false, true],
      ['2 by hand', null, true, false],
      ['2', 'ada', false, false],
      ['1', 'sue', false, false],
      [null, null, true, false],
    ]);
    expect(versions[1]?.text).toBe(text('2 by hand'));
  });

  test('know the newest that is as the file is now, and none where it was changed by other means', () => {
    const events = [saved(1, 'sue', '1', '2'), saved(2, 'ada', '2', '1')];
    const present = (now: string) => versionsOf(events, text(now), hashOf).map(({ told }) => told.present);
    expect(present('1')).toEqual([true, false, false]);
    expect(present('9')).toEqual([false, false, false]);
  });
});
