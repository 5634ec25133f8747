import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiClient } from '../support/api.js';
import { accessibilityFaults, launch, person, screenshot, signedIn } from '../support/browser.js';
import { FrontOffice, makeFolder, removeFolder } from '../support/front-office.js';
import { browser as chromium, testWith } from '../support/requirement.js';

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

  test('a client proves a new address with a file in parts and a signature', async () => {
    const client = new ApiClient(office.url);
    let view = await client.call<View>('scripts.start', { script: 'address-change', channel: 'web' });
    const { session } = view;
    const answer = async (answers: Record<string, unknown>) => {
      view = await client.call<View>('scripts.answer', { session, seq: view.seq, messageId: `m${view.seq}`, answers });
    };
    await answer({ client: '10000002', born: '1971-11-03' });
    await answer({ home: '1 High Street, 12345 Leeds', movesOn: new Date().toISOString().slice(0, 10) });
    expect(view.step?.id).toBe('ask-proof');
    const file = { id: 'proof-1', name: 'lease.pdf', type: 'application/pdf' };
    const part = (number: number, text: string) => {
      const content = Buffer.from(text).toString('base64');
      return client.call('scripts.attach', { session, question: 'proof', ...file, part: number, parts: 2, content });
    };
    await part(1, 'first ');
    // Half a file is no answer.
    await expect(answer({ proof: { ...file, size: 6 } })).rejects.toThrow(/proof-1/);
    await part(2, 'second');
    await answer({ proof: { ...file, size: 12 } });
    await answer({ signature: { name: 'A. Client', strokes: 'M0 0 L10 10' } });
    await answer({ right: true });
    expect(view.outcome).toBe('sent');
    const kept = await client.call<{ content: string; parts: number }>('scripts.file', {
      session,
      id: 'proof-1',
      part: 2,
    });
    expect({ text: Buffer.from(kept.content, 'base64').toString(), parts: kept.parts }).toEqual({
      text: 'second',
      parts: 2,
    });
  });

  test('a client who asks for a person is taken over by an agent, who sees all that was said; no note reaches the client', async () => {
    const client = new ApiClient(office.url);
    const wire: string[] = [];
    const seen = (shown: View) => {
      wire.push(JSON.stringify(shown));
      return shown;
    };
    let view = seen(await client.call<View>('scripts.start', { script: 'complaint', channel: 'chat' }));
    const { session } = view;
    const answer = async (answers: Record<string, unknown>) => {
      view = seen(
        await client.call<View>('scripts.answer', { session, seq: view.seq, messageId: `m${view.seq}`, answers }),
      );
    };
    // In a chat the form comes question by question.
    await answer({ client: '10000002' });
    await answer({ born: '1971-11-03' });
    await answer({ kind: 'service' });
    view = seen(await client.call<View>('scripts.signal', { session, messageId: 'help', event: 'wants-human' }));
    expect(view.step?.id).toBe('colleague');
    const olivia = await ApiClient.signedIn(office.url, 'olivia', 'harbour-demo');
    const resume = { session, messageId: 'take', channel: 'agent' };
    await expect(new ApiClient(office.url).call('scripts.resume', resume)).rejects.toThrow(/SESSION_UNKNOWN/);
    const taken = await olivia.call<View & { answers: { name: string }[] }>('scripts.resume', resume);
    expect(taken.step?.id).toBe('settle');
    expect(taken.answers.map(({ name }) => name)).toEqual(['client', 'born']);
    const done = await olivia.call<View>('scripts.answer', {
      session,
      seq: taken.seq,
      messageId: 'agreed',
      answers: { settled: 'a call' },
    });
    expect(done.outcome).toBe('settled');
    seen(await client.call<View>('scripts.view', { session, channel: 'agent' }));
    for (const text of wire) expect(text).not.toMatch(/Let the client tell|Read what was said|"notes"/);
  });

  testWith(chromium)(
    'an assistant leads a client in the chat and hands over to a person, who sees all answers and goes on',
    {
      timeout: 120_000,
    },
    async () => {
      const browser = await launch();
      try {
        const client = await person(browser, { width: 390, height: 844 });
        const wire: string[] = [];
        client.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => wire.push(String(payload))));
        client.on('response', (response) => {
          if (response.url().includes('/api/'))
            void response.text().then(
              (text) => wire.push(text),
              () => {},
            );
        });
        await client.goto(`${office.url}/self-service`);
        await client.getByRole('button', { name: 'Chat with us' }).click();
        await client.getByLabel('Your name').fill('Ruth Hall');
        await client.getByLabel('Your question').fill('Good evening');
        await client.getByRole('button', { name: 'Start the chat' }).click();
        const log = client.getByRole('log');
        const told = (text: string) => log.getByText(text).last().waitFor();
        const say = async (text: string) => {
          await client.getByLabel('Your message').fill(text);
          await client.keyboard.press('Enter');
          await log.getByText(text, { exact: true }).last().waitFor();
        };
        await told('3. A complaint');
        await client.getByText('You are talking with our assistant.').waitFor();
        await say('the weather');
        await told('I did not understand that.');
        expect(await accessibilityFaults(client)).toEqual([]);
        await screenshot(client, 'chat-bot-390');
        await say('a complaint');
        await told('Client number, eight digits');
        await say('10000002');
        await told('Date of birth');
        await say('3-11-1971');
        await told('3. How you were treated');
        await say('3');
        await told('What happened?');
        await say('They kept me waiting');
        await told('to leave it out');
        await say('skip');
        await told('Is there anything else?');
        await say('agent');
        await told('put through to a person');
        await screenshot(client, 'chat-bot-handover-390');

        const agent = await signedIn(browser, office.url, 'olivia', { password: 'harbour-demo' });
        await agent.getByRole('button', { name: /^Presence/ }).click();
        await agent.getByRole('menuitem', { name: /Ready/ }).click();
        await agent.getByRole('button', { name: 'Accept' }).click();
        const context = agent.getByRole('region', { name: 'Customer and script' });
        await context.getByText('What was agreed?').first().waitFor();
        await context.getByText('They kept me waiting').waitFor();
        await agent.getByRole('log').getByText('I did not understand that.').first().waitFor();
        expect(await accessibilityFaults(agent)).toEqual([]);
        await screenshot(agent, 'chat-bot-desktop-1440');
        await context.getByLabel(/What was agreed/).fill('a call tomorrow');
        await context.getByRole('button', { name: 'Next' }).click();
        await context.getByText('a call tomorrow').first().waitFor();
        await agent.getByLabel('Write to the customer').fill('I am sorry to hear that.');
        await agent.keyboard.press('Enter');
        await told('I am sorry to hear that.');
        // What stands beside the steps for the agent was on no wire of the client's.
        expect(wire.length).toBeGreaterThan(5);
        expect(wire.join('\n')).not.toMatch(/Let the client tell|Read what was said|Do not ask again|"notes"/);
      } finally {
        await browser.close();
      }
    },
  );

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
