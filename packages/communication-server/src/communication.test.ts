import { afterEach, describe, expect, it } from 'vitest';
import { type House, openHouse } from './house.test.support.js';

let house: House;
const open = async (...options: Parameters<typeof openHouse>): Promise<House> => {
  house = await openHouse(...options);
  return house;
};
afterEach(() => house.stop());

describe('a contact', () => {
  it('is taken in, offered, answered, talked with, and wrapped up, with one event for each step', async () => {
    const { communication, as, farEnd } = await open();
    await house.agent('anna');
    const { id } = await house.arrive();
    const { offer } = await house.offerTo('anna');
    expect(offer).toMatchObject({ interaction: id, token: 1, reason: 'general; available for 0 s' });
    await as('anna', async () => {
      expect(await communication.accept({ interaction: id, token: 1 })).toMatchObject({
        state: 'active',
        agent: 'anna',
      });
      await communication.send({ interaction: id, text: 'Good morning', messageId: 'x' });
      await communication.send({ interaction: id, text: 'he sounds cross', note: true });
      await communication.hold({ interaction: id });
      await communication.resume({ interaction: id });
      await communication.finish({ interaction: id });
      expect(await communication.desktop({})).toMatchObject({ agent: { activity: 'wrap-up', work: [id] } });
      await communication.wrapUp({ interaction: id, disposition: 'Solved', note: 'done' });
      expect(await communication.desktop({})).toMatchObject({
        agent: { activity: 'ready', work: [] },
        interactions: [],
      });
    });
    await house.until(() =>
      expect(farEnd.sent.map((message) => message.text)).toEqual(['How can we help?', 'Good morning']),
    );
    await house.until(() => expect(farEnd.ended).toEqual([id]));
    const { messages } = await communication.conversation({ interaction: id });
    expect(messages.map(({ from, text, delivery }) => `${from} ${delivery}: ${text}`)).toEqual([
      'customer received: Hello',
      'machine sent: How can we help?',
      'agent sent: Good morning',
      'note sent: he sounds cross',
    ]);
    const types = (await house.types()).filter((type) => type.startsWith('Interaction.'));
    expect(types).toEqual(
      ['received', 'queued', 'offered', 'answered', 'held', 'resumed', 'finished', 'wrappedUp'].map(
        (type) => `Interaction.${type}`,
      ),
    );
  });

  it('leaves segments that say how long it waited and who answered', async () => {
    await open();
    const { id } = await house.arrive();
    await house.clock.advance(12_000);
    await house.agent('anna');
    const { offer } = await house.offerTo('anna');
    await house.as('anna', () => house.communication.accept({ interaction: id, token: offer.token }));
    const { records } = await house.objects.find({
      object: 'Segment',
      where: 'interaction = wanted',
      params: { wanted: id },
      sort: ['kind'],
    });
    expect(records.map((record) => record.values)).toMatchObject([
      { kind: 'conversation', agent: 'anna', endedAt: null, queuedAt: null },
      { kind: 'queue', queue: 'general', agent: 'anna', waited: 12_000, abandonedAt: null },
    ]);
    const answered = (await house.journal.read({ types: ['Interaction.answered'] }))[0];
    expect(answered?.changes.map((change) => change.object).sort()).toEqual([
      'Agent',
      'Interaction',
      'Segment',
      'Segment',
    ]);
    expect(answered?.audience).toEqual(['visitor:v1']);
  });

  it('that leaves while it waits is abandoned; one that leaves while talking is wrapped up by the agent', async () => {
    await open();
    const first = await house.arrive();
    expect(await house.communication.leave({ interaction: first.id })).toMatchObject({ state: 'abandoned' });
    await house.agent('anna');
    const second = await house.arrive({ contact: { address: 'v2' } });
    await house.offerTo('anna');
    await house.as('anna', () => house.communication.accept({ interaction: second.id, token: 1 }));
    expect(await house.communication.leave({ interaction: second.id })).toMatchObject({ state: 'wrap-up' });
    // Again, as after a lost answer.
    expect(await house.communication.leave({ interaction: second.id })).toMatchObject({ state: 'wrap-up' });
  });

  it('delivered twice is taken once, also while both are under way', async () => {
    await open();
    const once = { messageId: 'same', text: 'Hello' };
    const arrivals = await Promise.all([house.arrive(once), house.arrive(once), house.arrive(once)]);
    expect(new Set(arrivals.map((each) => each.id)).size).toBe(1);
    const other = await house.arrive({ ...once, contact: { address: 'v2' } });
    expect(other.id).not.toBe(arrivals[0]?.id);
    expect((await house.communication.conversation({ interaction: other.id })).messages[0]?.text).toBe('Hello');
  });

  it('goes on while it is open, and begins anew, with the same agent first, when it is over', async () => {
    await open();
    await house.agent('anna', { agent: 'anna' });
    const first = await house.arrive();
    await house.offerTo('anna');
    await house.as('anna', () => house.communication.accept({ interaction: first.id, token: 1 }));
    expect((await house.arrive({ interaction: first.id, text: 'and more' })).id).toBe(first.id);
    expect((await house.desktop('anna')).interactions[0]).toMatchObject({ unread: 2 });
    await house.as('anna', async () => {
      await house.communication.finish({ interaction: first.id });
      await house.communication.wrapUp({ interaction: first.id, disposition: 'Solved' });
    });
    await house.clock.advance(1000);
    await house.agent('bert');
    await house.clock.advance(1000);
    const second = await house.arrive({ interaction: first.id });
    expect(second.id).not.toBe(first.id);
    expect((await house.offerTo('anna')).offer.reason).toContain('spoke with this customer last');
  });
});

