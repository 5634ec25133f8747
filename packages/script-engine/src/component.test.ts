import { systemPrincipal } from '@caruso/service-manager/contract';
import { describe, expect, it } from 'vitest';
import { answer, bookingScript, code, house, messageId, words } from './dialog.test.support.js';
import {
  administrator,
  agent,
  as,
  otherVisitor,
  postgresServer,
  supervisor,
  visitor,
  withMeter,
} from './house.test.support.js';

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

it('the lost card of the banking example is blocked before anything else, by the client alone', async () => {
  const at = await house(undefined, {}, { example: 'banking' });
  const client = { clientNo: '10000001', fullName: 'Ruth Hall', dateOfBirth: '1980-05-17', relation: 'standard' };
  await at.objects.create({ object: 'Client', values: client });
  const balance = { amount: '10.00', currency: 'GBP' };
  await at.objects.create({
    object: 'Account',
    values: { accountNo: 'HSB00000001', client: '10000001', kind: 'current', balance },
  });
  await at.objects.create({
    object: 'Card',
    values: { cardNo: '1234', client: '10000001', account: 'HSB00000001', kind: 'debit' },
  });
  await as(visitor, async () => {
    let view = await at.scripts.start({ script: 'lost-card', channel: 'web', language: 'en' });
    view = await answer(at, view, { client: '10000001', born: '1980-05-18' });
    expect(view.step?.id).toBe('unknown');
    view = await answer(at, view, {});
    view = await answer(at, view, { client: '10000001', born: '1980-05-17' });
    expect(JSON.stringify(view)).not.toContain('1980');
    view = await answer(at, view, { card: '1234' });
    view = await answer(at, view, { how: 'stolen' });
    const cards = { object: 'Card', where: "status = 'blocked'" };
    expect(await code(() => at.objects.find(cards))).toBe('ACCESS_DENIED');
    expect((await as(systemPrincipal, () => at.objects.find(cards))).records.map(({ key }) => key)).toEqual(['1234']);
    view = await answer(at, view, { replace: true, reported: true });
    expect(view.outcome).toBe('replaced');
  });
  const card = await at.objects.get({ object: 'Card', key: '1234' });
  expect(card?.values).toMatchObject({ status: 'blocked', blockedAt: '2026-03-02T09:00:00.000Z' });
  const { records } = await at.objects.find({ object: 'Request' });
  expect(records.map(({ values }) => [values.kind, values.purpose])).toEqual([
    ['replacement card', 'For the stolen card ending 1234'],
  ]);
});

