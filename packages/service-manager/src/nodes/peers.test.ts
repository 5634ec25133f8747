import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Announcement, decodeAnnouncement, encodeAnnouncement } from './announcement.js';
import { LOST_AFTER, Peers } from './peers.js';

const base: Announcement = {
  protocol: 2,
  node: 'erp',
  run: 'r1',
  sequence: 1,
  connection: 1,
  started: 0,
  where: 'host 1',
  phase: 'here',
  ask: false,
  providers: [],
};
const provider: Announcement['providers'][number] = {
  name: 'erp',
  version: '1.0.0',
  generation: 1,
  state: 'active',
  since: 0,
  ranking: 0,
  order: 1,
  offers: [{ contract: 'erp', version: '1.0.0' }],
  calls: { total: 0, failed: 0, inFlight: 0, p50: null, p95: null },
};

describe('peers', () => {
  test('join, tell news, leave', () => {
    const peers = new Peers();
    expect(peers.hear(base, 0).kind).toBe('joined');
    expect(peers.hear({ ...base, sequence: 2, providers: [provider] }, 0).kind).toBe('renewed');
    expect(peers.all().map((peer) => peer.announcement.providers)).toEqual([[provider]]);
    expect(peers.hear({ ...base, sequence: 4, phase: 'leaving' }, 0).kind).toBe('leaving');
    expect(peers.hear({ ...base, sequence: 5, phase: 'gone' }, 0).kind).toBe('gone');
    expect(peers.all()).toEqual([]);
    expect(peers.hear({ ...base, sequence: 6 }, 0).kind).toBe('stale');
  });

  test('are lost when not heard of for three seconds, and welcome when they are heard of again', () => {
    const peers = new Peers();
    peers.hear(base, 1_000);
    expect(peers.silent(1_000 + LOST_AFTER - 1)).toEqual([]);
    const [silent] = peers.silent(1_000 + LOST_AFTER);
    expect(silent?.node).toBe('erp');
    if (silent !== undefined) peers.drop(silent);
    expect(peers.hear({ ...base, sequence: 2 }, 9_000).kind).toBe('joined');
  });

  test('that lost their connection and found it again are told apart', () => {
    const peers = new Peers();
    peers.hear(base, 0);
    expect(peers.hear({ ...base, sequence: 2, connection: 2 }, 0).kind).toBe('reconnected');
  });

  test('a second run of a name waits until the first has gone', () => {
    const peers = new Peers();
    peers.hear(base, 0);
    const heard = peers.hear({ ...base, run: 'r2' }, 0);
    expect(heard).toMatchObject({ kind: 'rival', peer: { run: 'r1' } });
    if (heard.kind === 'rival') peers.forget(heard.peer);
    expect(peers.hear({ ...base, run: 'r2' }, 0).kind).toBe('joined');
    expect(peers.hear({ ...base, sequence: 99 }, 0).kind).toBe('stale');
  });

  test('an old announcement sent again changes nothing', () => {
    const step = fc.record({ sequence: fc.nat(6), phase: fc.constantFrom('here' as const, 'leaving' as const) });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const peers = new Peers();
        let latest = -1;
        for (const each of steps) {
          const { kind } = peers.hear({ ...base, ...each }, 0);
          expect(kind === 'stale').toBe(each.sequence <= latest);
          latest = Math.max(latest, each.sequence);
        }
      }),
    );
  });
});

describe('announcements', () => {
  const secret = 'a secret of twenty-four c';

  test('arrive as they were made', () => {
    const announcement = { ...base, providers: [provider] };
    expect(decodeAnnouncement(encodeAnnouncement(announcement, secret), secret)).toEqual(announcement);
  });

  test.each([
    ['another secret', encodeAnnouncement(base, 'another secret altogether'), 'does not have the secret'],
    ['altered', encodeAnnouncement(base, secret).replace('"erp"', '"erq"'), "Node 'erq' (host 1) is not trusted"],
    [
      'another protocol',
      encodeAnnouncement({ ...base, protocol: 1 }, secret),
      'speaks version 1 of the protocol, not 2',
    ],
    ['not JSON', 'x', 'does not have the secret'],
  ])('are refused: %s', (_, text, reason) => {
    expect(() => decodeAnnouncement(text, secret)).toThrow(reason);
  });
});