describe('recognition and routing', () => {
  it('knows the customer by address, and sends the contact where the declarations say', async () => {
    await open();
    await house.objects.create({
      object: 'Customer',
      values: {
        customerNo: 'C1',
        name: 'Vera',
        email: 'vera@example.org',
        phone: '+31612345678',
        segment: 'key account',
      },
    });
    const mail = await house.arrive({ channel: 'mail', contact: { address: 'Vera@Example.org' } });
    expect(mail).toMatchObject({ customer: { object: 'Customer', key: 'C1' }, queue: 'general', priority: 0 });
    const chat = await house.arrive({ text: 'my invoice is wrong', details: { email: 'vera@example.org' } });
    expect(chat).toMatchObject({ customer: { key: 'C1' }, queue: 'billing', skills: [{ skill: 'billing', level: 2 }] });
    const call = await house.arrive({ channel: 'voice', contact: { address: '+31 6 1234 5678' } });
    expect(call).toMatchObject({ customer: { key: 'C1' }, queue: 'outages', priority: 10, script: 'outage' });
    const stranger = await house.arrive({ channel: 'voice', contact: { address: '0900' } });
    expect(stranger).toMatchObject({ customer: null, priority: 5 });
  });

  it('takes a contact in although the queue it names is not declared, or the channel is not', async () => {
    await open();
    expect(await house.arrive({ queue: 'nowhere' })).toMatchObject({ queue: 'general', state: 'queued' });
    expect(await house.arrive({ channel: 'pigeon' })).toMatchObject({ queue: 'general', state: 'queued' });
  });

  it('asks for less after a while, then gives the contact to another queue', async () => {
    await open();
    await house.agent('junior', { queues: ['outages'], skills: { outage: 1 } });
    await house.agent('generalist', { queues: ['general'], capacity: { voice: 1 } });
    const first = await house.arrive({ channel: 'voice', contact: { address: '1' } });
    await house.clock.advance(59_000);
    expect((await house.desktop('junior')).offers).toEqual([]);
    await house.clock.advance(1_000);
    expect((await house.offerTo('junior')).offer.interaction).toBe(first.id);
    await house.as('junior', () => house.communication.setPresence({ presence: 'offline' }));
    await house.clock.advance(120_000);
    expect((await house.offerTo('generalist')).interaction).toMatchObject({ id: first.id, queue: 'general' });
    expect(await house.types()).toContain('Interaction.overflowed');
  });

  it('takes changed declarations at once and keeps the last good ones where they are faulty', async () => {
    await open();
    house.redeclare({ 'queues.yaml': 'queues: { front: { label: Front } }\nchannels: { chat: { queue: front } }' });
    expect(await house.arrive()).toMatchObject({ queue: 'front' });
    house.redeclare({ 'queues.yaml': 'queues: { back: { labl: Back } }' });
    expect(await house.arrive({ contact: { address: 'v9' } })).toMatchObject({ queue: 'front' });
  });
});

