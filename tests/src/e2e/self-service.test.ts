import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test as plainTest } from 'vitest';
import { ApiClient } from '../support/api.js';
import { accessibilityFaults, launch, person, screenshot } from '../support/browser.js';
import { FrontOffice, makeFolder, removeFolder } from '../support/front-office.js';
import { browser as chromium, testWith } from '../support/requirement.js';

const test = testWith(chromium);

describe('self-service in a browser', () => {
  let office: FrontOffice;
  let browser: Browser;

  beforeAll(async () => {
    office = await FrontOffice.start(makeFolder('utility'));
    if (chromium.present) browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await office?.stop();
    if (office !== undefined) removeFolder(office.folder);
  });

  plainTest(
    "one dialog on four media: the same path and answers; a note stands on no wire but the agent's",
    async () => {
      interface View {
        session: string;
        seq: number;
        step: { questions: { name: string }[] } | null;
        answers: { visit: string; name: string; value: unknown }[];
        outcome: string | null;
      }
      const anna = await ApiClient.signedIn(office.url, 'anna', 'lumen-demo');
      const first = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);
      const given: Record<string, unknown> = {
        customer: 'C100001',
        postcode: '7411 AB',
        amount: '250',
        months: 4,
        firstOn: first,
        right: true,
      };
      const run = async (channel: string) => {
        // Nobody speaks on this telephone: staff hold the trial.
        const client = channel === 'web' || channel === 'chat' ? new ApiClient(office.url) : anna;
        const wire: string[] = [];
        const call = async (method: string, input: unknown): Promise<View> => {
          const response = await client.fetch('POST', `/api/call/scripts/${method}`, input);
          const text = await response.text();
          wire.push(text);
          return JSON.parse(text) as View;
        };
        let view = await call('start', { script: 'payment-plan', channel, language: 'en' });
        for (let turn = 0; turn < 12 && view.step !== null; turn += 1) {
          const answers = Object.fromEntries(view.step.questions.map(({ name }) => [name, given[name]]));
          view = await call('answer', { session: view.session, seq: view.seq, messageId: `m${turn}`, answers });
        }
        // The script asks a customer for the postcode, and an agent, who knows whom it is talking to, not.
        const told = view.answers.filter(({ name }) => name !== 'postcode');
        return { path: told.map(({ visit, name, value }) => [visit, name, value]), outcome: view.outcome, wire };
      };
      const agent = await run('agent');
      expect(agent).toMatchObject({ outcome: 'noted' });
      expect(agent.path.map(([, name]) => name)).toEqual(
        expect.arrayContaining(['amount', 'months', 'firstOn', 'right']),
      );
      expect(agent.wire.join()).toContain('Three months is usual');
      for (const channel of ['web', 'chat', 'voice']) {
        const { path, outcome, wire } = await run(channel);
        expect({ channel, path, outcome }).toEqual({ channel, path: agent.path, outcome: 'noted' });
        expect(wire.join()).not.toMatch(/Three months is usual|"notes"|your word/);
      }
    },
  );

  test('a customer asks for a person in the middle, who goes on in the same form: what the one sends the other sees at once', async () => {
    const page = await person(browser, { width: 390, height: 844 });
    await page.goto(`${office.url}/self-service`);
    const [begun] = await Promise.all([
      page.waitForResponse(/scripts\/start/),
      page.getByRole('button', { name: /Enter a meter reading/ }).click(),
    ]);
    const { session } = (await begun.json()) as { session: string };
    await page.getByLabel(/Customer number/).waitFor();
    await page.getByRole('button', { name: 'Talk to a person' }).click();
    const counter = page.getByRole('region', { name: 'Talk to a person' });
    await counter.getByLabel('Your name').fill('Jan Bakker');
    await counter.getByLabel('Your question').fill('I do not find my meter');
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, 'person-390');
    const [opened] = await Promise.all([
      page.waitForResponse(/chat\/open/),
      counter.getByRole('button', { name: 'Start the chat' }).click(),
    ]);
    const { interaction } = (await opened.json()) as { interaction: string };
    await page.getByText('You are in the chat.').waitFor();
    await page.getByRole('button', { name: 'Minimise the chat' }).click();
    const anna = await ApiClient.signedIn(office.url, 'anna', 'lumen-demo');
    const contact = await anna.call<{ scriptSession: string }>('communication.get', { interaction });
    expect(contact.scriptSession).toBe(session);
    const desk = await anna.call<{ seq: number }>('scripts.resume', { session, messageId: 'take', channel: 'agent' });
    await anna.call('scripts.answer', {
      session,
      seq: desk.seq,
      messageId: 'm1',
      answers: { customer: 'C100001', meter: 'M300001' },
    });
    // Nobody touched the page: it shows what the agent has sent.
    await page.getByLabel(/What does it show now/).fill('1400');
    await screenshot(page, 'co-browsing-390');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('Is that right?').waitFor();
    const seen = await anna.call<{ step: { id: string } }>('scripts.view', { session });
    expect(seen.step.id).toBe('confirm');
  });

  test('a customer enters a meter reading on a telephone; one lower than the last is refused', async () => {
    const page = await person(browser, { width: 390, height: 844 });
    await page.goto(`${office.url}/self-service`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, 'portal-390');

    await page.getByRole('button', { name: /Enter a meter reading/ }).click();
    await page.getByLabel(/Customer number/).fill('C100001');
    await page.getByLabel(/Meter number/).fill('M300001');
    await page.getByRole('button', { name: 'Next' }).click();

    await page.getByLabel(/What does it show now/).fill('1199');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('The reading cannot be lower than the last one').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, 'reading-refused-390');
    // What was typed is still there.
    expect(await page.getByLabel(/What does it show now/).inputValue()).toContain('1199');

    // The page is closed by mistake and opened again: the dialog goes on where it was.
    await page.reload();
    await page.getByLabel(/What does it show now/).fill('1312.5');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('Is that right?').waitFor();
    await page.getByLabel('Yes', { exact: true }).check();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('Thank you. We have noted').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, 'reading-stored-390');

    const anna = await ApiClient.signedIn(office.url, 'anna', 'lumen-demo');
    const { records } = await anna.json<{ records: { values: Record<string, unknown> }[] }>(
      'GET',
      `/api/objects/MeterReading?where=${encodeURIComponent("source = 'self-service'")}`,
    );
    expect(records.map((record) => record.values)).toMatchObject([{ meter: 'M300001', reading: '1312.5' }]);
    // A policy moves the meter on.
    await office.until('the meter to show the reading', async () => {
      const meter = await anna.json<{ values: Record<string, unknown> }>('GET', '/api/objects/Meter/M300001');
      return meter.values['lastReading'] === '1312.5' ? meter : undefined;
    });
    await page.context().close();
  });

  test('a visitor sees no note for agents, starts no script of theirs, and reads nobody else’s session', async () => {
    const visitor = new ApiClient(office.url);
    const view = await visitor.call<Record<string, unknown>>('scripts.start', {
      script: 'meter-reading',
      channel: 'web',
    });
    expect(JSON.stringify(view)).not.toContain('last bill');
    const asAgent = await visitor.fetch('POST', '/api/call/scripts/start', {
      script: 'meter-reading',
      channel: 'agent',
    });
    expect(asAgent.status).toBe(403);
    const stranger = new ApiClient(office.url);
    const other = await stranger.fetch('POST', '/api/call/scripts/view', { session: view['session'] });
    expect(other.status).toBe(404);
  });
});