describe('who may do what', () => {
  const inside = `<script id="inside" version="1" xml:lang="en"><param name="who" type="text"/><section id="s">
    <info id="hello"><say>Hello <value of="who"/></say><note>secret</note></info><end id="e" outcome="x"/></section></script>`;

  it('a visitor starts scripts for the web alone, without parameters', async () => {
    const at = await house(undefined, { 'scripts/inside.xml': inside });
    await as(visitor, async () => {
      const { scripts } = await at.scripts.list({ channel: 'web' });
      expect(scripts.map(({ id }) => id)).toEqual([
        'meter-reading',
        'move',
        'outage',
        'payment-plan',
        'satisfaction',
        'tariff-change',
      ]);
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

describe('customer and agent in one dialog', () => {
  const shared = `<script id="shared" version="1" xml:lang="en" channels="agent web"><section id="s">
    <form id="both"><say>Together.</say><note>Only for you.</note>
      <question id="a" name="city" type="text" required="yes"><say>City?</say></question>
      <question id="b" name="sure" type="boolean" required="yes"><say>Sure?</say></question></form>
    <question id="c" name="more" type="text"><say>More?</say></question><end id="e" outcome="done"/></section></script>`;

  it('both see where it is and go on with it; of two answers to one view one is taken; each is known by name; no note leaves', async () => {
    const at = await house(undefined, { 'scripts/shared.xml': shared });
    const begun = await as(visitor, () => at.scripts.start({ script: 'shared', channel: 'web' }));
    const { session } = begun;
    const asVisitor = () => as(visitor, () => at.scripts.view({ session, channel: 'agent' }));
    expect(await code(() => as(agent, () => at.scripts.view({ session })))).toBe('SESSION_UNKNOWN');
    await as(visitor, () => at.scripts.signal({ session, messageId: messageId(), event: 'wants-human' }));
    const desk = await as(agent, () => at.scripts.resume({ session, messageId: 'take', channel: 'agent' }));
    expect(desk.step?.notes).toHaveLength(1);
    const seen = await asVisitor();
    expect(seen).toMatchObject({ seq: desk.seq, channel: 'web', step: { id: 'both' } });

    const answers = (city: string) => ({ city, sure: true });
    const both = await Promise.allSettled([
      as(agent, () => answer(at, desk, answers('Deventer'))),
      as(visitor, () => answer(at, seen, answers('Zutphen'))),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find((each) => each.status === 'rejected')).toMatchObject({ reason: { code: 'SESSION_STALE' } });
    const now = await asVisitor();
    expect(now.step?.id).toBe('c');

    // The customer corrects what was entered; the agent sees it and ends it.
    const back = await as(visitor, () => at.scripts.back({ session, seq: now.seq, messageId: messageId() }));
    await as(visitor, () => answer(at, back, answers('Arnhem')));
    const last = await as(agent, () => at.scripts.view({ session }));
    expect(last.answers.map(({ value }) => value)).toEqual(['Arnhem', true]);
    expect((await as(agent, () => answer(at, last, { more: 'no' }))).outcome).toBe('done');
    expect(await asVisitor()).toMatchObject({ outcome: 'done' });

    const events = await at.journal.read({ types: ['ScriptSession.answered'] });
    expect(events.map(({ data }) => [data['step'], data['by']])).toEqual([
      ['both', expect.stringMatching(/^(anna|v1)$/)],
      ['both', 'v1'],
      ['c', 'anna'],
    ]);
    expect(events.every(({ audience }) => audience.includes('visitor:v1'))).toBe(true);
    expect(JSON.stringify([seen, now, back])).not.toMatch(/Only for you|"notes"/);
  });

  it('prompts escalate by attempt, and the language is switched in mid-session, for the customer and the agent', async () => {
    const asking = `<script id="ask" version="1" xml:lang="en" channels="agent web"><section id="s">
      <question id="q" name="n" type="integer" required="yes"><say>How many?</say><say xml:lang="nl">Hoeveel?</say>
        <say count="2">A number, please.</say><say count="2" xml:lang="nl">Een getal, graag.</say>
        <say count="3">For instance 3.</say></question><end id="e" outcome="done"/></section></script>`;
    const at = await house(undefined, { 'scripts/ask.xml': asking });
    await as(visitor, async () => {
      const said = ({ step }: { step: { text: { text: string }[] } | null }) => words(step?.text);
      let view = await at.scripts.start({ script: 'ask', channel: 'web', language: 'en' });
      expect([said(view), view.step?.attempt]).toEqual(['How many?', 1]);
      view = await answer(at, view, { n: 'x' });
      expect([said(view), view.step?.attempt]).toEqual(['A number, please.', 2]);
      view = await at.scripts.resume({ session: view.session, messageId: messageId(), language: 'nl' });
      expect([said(view), view.language]).toEqual(['Een getal, graag.', 'nl']);
      expect(view.step?.questions[0]?.errors.join()).toMatch(/getal/);
      view = await answer(at, view, { n: 'y' });
      view = await at.scripts.resume({ session: view.session, messageId: messageId(), language: 'en' });
      expect([said(view), view.step?.attempt]).toEqual(['For instance 3.', 3]);
      expect((await answer(at, view, { n: 4 })).outcome).toBe('done');
    });
  });
});
