import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiClient } from '../support/api.js';
import { FrontOffice, makeFolder, removeFolder } from '../support/front-office.js';

interface View {
  session: string;
  seq: number;
  step: { id: string; questions: { name: string; options: { value: string }[] }[]; errors: string[] } | null;
  outcome: string | null;
}

describe('the bank: another front office on the same packages', () => {
  let office: FrontOffice;
  beforeAll(async () => {
    office = await FrontOffice.start(makeFolder('banking'));
  });
  afterAll(async () => {
    await office?.stop();
    removeFolder(office.folder);
  });

  test('a client blocks a lost card in self-service, and staff see it', async () => {
    const client = new ApiClient(office.url);
    let view = await client.call<View>('scripts.start', { script: 'lost-card', channel: 'web' });
    const given: Record<string, unknown> = { client: '10000002', born: '1971-11-03', card: '9034' };
    for (let turn = 0; turn < 12 && view.outcome === null; turn += 1) {
      // Questions that are not about who it is get their first option, or a yes.
      const answers = Object.fromEntries(
        (view.step?.questions ?? []).map(({ name, options }) => [name, given[name] ?? options[0]?.value ?? true]),
      );
      const message = { session: view.session, seq: view.seq, messageId: `m${turn}`, answers };
      view = await client.call<View>('scripts.answer', message);
    }
    expect(view.outcome).not.toBeNull();
    const olivia = await ApiClient.signedIn(office.url, 'olivia', 'harbour-demo');
    const card = await olivia.json<{ values: Record<string, unknown> }>('GET', '/api/objects/Card/9034');
    expect(card.values['status']).toBe('blocked');
  });

  test('a loan enquiry of a premier client reminds the supervisors', async () => {
    const olivia = await ApiClient.signedIn(office.url, 'olivia', 'harbour-demo');
    await olivia.json('POST', '/api/objects/Request', {
      values: { client: '10000002', kind: 'loan', amount: { amount: '9000.00', currency: 'GBP' } },
    });
    await olivia.json('POST', '/api/objects/Request', { values: { client: '10000001', kind: 'loan' } });
    const noah = await ApiClient.signedIn(office.url, 'noah', 'harbour-demo');
    const reminders = await office.until('a reminder', async () => {
      const mine = await noah.call<{ reminders: { text: string }[] }>('reminders.mine');
      return mine.reminders.length > 0 ? mine.reminders : undefined;
    });
    expect(reminders.map((reminder) => reminder.text)).toEqual(['Call the client about the loan enquiry']);
  });

  test('has its own words everywhere and none of the utility', async () => {
    const noah = await ApiClient.signedIn(office.url, 'noah', 'harbour-demo');
    const everything = JSON.stringify([
      await noah.call('screens.navigation'),
      await noah.call('screens.resolve', { screen: 'client-360', key: '10000002' }),
      await noah.call('screens.portal'),
      await noah.json('GET', '/api/openapi.json'),
    ]);
    expect(everything).toContain('Harbour Savings Bank online');
    expect(everything).not.toMatch(/\b(lumen|meterNo|customerNo|MeterReading|outages?)\b/i);
  });
});