describe('an offer', () => {
  it('is answered by one of two windows; the other is told that it is gone', async () => {
    await open();
    await house.agent('anna');
    const { id } = await house.arrive();
    const { offer } = await house.offerTo('anna');
    const answers = await Promise.allSettled(
      [1, 2].map(() => house.as('anna', () => house.communication.accept({ interaction: id, token: offer.token }))),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = answers.find((answer) => answer.status === 'rejected');
    expect(lost?.reason).toMatchObject({ code: 'OFFER_GONE', status: 409 });
  });

  it('that is declined goes to another agent, and not back at once', async () => {
    await open();
    await house.agent('anna');
    const { id } = await house.arrive();
    await house.offerTo('anna');
    await house.as('anna', () => house.communication.decline({ interaction: id, token: 1 }));
    expect((await house.desktop('anna')).offers).toEqual([]);
    await house.clock.advance(1000);
    await house.agent('bert');
    expect((await house.offerTo('bert')).offer).toMatchObject({ interaction: id, token: 2 });
    await expect(
      house.as('anna', () => house.communication.accept({ interaction: id, token: 2 })),
    ).rejects.toMatchObject({ code: 'OFFER_GONE' });
  });

  it('nobody answers lapses, and who lets two go by is set away', async () => {
    await open();
    await house.agent('anna');
    const { id } = await house.arrive();
    await house.offerTo('anna');
    await house.clock.advance(20_000);
    await house.until(async () => expect((await house.desktop('anna')).offers).toEqual([]));
    await expect(
      house.as('anna', () => house.communication.accept({ interaction: id, token: 1 })),
    ).rejects.toMatchObject({ code: 'OFFER_GONE' });
    await house.clock.advance(30_000);
    expect((await house.offerTo('anna')).offer.token).toBe(2);
    await house.clock.advance(20_000);
    await house.until(async () =>
      expect((await house.desktop('anna')).agent).toMatchObject({ presence: 'away', reason: 'Not answering' }),
    );
    await house.clock.advance(600_000);
    expect((await house.desktop('anna')).offers).toEqual([]);
    await house.as('anna', () => house.communication.setPresence({ presence: 'ready' }));
    expect((await house.offerTo('anna')).offer.token).toBe(3);
  });

  it('is taken back when the agent goes away', async () => {
    await open();
    await house.agent('anna');
    const { id } = await house.arrive();
    await house.offerTo('anna');
    await house.as('anna', () => house.communication.setPresence({ presence: 'away', reason: 'Lunch' }));
    expect(await house.communication.get({ interaction: id })).toMatchObject({ state: 'queued', agent: null });
    expect((await house.desktop('anna')).agent).toMatchObject({
      presence: 'away',
      reason: 'Lunch',
      activity: 'away',
      availableSince: null,
    });
  });
});

describe('an agent', () => {
  it('touches only what is on the own desk', async () => {
    const { communication } = await open();
    await house.agent('anna');
    const { id } = await house.arrive();
    await house.offerTo('anna');
    await house.as('anna', () => communication.accept({ interaction: id, token: 1 }));
    await house.agent('bert');
    const Id = { interaction: id };
    const attempts = [
      () => communication.send({ ...Id, text: 'x' }),
      () => communication.send({ ...Id, text: 'x', note: true }),
      () => communication.hold(Id),
      () => communication.finish(Id),
      () => communication.transfer({ ...Id, queue: 'billing' }),
      () => communication.wrapUp({ ...Id, disposition: 'Solved' }),
      () => communication.attachScript({ ...Id, session: 's' }),
      () => communication.markRead(Id),
    ];
    for (const attempt of attempts)
      await expect(house.as<unknown>('bert', attempt)).rejects.toMatchObject({ code: 'NOT_YOURS', status: 403 });
    expect((await communication.conversation(Id)).messages).toHaveLength(2);
  });

  it('takes as many at once as the weights allow, one offer at a time', async () => {
    await open();
    await house.agent('anna');
    const ids: string[] = [];
    for (const address of ['v1', 'v2', 'v3']) ids.push((await house.arrive({ contact: { address } })).id);
    for (const expected of [1, 2]) {
      const { offers } = await house.until(async () => {
        const desk = await house.desktop('anna');
        expect(desk.offers).toHaveLength(1);
        return desk;
      });
      const { interaction, token } = offers[0]?.offer ?? { interaction: '', token: 0 };
      await house.as('anna', () => house.communication.accept({ interaction, token }));
      expect((await house.desktop('anna')).interactions).toHaveLength(expected);
    }
    await house.clock.advance(60_000);
    expect((await house.desktop('anna')).offers).toEqual([]);
    await expect(house.as('anna', () => house.communication.pull({ queue: 'general' }))).rejects.toMatchObject({
      code: 'CAPACITY_EXCEEDED',
    });
  });

  it('pulls the next of a queue it serves, also while away', async () => {
    await open();
    const { id } = await house.arrive();
    await house.communication.defineAgent({ agent: 'anna', name: 'Anna', queues: ['billing'] });
    const pull = (wanted: object) => house.as('anna', () => house.communication.pull(wanted));
    expect(await pull({})).toBeNull();
    await expect(pull({ interaction: id })).rejects.toMatchObject({ code: 'QUEUE_NOT_SERVED' });
    await house.communication.defineAgent({ agent: 'anna', name: 'Anna', queues: ['general'] });
    expect(await pull({ queue: 'general' })).toMatchObject({ id, state: 'active', agent: 'anna' });
    await expect(pull({ queue: 'nowhere' })).rejects.toMatchObject({ code: 'QUEUE_UNKNOWN' });
  });

  it('transfers with a note; the next one reads it, the customer never does', async () => {
    await open();
    await house.agent('anna', { queues: ['general'] });
    await house.agent('bill', { queues: ['billing'], skills: { billing: 3 } });
    const { id } = await house.arrive();
    await house.offerTo('anna');
    await house.as('anna', async () => {
      await house.communication.accept({ interaction: id, token: 1 });
      await house.communication.transfer({ interaction: id, queue: 'billing', note: 'wants a refund' });
    });
    expect((await house.offerTo('bill')).interaction).toMatchObject({ queue: 'billing', agent: null });
    const { messages } = await house.communication.conversation({ interaction: id });
    expect(messages.map((message) => message.text)).toContain('wants a refund');
    const read = await house.communication.read({ interaction: id });
    expect(read.messages.map((message) => message.text)).toEqual(['Hello', 'How can we help?']);
    const noted = (await house.journal.read({ types: ['Message.noted'] }))[0];
    expect(noted?.audience).toEqual([]);
  });

  it('is not offered anything during wrap-up; where the queue says so it ends by itself', async () => {
    await open();
    await house.agent('anna', { skills: { outage: 5 } });
    const { id } = await house.arrive({ channel: 'voice', contact: { address: '1' } });
    await house.offerTo('anna');
    await house.as('anna', async () => {
      await house.communication.accept({ interaction: id, token: 1 });
      await house.communication.finish({ interaction: id });
    });
    await house.arrive({ contact: { address: 'v2' } });
    await house.clock.advance(29_000);
    const desk = await house.desktop('anna');
    expect(desk).toMatchObject({ offers: [], agent: { activity: 'wrap-up' } });
    expect(Date.parse(desk.wrapUpUntil ?? '') - house.clock.now()).toBe(1000);
    await house.clock.advance(1000);
    await house.offerTo('anna');
    expect(await house.communication.get({ interaction: id })).toMatchObject({ state: 'done', disposition: 'none' });
  });

  it('that nobody defined may look, and is told so when it wants to work', async () => {
    await open();
    expect((await house.desktop('zoe')).agent).toMatchObject({ presence: 'offline', queues: [] });
    await expect(house.as('zoe', () => house.communication.setPresence({ presence: 'ready' }))).rejects.toMatchObject({
      code: 'AGENT_UNKNOWN',
    });
    await house.agent('anna');
    await expect(
      house.as('anna', () => house.communication.setPresence({ presence: 'away', reason: 'Siesta' })),
    ).rejects.toMatchObject({ code: 'PRESENCE_REASON_UNKNOWN' });
  });
});

describe('a supervisor', () => {
  it('moves what waits to another queue, or keeps it for one agent', async () => {
    await open();
    const { id } = await house.arrive();
    await house.agent('bill', { queues: ['billing'] });
    await house.as('sue', () => house.communication.move({ interaction: id, queue: 'billing' }), 'supervisor');
    expect(await house.communication.get({ interaction: id })).toMatchObject({ state: 'queued', queue: 'billing' });
    expect((await house.desktop('bill')).offers).toEqual([]);
    await house.as('sue', () => house.communication.move({ interaction: id, agent: 'bill' }), 'supervisor');
    expect((await house.offerTo('bill')).offer.reason).toContain('given by a supervisor');
    await expect(house.communication.move({ interaction: id })).rejects.toMatchObject({ code: 'MOVE_WHERE' });
  });

  it('sees agents, queues and contacts', async () => {
    await open();
    await house.agent('anna');
    await house.arrive();
    await house.arrive({ contact: { address: 'v2' } });
    await house.offerTo('anna');
    const floor = await house.communication.snapshot({});
    expect(floor.agents).toMatchObject([{ agent: 'anna', activity: 'offered' }]);
    expect(floor.queues[0]).toMatchObject({ queue: 'general', waiting: 2, readyAgents: 0 });
    expect(floor.interactions.map((each) => each.state).sort()).toEqual(['offered', 'queued']);
    expect(floor.campaigns).toMatchObject([{ campaign: 'reading', state: 'idle' }]);
  });
});
