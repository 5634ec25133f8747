import { describe, expect, it } from 'vitest';
import { answer, bookingScript, code, house, messageId, words } from './dialog.test.support.js';
import { administrator, agent, as, databaseFile, type House, visitor } from './house.test.support.js';
import { Overtaken, SessionStore } from './store.js';

describe('once and in order', () => {
  it('a stale answer is refused, a repeated message gives the same view and one effect', async () => {
    const at = await house(undefined, { 'scripts/booking.xml': bookingScript('book') });
    await as(agent, async () => {
      const start = await at.scripts.start({ script: 'booking', channel: 'agent', requestId: 'r1' });
      const again = await at.scripts.start({ script: 'booking', channel: 'agent', requestId: 'r1' });
      expect(again.session).toBe(start.session);
      const first = await answer(at, start, { amount: '7' }, 'm-1');
      expect(await answer(at, start, { amount: '7' }, 'm-1')).toEqual(first);
      expect(await code(() => answer(at, start, { amount: '8' }, 'm-2'))).toBe('SESSION_STALE');
      const last = await answer(at, first, { more: true }, 'm-3');
      expect(last.outcome).toBe('booked');
      expect(await answer(at, start, { amount: '7' }, 'm-1')).toEqual(first);
      expect(at.calls).toHaveLength(1);
      expect(await code(() => answer(at, last, {}))).toBe('SESSION_ENDED');
    });
  });

  it('of two answers at the same moment one is taken', async () => {
    const at = await house(undefined, { 'scripts/booking.xml': bookingScript('book') });
    await as(agent, async () => {
      const start = await at.scripts.start({ script: 'booking', channel: 'agent' });
      const both = await Promise.allSettled([answer(at, start, { amount: '1' }), answer(at, start, { amount: '2' })]);
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(at.calls).toHaveLength(1);
    });
  });

  it('an answer that another node overtook leaves nothing behind', async () => {
    const at = await house(undefined, { 'scripts/booking.xml': bookingScript('book') });
    const { session } = await as(agent, () => at.scripts.start({ script: 'booking', channel: 'agent' }));
    const store = new SessionStore(at.model, at.storage, at.journal);
    const before = await store.load(session);
    if (before === undefined) throw new Error('the session was stored');
    const time = '2026-03-02T09:00:00.000Z';
    const back = (message: string) => ({ type: 'wentBack', at: time, message, visit: 'ask#1' }) as const;
    const row = { ...before.row, seq: 2 };
    await store.append(1, [back('one')], row, [{ type: 'ScriptSession.wentBack' }]);
    const late = store.append(1, [back('two')], row, [{ type: 'ScriptSession.wentBack' }]);
    await expect(late).rejects.toBeInstanceOf(Overtaken);
    expect((await store.load(session))?.events.slice(1)).toEqual([back('one')]);
    expect(await at.journal.read({ types: ['ScriptSession.wentBack'] })).toHaveLength(1);
  });

  it('an action is called as the script under a key, and not again when one goes back over it', async () => {
    const at = await house(undefined, { 'scripts/booking.xml': bookingScript('book') });
    await as(agent, async () => {
      const start = await at.scripts.start({ script: 'booking', channel: 'agent' });
      let view = await answer(at, start, { amount: '7' });
      const { session } = start;
      expect(at.calls[0]?.call).toMatchObject({
        id: `${session}/book#1`,
        principal: { kind: 'script', id: 'booking' },
      });
      view = await at.scripts.back({ session, seq: view.seq, messageId: messageId() });
      expect(view.step?.questions[0]?.value).toBe('7');
      view = await answer(at, view, { amount: '7' });
      expect(at.calls).toHaveLength(1);
      view = await at.scripts.back({ session, seq: view.seq, messageId: messageId(), to: 'ask' });
      await answer(at, view, { amount: '8' });
      expect(at.calls.map(({ call }) => call.id)).toEqual([`${session}/book#1`, `${session}/book#1/2`]);
    });
  });

  it('an action that fails takes the way of its fail', async () => {
    const at = await house(undefined, { 'scripts/booking.xml': bookingScript('book') });
    await as(visitor, async () => {
      const view = await at.scripts.start({ script: 'booking', channel: 'web' });
      const end = await answer(at, view, { amount: '13' });
      expect(end).toMatchObject({ outcome: 'failed' });
      expect(words(end.messages[0])).toBe('It was not booked.');
    });
  });
});

