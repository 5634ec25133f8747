import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, house, Receiver, SECRET } from './house.test.support.js';

const MINUTE = 60_000;

describe('webhooks', () => {
  let receiver: Receiver;
  let url: string;
  let at: House | undefined;
  beforeEach(async () => {
    receiver = new Receiver();
    url = await receiver.listen();
  });
  afterEach(async () => {
    await at?.stop();
    at = undefined;
    await receiver.close();
  });

  const hook = (more: object = {}) => ({ url, secret: SECRET, on: 'Customer.*', role: 'auditor', ...more });
  const open = async (hooks: Record<string, object>, more: object = {}): Promise<House> => {
    at = await house({ hooks, private: ['127.0.0.1'], ...more });
    return at;
  };
  const settled = async (of: House, count: number) =>
    of.until(async () => (await of.deliveries()).filter(({ state }) => state !== 'waiting').length === count);

  it('tell what happened, signed as a receiver with a library of its own checks', async () => {
    const office = await open({ erp: hook() });
    await office.create({ customerNo: 'C1', name: 'Ada', region: 'north', secret: 'pin' });
    await settled(office, 1);
    const [got] = receiver.got;
    const message = new Webhook(SECRET);
    // Its time is compared with the real one, ours is virtual.
    const {
      'webhook-id': id = '',
      'webhook-timestamp': time = '',
      'webhook-signature': signature,
    } = got?.headers ?? {};
    expect(Number(time) * 1000).toBe(office.clock.now());
    expect(message.sign(id, new Date(Number(time) * 1000), got?.text ?? '')).toBe(signature);
    expect(got?.headers['idempotency-key']).toBe(id);
    expect(got?.message).toMatchObject({
      id,
      webhook: 'erp',
      type: 'Customer.created',
      subject: { object: 'Customer', key: 'C1' },
      record: { object: 'Customer', key: 'C1', version: '1', values: { name: 'Ada', secret: 'pin' } },
    });
    await office.update('C1', { name: 'Ada L.' });
    await settled(office, 2);
    expect(receiver.got[1]?.message).toMatchObject({ type: 'Customer.updated', changed: ['name'] });
    expect((await office.list()).webhooks).toEqual([
      {
        webhook: 'erp',
        url,
        on: ['Customer.*'],
        role: 'auditor',
        counts: { waiting: 0, delivered: 2, dead: 0, withheld: 0 },
      },
    ]);
  });

  it('see rows and fields as their role does, also in what changed and what is gone', async () => {
    const office = await open({ partner: hook({ role: 'partner', user: { region: 'north' } }) });
    await office.create({ customerNo: 'C1', name: 'Ada', region: 'north', secret: 'pin 1' });
    await office.create({ customerNo: 'C2', name: 'Bo', region: 'south', secret: 'pin 2' });
    await settled(office, 2);
    await office.update('C1', { secret: 'pin 3' });
    await settled(office, 3);
    await office.update('C2', { name: 'Bob' });
    await settled(office, 4);
    await office.update('C1', { region: 'south', secret: 'pin 4' });
    await settled(office, 5);
    await office.remove('C2');
    await settled(office, 6);
    expect(
      receiver.got.map(({ message }) => [message.type, message.subject.key, message.changed, message.record !== null]),
    ).toEqual([
      ['Customer.created', 'C1', ['customerNo', 'name', 'region'], true],
      // It moved out of sight: that is told once, of what was known.
      ['Customer.updated', 'C1', ['region'], false],
    ]);
    expect(receiver.got.map(({ text }) => text).join()).not.toMatch(/pin|secret|south|Bo/);
    expect((await office.deliveries()).filter(({ state }) => state === 'withheld')).toHaveLength(4);
  });

  it('tell a role without rights nothing, and one that sees all of every deletion', async () => {
    const office = await open({ nobody: hook({ role: 'stranger' }), auditor: hook({ on: 'Customer.deleted' }) });
    await office.create({ customerNo: 'C1', name: 'Ada' });
    await office.remove('C1');
    await settled(office, 3);
    expect(receiver.got.map(({ message }) => [message.webhook, message.type, message.record])).toEqual([
      ['auditor', 'Customer.deleted', null],
    ]);
  });

  it('try again with growing pauses, under the same key and with the same words', async () => {
    const office = await open({ erp: hook() });
    const answers = [500, 429];
    receiver.answer = (response, { message }) => {
      const status = message.type === 'Customer.created' ? (answers.shift() ?? 200) : 200;
      response.writeHead(status, status === 429 ? { 'retry-after': '120' } : {}).end('busy');
    };
    await office.create({ customerNo: 'C1', name: 'Ada' });
    await office.until(async () => typeof (await office.deliveries())[0]?.problem === 'string');
    expect(await office.deliveries()).toMatchObject([{ state: 'waiting', problem: 'it answered 500: busy' }]);
    await office.update('C1', { name: 'Changed meanwhile' });
    await office.clock.advance(9_000);
    expect(receiver.got.filter(({ message }) => message.type === 'Customer.created')).toHaveLength(1);
    await office.clock.advance(1_000);
    await office.until(async () =>
      (await office.deliveries()).some(({ problem }) => problem?.includes('429') === true),
    );
    // The receiver asked for two minutes, more than the half of one that is due.
    await office.clock.advance(119_000);
    const created = () => receiver.got.filter(({ message }) => message.type === 'Customer.created');
    expect(created()).toHaveLength(2);
    await office.clock.advance(MINUTE);
    await settled(office, 2);
    expect(created()).toHaveLength(3);
    expect(new Set(created().map(({ text }) => text)).size).toBe(1);
    expect(new Set(created().map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(created().map(({ headers }) => headers['webhook-signature'])).size).toBe(3);
  });

  it('keep what could not be delivered, and send it again when an administrator says so', async () => {
    const office = await open({ erp: hook() }, { attempts: 2 });
    receiver.answer = (response) => response.writeHead(404).end();
    await office.create({ customerNo: 'C1', name: 'Ada' });
    await office.create({ customerNo: 'C2', name: 'Bo' });
    await office.until(async () => (await office.deliveries()).every(({ problem }) => problem !== null));
    await office.clock.advance(10_000);
    await settled(office, 2);
    expect((await office.list()).webhooks[0]?.counts).toMatchObject({ dead: 2 });
    receiver.answer = (response) => response.end();
    const [first] = await office.deliveries();
    expect(await office.retry(first?.id ?? '')).toEqual({ state: 'waiting' });
    await office.until(async () => (await office.deliveries())[0]?.state === 'delivered');
    expect(await office.retry(first?.id ?? '')).toEqual({ state: 'delivered' });
    expect(await office.retryAll('erp')).toEqual({ retried: 1 });
    await office.until(async () => (await office.list()).webhooks[0]?.counts.delivered === 2);
    await expect(office.retry('erp.nothing')).rejects.toMatchObject({ code: 'DELIVERY_UNKNOWN' });
    await expect(office.retryAll('epr')).rejects.toMatchObject({ code: 'WEBHOOK_UNKNOWN' });
    const types = (await office.journal.read({ types: ['WebhookDelivery.*'], limit: 100 })).map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['WebhookDelivery.dead', 'WebhookDelivery.retried']));
    expect(JSON.stringify(await office.journal.read({ types: ['WebhookDelivery.*'], limit: 100 }))).not.toContain(
      'Ada',
    );
  });

  it('end at once where the receiver is gone, and follow no redirection', async () => {
    const office = await open({ erp: hook() });
    receiver.answer = (response) => response.writeHead(302, { location: url }).end();
    await office.create({ customerNo: 'C1', name: 'Ada' });
    await office.until(async () => (await office.deliveries())[0]?.problem?.includes('redirections') === true);
    expect(receiver.got).toHaveLength(1);
    receiver.answer = (response) => response.writeHead(410).end();
    await office.clock.advance(10_000);
    await settled(office, 1);
    expect(await office.deliveries()).toMatchObject([{ state: 'dead', attempts: 2 }]);
  });

  it('one that does not answer holds up no other', async () => {
    const silent = new Receiver();
    const office = await open({ dead: hook({ url: await silent.listen() }), quick: hook() });
    silent.answer = () => {};
    for (const at of [1, 2, 3, 4, 5, 6]) await office.create({ customerNo: `C${at}`, name: 'x' });
    await office.until(() => receiver.got.length === 6 && silent.got.length === 4);
    await office.clock.advance(15_000);
    await office.until(async () =>
      (await office.deliveries()).some(({ problem }) => problem?.includes('15 s') === true),
    );
    silent.answer = (response) => response.end();
    await office.clock.advance(10 * MINUTE);
    await office.until(async () => (await office.list()).webhooks.every(({ counts }) => counts.delivered === 6));
    expect(new Set(silent.got.map(({ headers }) => headers['webhook-id'])).size).toBe(6);
    await silent.close();
  });

  it.each(['http://127.0.0.1', 'http://localhost', 'http://[::1]', 'http://0x7f.1', 'http://169.254.169.254'])(
    'never call an address of the inside that is not named: %s',
    async (origin) => {
      const { port } = new URL(url);
      const office = await open(
        { erp: hook({ url: `${origin}:${port}/hook` }) },
        { private: ['10.9.9.9'], attempts: 1 },
      );
      await office.create({ customerNo: 'C1', name: 'Ada' });
      await settled(office, 1);
      expect(await office.deliveries()).toMatchObject([
        { state: 'dead', problem: expect.stringMatching(/is an address of the inside/) as unknown },
      ]);
      expect(receiver.got).toEqual([]);
    },
  );

  it('forget what was delivered after a time, and nothing else', async () => {
    const office = await open({ erp: hook() }, { attempts: 1, keepDays: 2 });
    receiver.answer = (response, { message }) => response.writeHead(message.subject.key === 'C1' ? 200 : 500).end();
    await office.create({ customerNo: 'C1', name: 'Ada' });
    await office.create({ customerNo: 'C2', name: 'Bo' });
    await settled(office, 2);
    await office.clock.advance(50 * 60 * MINUTE);
    await office.until(async () => (await office.deliveries()).length === 1);
    expect(await office.deliveries()).toMatchObject([{ state: 'dead' }]);
  });
});
