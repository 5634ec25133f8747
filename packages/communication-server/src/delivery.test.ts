import { CarusoError } from '@caruso/service-manager/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { type House, openHouse } from './house.test.support.js';

let house: House;
afterEach(() => house.stop());

async function talking(): Promise<string> {
  house = await openHouse({
    changes: { 'queues.yaml': 'queues: { general: {} }\nchannels: { chat: { queue: general } }' },
  });
  await house.agent('anna', { queues: ['general'] });
  const { id } = await house.arrive();
  await house.offerTo('anna');
  await house.as('anna', () => house.communication.accept({ interaction: id, token: 1 }));
  return id;
}

const send = (interaction: string, messageId: string) =>
  house.as('anna', () => house.communication.send({ interaction, text: messageId, messageId }));
const deliveries = async (interaction: string) =>
  (await house.communication.conversation({ interaction })).messages.map((message) => message.delivery);

describe('delivery', () => {
  it('sends a message once, however often it is asked to', async () => {
    const id = await talking();
    const answers = await Promise.all([send(id, 'a'), send(id, 'a'), send(id, 'a')]);
    expect(new Set(answers.map((answer) => answer.id)).size).toBe(1);
    await house.until(async () => expect(await deliveries(id)).toEqual(['received', 'sent']));
    expect(house.farEnd.sent.map((message) => message.text)).toEqual(['a']);
  });

  it('tries again while the far end is away, and keeps the order', async () => {
    const id = await talking();
    let tried = 0;
    house.farEnd.fail = () => {
      tried += 1;
      return new CarusoError({ code: 'SMTP_UNREACHABLE', message: 'not there', status: 503 });
    };
    await send(id, 'a');
    await send(id, 'b');
    await house.until(() => expect(tried).toBe(1));
    expect(await deliveries(id)).toEqual(['received', 'pending', 'pending']);
    house.farEnd.fail = undefined;
    await house.clock.advance(1000);
    await house.until(async () => expect(await deliveries(id)).toEqual(['received', 'sent', 'sent']));
    expect(house.farEnd.sent.map((message) => message.text)).toEqual(['a', 'b']);
  });

  it('shows a refused message as failed at once, and what follows is sent', async () => {
    const id = await talking();
    house.farEnd.fail = () => new CarusoError({ code: 'MAIL_REFUSED', message: 'no such mailbox', status: 422 });
    await send(id, 'a');
    await house.until(async () => expect(await deliveries(id)).toEqual(['received', 'failed']));
    const { messages } = await house.communication.conversation({ interaction: id });
    expect(messages[1]?.details).toMatchObject({ error: 'no such mailbox' });
    house.farEnd.fail = undefined;
    await send(id, 'b');
    await house.until(async () => expect(await deliveries(id)).toEqual(['received', 'failed', 'sent']));
  });

  it('gives up on a far end that stays away, and says so', async () => {
    const id = await talking();
    house.farEnd.fail = () => new CarusoError({ code: 'SMTP_UNREACHABLE', message: 'not there', status: 503 });
    await send(id, 'a');
    for (let minute = 0; minute < 8; minute += 1) {
      await house.clock.advance(61_000);
      await house.until(async () => expect(await house.journal.read({ limit: 1 })).toHaveLength(1));
    }
    await house.until(async () => {
      await house.clock.advance(61_000);
      expect(await deliveries(id)).toEqual(['received', 'failed']);
    });
    expect(await house.journal.deadLetters()).toEqual([]);
  });
});

describe('what cannot be processed', () => {
  it('is kept whole and shown', async () => {
    house = await openHouse();
    const item = { channel: 'mail', from: 'x@example.org', error: 'broken', raw: 'From: x\r\n\r\nß€😀' };
    const { id } = await house.communication.keep(item);
    expect((await house.communication.kept({})).items).toMatchObject([{ id, ...item }]);
  });
});

describe('a campaign', () => {
  const customers = [
    { customerNo: 'C1', name: 'Ann', email: 'ann@example.org', segment: 'household' },
    { customerNo: 'C2', name: 'Bob', email: 'bob@example.org', segment: 'household' },
    { customerNo: 'C3', name: 'Cas', segment: 'household' },
    { customerNo: 'C4', name: 'Dan', email: 'dan@example.org', segment: 'business' },
  ];
  const status = async () => (await house.communication.snapshot({})).campaigns[0];

  async function start(): Promise<void> {
    house = await openHouse();
    for (const values of customers) await house.objects.create({ object: 'Customer', values });
    expect(await house.communication.startCampaign({ campaign: 'reading' })).toEqual({ campaign: 'reading', total: 3 });
  }

  it('writes to everybody it is for, at its pace, and counts who could not be reached and who answered', async () => {
    await start();
    expect(house.farEnd.sent).toEqual([]);
    for (const expected of [1, 2]) {
      await house.clock.advance(1000);
      await house.until(async () => expect((await status())?.sent).toBe(expected));
    }
    await house.clock.advance(1000);
    await house.until(async () =>
      expect(await status()).toMatchObject({ state: 'finished', total: 3, sent: 2, failed: 1 }),
    );
    expect(house.farEnd.sent.map((message) => message.text)).toEqual([
      'Dear Ann, your number is C1.',
      'Dear Bob, your number is C2.',
    ]);
    const { records } = await house.objects.find({
      object: 'Interaction',
      where: "campaign = 'reading'",
      sort: ['contactAddress'],
    });
    expect(records[0]?.values).toMatchObject({
      direction: 'outbound',
      state: 'done',
      subject: 'Your reading, Ann',
      customerKey: 'C1',
      queue: null,
    });
    const answer = { channel: 'mail', contact: { address: 'ann@example.org' }, interaction: records[0]?.key ?? '' };
    expect(await house.arrive({ ...answer, text: '1234' })).toMatchObject({
      direction: 'inbound',
      state: 'queued',
      customer: { key: 'C1' },
    });
    await house.arrive({ ...answer, text: 'and thanks' });
    expect(await status()).toMatchObject({ answered: 1 });
  });

  it('pauses and goes on, and writes to nobody twice', async () => {
    await start();
    await house.clock.advance(1000);
    await house.until(async () => expect((await status())?.sent).toBe(1));
    await house.communication.pauseCampaign({ campaign: 'reading' });
    await house.clock.advance(60_000);
    expect(await status()).toMatchObject({ state: 'paused', sent: 1 });
    await house.communication.startCampaign({ campaign: 'reading' });
    await house.until(async () => {
      await house.clock.advance(1000);
      expect(await status()).toMatchObject({ state: 'finished', sent: 2 });
    });
    expect(house.farEnd.sent).toHaveLength(2);
    await expect(house.communication.startCampaign({ campaign: 'redding' })).rejects.toMatchObject({
      code: 'CAMPAIGN_UNKNOWN',
    });
  });

  it('goes on after a restart', async () => {
    await start();
    await house.clock.advance(1000);
    await house.until(async () => expect((await status())?.sent).toBe(1));
    await house.manager.replace('communication', (await import('./component.js')).default);
    await house.manager.settled();
    await house.until(async () => {
      await house.clock.advance(1000);
      expect(await status()).toMatchObject({ state: 'finished', sent: 2, failed: 1 });
    });
    expect(house.farEnd.sent).toHaveLength(2);
  });
});
