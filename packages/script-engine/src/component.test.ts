import { CarusoError } from '@caruso/service-manager/contract';
import { afterEach, describe, expect, it } from 'vitest';
import type { View } from './contract.js';
import {
  administrator,
  agent,
  as,
  databaseFile,
  type House,
  openHouse,
  otherVisitor,
  postgresServer,
  supervisor,
  visitor,
  withMeter,
} from './house.test.support.js';

const open: House[] = [];

async function house(...parameters: Partial<Parameters<typeof openHouse>>): Promise<House> {
  const [url = `sqlite:${databaseFile()}`, ...rest] = parameters;
  const made = await openHouse(url, ...rest);
  open.push(made);
  return made;
}

afterEach(async () => {
  for (const each of open.splice(0)) {
    await each.dropSchema();
    await each.close();
  }
});

let messages = 0;
const messageId = () => `message-${++messages}`;

async function code(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof CarusoError) return error.code;
    throw error;
  }
  return 'nothing was thrown';
}

function answer(at: House, view: View, answers: Record<string, unknown>, id = messageId()): Promise<View> {
  return at.scripts.answer({ session: view.session, seq: view.seq, messageId: id, answers });
}

const words = (text: { text: string }[] | undefined) => (text ?? []).map((run) => run.text).join('');

const bookingScript = (
  method: string,
  head = '',
) => `<script id="booking" version="1" xml:lang="en" channels="agent web">${head}
  <section id="s">
    <question id="ask" name="amount" type="decimal" required="yes"><say>How much?</say></question>
    <action id="book" do="ledger.${method}" into="booked"><arg name="amount" expr="amount"/>
      <fail to="failed"><say>It was not booked.</say></fail></action>
    <question id="more" name="more" type="boolean"><say>Receipt <value of="booked.receipt"/>. Right?</say></question>
    <end id="done" outcome="booked"/>
    <end id="failed" outcome="failed"/>
  </section></script>`;

const server = await postgresServer();

describe.each([
  { dialect: 'SQLite', url: undefined },
  { dialect: 'PostgreSQL', url: server },
])('the meter reading of the utility example, as self-service, on $dialect', ({ dialect, url }) => {
  const available = dialect === 'SQLite' || url !== undefined;

  it.skipIf(!available)('refuses a reading lower than the last, then stores the right one', async () => {
    const at = await house(url);
    await withMeter(at);
    await as(visitor, async () => {
      let view = await at.scripts.start({ script: 'meter-reading', channel: 'web', language: 'nl' });
      expect(view).toMatchObject({ title: 'Meterstand doorgeven', section: 'Uw meter', step: { id: 'identify' } });
      view = await answer(at, view, { customer: 'c100001', meter: 'M300001' });
      expect(words(view.step?.text)).toBe('Meter M300001 op Kerkstraat 12 stond het laatst op 1.200 kWh.');
      expect(view.step?.questions[1]).toMatchObject({ name: 'readOn', value: '2026-03-02' });
      view = await answer(at, view, { reading: '1199,9', readOn: '2026-03-02' });
      expect(view.step?.questions[0]?.errors).toEqual(['De stand kan niet lager zijn dan de vorige, 1.200.']);
      view = await answer(at, view, { reading: '1250.5', readOn: '2026-03-02' });
      view = await answer(at, view, { right: true });
      expect(view).toMatchObject({ outcome: 'stored', step: null });
    });
    const { records } = await at.objects.find({ object: 'MeterReading' });
    expect(records.map(({ values }) => values)).toEqual([
      expect.objectContaining({ meter: 'M300001', reading: '1250.5', readOn: '2026-03-02', source: 'self-service' }),
    ]);
    const events = await at.journal.read({ types: ['ScriptSession.*'] });
    expect(events.map(({ type }) => type)).toEqual([
      'ScriptSession.started',
      'ScriptSession.answered',
      'ScriptSession.answered',
      'ScriptSession.answered',
      'ScriptSession.actionIntended',
      'ScriptSession.acted',
      'ScriptSession.ended',
    ]);
    expect(events[1]).toMatchObject({ actor: { kind: 'visitor', id: 'v1' }, audience: ['visitor:v1'] });
    const [created] = await at.journal.read({ types: ['MeterReading.created'] });
    expect(created?.actor).toEqual({ kind: 'script', id: 'meter-reading' });
  });

  it.skipIf(!available)('finds nothing for the meter of somebody else, and lets the customer look again', async () => {
    const at = await house(url);
    await withMeter(at);
    await as(visitor, async () => {
      const view = await at.scripts.start({ script: 'meter-reading', channel: 'web', language: 'en' });
      const lost = await answer(at, view, { customer: "C100001' or '1'='1", meter: 'M300001' });
      expect(lost.step?.id).toBe('unknown');
      expect(lost.step?.notes).toBeUndefined();
      expect((await answer(at, lost, {})).step?.id).toBe('identify');
    });
  });
});