describe('after a crash between an action and its outcome', () => {
  /** The database as killing the process in the middle of the action would leave it. */
  async function crashed(method: string): Promise<{ url: string; session: string; callId: string }> {
    const copy = databaseFile();
    let at: House | undefined;
    const onLedger = async () => {
      await at?.storage.query('main', (knex) => knex.raw(`vacuum into '${copy}'`));
    };
    at = await house(undefined, { 'scripts/booking.xml': bookingScript(method) }, { onLedger });
    const view = await as(agent, () => (at as House).scripts.start({ script: 'booking', channel: 'agent' }));
    await as(agent, () => answer(at as House, view, { amount: '7' }));
    return { url: `sqlite:${copy}`, session: view.session, callId: at.calls[0]?.call.id ?? '' };
  }

  it('an idempotent method is called again with the same key', async () => {
    const { url, session, callId } = await crashed('put');
    const at = await house(url, { 'scripts/booking.xml': bookingScript('put') });
    const view = await as(agent, () => at.scripts.view({ session }));
    expect(at.calls.map(({ call }) => call.id)).toEqual([callId]);
    expect(view.step?.id).toBe('more');
    await as(agent, () => at.scripts.view({ session }));
    expect(at.calls).toHaveLength(1);
  });

  it('any other is not repeated: the session takes the fail way and says why', async () => {
    const { url, session } = await crashed('book');
    const at = await house(url, { 'scripts/booking.xml': bookingScript('book') });
    const view = await as(agent, () => at.scripts.view({ session }));
    expect(at.calls).toEqual([]);
    expect(view.outcome).toBe('failed');
    expect(words(view.messages[0])).toContain("it is not known whether 'ledger.book' was done");
    expect(await at.journal.read({ types: ['ScriptSession.acted'] })).toEqual([
      expect.objectContaining({ data: expect.objectContaining({ ok: false, code: 'ACTION_IN_DOUBT' }) }),
    ]);
  });
});

describe('when a script is saved', () => {
  it('running sessions keep their version, new ones have the new', async () => {
    const at = await house(undefined, { 'scripts/booking.xml': bookingScript('book') });
    await as(agent, async () => {
      const old = await at.scripts.start({ script: 'booking', channel: 'agent' });
      at.save({ 'scripts/booking.xml': bookingScript('book').replace('How much?', 'Which amount?') });
      const fresh = await at.scripts.start({ script: 'booking', channel: 'agent' });
      expect(words(fresh.step?.questions[0]?.text)).toBe('Which amount?');
      expect(words((await at.scripts.view({ session: old.session })).step?.questions[0]?.text)).toBe('How much?');
    });
  });

  it('a faulty version leaves the old one serving and says what is wrong with it', async () => {
    const at = await house(undefined, { 'scripts/booking.xml': bookingScript('book') });
    at.save({ 'scripts/booking.xml': bookingScript('bok') });
    const view = await as(agent, () => at.scripts.start({ script: 'booking', channel: 'agent' }));
    expect(words(view.step?.questions[0]?.text)).toBe('How much?');
    const source = await as(administrator, () => at.scripts.source({ script: 'booking' }));
    expect(source.faults).toEqual([
      expect.objectContaining({
        line: 4,
        column: 27,
        code: 'SCRIPT_METHOD_UNKNOWN',
        remedy: "did you mean 'ledger.book'?",
      }),
    ]);
  });

  it('a session in the middle finishes with the old version, or is put on the new one after a look at what would be lost', async () => {
    const at = await house(undefined, { 'scripts/booking.xml': bookingScript('book') });
    const next = bookingScript('book')
      .replace('version="1"', 'version="2"')
      .replace('<question id="ask" name="amount"', '<question id="ask-sum" name="amount"')
      .replace('<end id="done"', '<info id="thanks"><say>Thank you.</say></info><end id="done"');
    const begun = async () => {
      const start = await at.scripts.start({ script: 'booking', channel: 'agent' });
      return answer(at, start, { amount: '7' });
    };
    await as(agent, async () => {
      const stays = await begun();
      const moves = await begun();
      const to = { session: moves.session, seq: moves.seq, messageId: messageId() };
      expect(await at.scripts.migrate(to)).toMatchObject({ changed: false, lost: [] });
      at.save({ 'scripts/booking.xml': next });
      expect((await answer(at, stays, { more: true })).outcome).toBe('booked');

      const looked = await at.scripts.migrate(to);
      const amount = { step: 'ask', name: 'amount', display: '7' };
      expect(looked).toMatchObject({ changed: true, version: '2', lost: [amount], view: { step: { id: 'ask-sum' } } });
      // Looking changes nothing.
      expect((await at.scripts.view({ session: moves.session })).step?.id).toBe('more');
      const moved = await at.scripts.migrate({ ...to, dryRun: false });
      expect(moved).toMatchObject({ changed: true, lost: [amount], view: { step: { id: 'ask-sum' } } });
      let view = await answer(at, moved.view, { amount: '7' });
      view = await answer(at, view, { more: true });
      expect(view.step?.id).toBe('thanks');
      expect((await answer(at, view, {})).outcome).toBe('booked');
      // What the old version did is not done again for the same amount: one call a session.
      expect(at.calls.map(({ amount: sum }) => sum)).toEqual(['7', '7']);
    });
  });

  it('sessions of a version that is no longer in the folder go on after a restart', async () => {
    const url = `sqlite:${databaseFile()}`;
    const before = await house(url, { 'scripts/booking.xml': bookingScript('book') });
    const { session } = await as(agent, () => before.scripts.start({ script: 'booking', channel: 'agent' }));
    await before.close();
    const at = await house(url, { 'scripts/booking.xml': bookingScript('book').replace('How much?', 'Which?') });
    const view = await as(agent, () => at.scripts.view({ session }));
    expect(words(view.step?.questions[0]?.text)).toBe('How much?');
    expect((await as(agent, () => answer(at, view, { amount: '5' }))).step?.id).toBe('more');
  });
});