it('the outage and the move of the utility example end in a case', async () => {
  const at = await house();
  await withMeter(at);
  await as(agent, async () => {
    let view = await at.scripts.start({
      script: 'outage',
      channel: 'agent',
      language: 'en',
      params: { customerNo: 'C100001' },
    });
    view = await answer(at, view, { smellsGas: false });
    expect(view.step?.questions.map(({ name, value }) => [name, value])).toEqual([['customer', 'C100001']]);
    view = await answer(at, view, { customer: 'C100001' });
    expect(view.step?.questions[0]?.options).toEqual([
      { value: 'CN200001', text: [{ kind: 'value', text: 'Kerkstraat 12, electricity' }] },
    ]);
    view = await answer(at, view, { connection: 'CN200001', extent: 'house' });
    expect(view.outcome).toBe('reported');
  });
  await as(visitor, async () => {
    let view = await at.scripts.start({ script: 'move', channel: 'web', language: 'en' });
    view = await answer(at, view, { customer: 'C100001', oldPostcode: '7411 ab' });
    view = await answer(at, view, {
      street: 'Brink 1',
      postcode: '7411 BT',
      city: 'Deventer',
      movesOn: '2026-04-01',
      keeps: true,
    });
    view = await answer(at, view, { right: true });
    expect(words(view.messages[0])).toContain('you hear from us before 1 April 2026');
  });
  const { records } = await at.objects.find({ object: 'Case', sort: ['kind'] });
  expect(records.map(({ values }) => [values.kind, values.customer, values.subject])).toEqual([
    ['move', 'C100001', 'Moves to Deventer on 2026-04-01'],
    ['outage', 'C100001', 'Outage: the whole house'],
  ]);
});

describe('who may do what', () => {
  const inside = `<script id="inside" version="1" xml:lang="en"><param name="who" type="text"/><section id="s">
    <info id="hello"><say>Hello <value of="who"/></say><note>secret</note></info><end id="e" outcome="x"/></section></script>`;

  it('a visitor starts scripts for the web alone, without parameters', async () => {
    const at = await house(undefined, { 'scripts/inside.xml': inside });
    await as(visitor, async () => {
      const { scripts } = await at.scripts.list({ channel: 'web' });
      expect(scripts.map(({ id }) => id)).toEqual(['meter-reading', 'move', 'outage']);
      expect(await code(() => at.scripts.start({ script: 'inside', channel: 'web' }))).toBe('SCRIPT_UNKNOWN');
      expect(await code(() => at.scripts.start({ script: 'move', channel: 'agent' }))).toBe('SCRIPT_CHANNEL');
      const params = { customerNo: 'C1' };
      expect(await code(() => at.scripts.start({ script: 'move', channel: 'web', params }))).toBe(
        'SCRIPT_PARAMS_DENIED',
      );
    });
    await as(agent, async () => {
      const { scripts } = await at.scripts.list({ channel: 'agent' });
      expect(scripts.map(({ id }) => id)).toContain('inside');
      const view = await at.scripts.start({ script: 'inside', channel: 'agent', params: { who: 'Ann' } });
      expect(words(view.step?.text)).toBe('Hello Ann');
      const wrong = { script: 'inside', channel: 'agent', params: { whom: 'Ann' } } as const;
      expect(await code(() => at.scripts.start(wrong))).toBe('SCRIPT_PARAM_INVALID');
    });
  });

  it('a session is there for who started it; a supervisor looks on but does not answer', async () => {
    const at = await house();
    const view = await as(visitor, () => at.scripts.start({ script: 'meter-reading', channel: 'web' }));
    const { session, seq } = view;
    for (const stranger of [otherVisitor, agent]) {
      expect(await as(stranger, () => code(() => at.scripts.view({ session })))).toBe('SESSION_UNKNOWN');
      expect(await as(stranger, () => code(() => answer(at, view, {})))).toBe('SESSION_UNKNOWN');
    }
    const seen = await as(supervisor, () => at.scripts.view({ session, channel: 'agent' }));
    expect(seen.step?.notes).toHaveLength(1);
    const back = { session, seq, messageId: messageId() };
    expect(await as(supervisor, () => code(() => at.scripts.back(back)))).toBe('SESSION_UNKNOWN');
    // The owner asks for the agent's view and gets the customer's.
    expect((await as(visitor, () => at.scripts.view({ session, channel: 'agent' }))).step?.notes).toBeUndefined();
  });

  it('what was answered in a session cannot be read as a business object', async () => {
    const at = await house(undefined, { 'scripts/booking.xml': bookingScript('book') });
    const view = await as(agent, () => at.scripts.start({ script: 'booking', channel: 'agent' }));
    await as(agent, () => answer(at, view, { amount: '7' }));
    for (const person of [visitor, agent, supervisor, administrator]) {
      const read = await as(person, () => code(() => at.objects.find({ object: 'ScriptSessionEvent' })));
      expect(read).not.toBe('nothing was thrown');
    }
  });
});

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

it('sensitive answers are masked in the journal', async () => {
  const secret = `<script id="secret" version="1" xml:lang="en"><section id="s"><question id="q" name="pin" type="text"
    sensitive="yes"><say>Pin?</say></question><end id="e" outcome="x"/></section></script>`;
  const at = await house(undefined, { 'scripts/secret.xml': secret });
  await as(agent, async () => {
    const view = await at.scripts.start({ script: 'secret', channel: 'agent' });
    await answer(at, view, { pin: 'swordfish' });
  });
  expect(JSON.stringify(await at.journal.read())).not.toContain('swordfish');
});
