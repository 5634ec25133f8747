import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ExcelJS from 'exceljs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { ApiClient } from '../support/api.js';
import { accessibilityFaults, launch, person, screenshot, signedIn } from '../support/browser.js';
import { FrontOffice, makeFolder, removeFolder, waitFor } from '../support/front-office.js';
import { browser as chromium, root, testWith } from '../support/requirement.js';

const test = testWith(chromium);
const example = path.join(root, 'examples', 'utility');

describe('a contact in browsers, from the customer to the report', () => {
  let office: FrontOffice;
  let browser: Browser;
  const wrapper = () => path.join(office.folder, 'services', 'billing.ts');

  beforeAll(async () => {
    if (!chromium.present) return;
    // The company has its own copy of the wrapper, to change it while everything runs.
    const folder = makeFolder(
      'utility',
      'components:\n  billing: { use: ./services/billing.ts, config: { payWithinDays: 30 } }\n',
    );
    mkdirSync(path.join(folder, 'services'));
    cpSync(path.join(example, 'services', 'billing.ts'), path.join(folder, 'services', 'billing.ts'));
    office = await FrontOffice.start(folder);
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await office?.stop();
    if (office !== undefined) removeFolder(office.folder);
  });

  const signIn = (user: string): Promise<Page> => signedIn(browser, office.url, user);

  test('is routed, pops the customer, runs a script, survives a new version of a service, is wrapped up, shown and reported', {
    timeout: 240_000,
  }, async () => {
    const agent = await signIn('anna');
    await agent.getByRole('button', { name: /^Presence/ }).click();
    await agent.getByRole('menuitem', { name: /Ready/ }).click();
    await agent.getByRole('button', { name: 'Presence: Ready' }).waitFor();
    expect(await accessibilityFaults(agent)).toEqual([]);
    await screenshot(agent, 'desktop-empty-1440');

    const supervisor = await signIn('sam');
    await supervisor.getByRole('link', { name: 'Monitor' }).click();
    await supervisor.getByRole('heading', { name: 'Contacts', level: 1 }).waitFor();

    // A customer opens a chat; it is offered to the ready agent.
    const customer = await person(browser, { width: 390, height: 844 });
    await customer.goto(`${office.url}/self-service`);
    await customer.getByRole('button', { name: 'Chat with us' }).click();
    await customer.getByLabel('Your name').fill('Jan Bakker');
    await customer.getByLabel(/^E-mail/).fill('jan.bakker@example.com');
    await customer.getByLabel('Your question').fill('I want to give you my meter reading');
    await customer.getByRole('button', { name: 'Start the chat' }).click();

    await agent.getByRole('button', { name: 'Accept' }).waitFor();
    expect(await accessibilityFaults(agent)).toEqual([]);
    await screenshot(agent, 'desktop-offer-1440');
    await agent.getByRole('button', { name: 'Accept' }).click();

    // The 360-degree view pops with who it is and what the billing system says.
    const context = agent.getByRole('region', { name: 'Customer and script' });
    await context.getByText('C100002').first().waitFor();
    await context.getByText('direct debit').or(context.getByText('by hand')).first().waitFor();
    await customer.getByText('You are talking to Anna Jansen').waitFor();

    await agent.getByLabel('Write to the customer').fill('Good morning, what does it show?');
    await agent.keyboard.press('Enter');
    // A message stands in the thread and, for screen readers, in a live region.
    const said = (page: Page, text: string) => page.getByRole('log').getByText(text).first().waitFor();
    await said(customer, 'Good morning, what does it show?');
    await customer.getByLabel('Your message').fill('It shows 2000.');
    await customer.keyboard.press('Enter');
    await said(agent, 'It shows 2000.');
    expect(await accessibilityFaults(agent)).toEqual([]);
    expect(await accessibilityFaults(customer)).toEqual([]);
    await screenshot(agent, 'desktop-chat-1440');
    await screenshot(customer, 'chat-390');

    // The agent runs the same script that customers have in self-service, with notes of its own.
    await context.getByRole('tab', { name: 'Script' }).click();
    await context.getByText('Meter reading', { exact: true }).first().click();
    await context.getByText("on the caller's last bill").waitFor();
    await context.getByLabel(/Customer number/).fill('C100002');
    await context.getByLabel(/Meter number/).fill('M300003');
    await context.getByRole('button', { name: 'Next' }).click();
    await context.getByLabel(/What does it show now/).fill('2500');
    await context.getByRole('button', { name: 'Next' }).click();
    await context.getByText('Is that right?').waitFor();
    await screenshot(agent, 'desktop-script-1440');
    await context.getByLabel('Yes', { exact: true }).check();
    await context.getByRole('button', { name: 'Next' }).click();
    await context.getByText('We have noted').waitFor();

    // While the chat is open, the wrapper of the billing system is saved with a new version: no restart, nothing dropped.
    const api = await ApiClient.signedIn(office.url, 'anna', 'lumen-demo');
    const outcomes: string[] = [];
    const enough = new AbortController();
    const calls = (async () => {
      while (!enough.signal.aborted) {
        const { paysBy } = await api.call<{ paysBy: string }>('billing.balance', { customerNo: 'C100002' });
        outcomes.push(paysBy);
      }
    })();
    const source = readFileSync(wrapper(), 'utf8');
    writeFileSync(
      wrapper(),
      source
        .replaceAll("'by hand'", "'transfer (new version)'")
        .replaceAll("'direct debit'", "'collection (new version)'")
        .replaceAll("version: '1.0.0'", "version: '1.1.0'"),
    );
    await waitFor(
      'the next call to use the new version',
      () => (outcomes.at(-1)?.includes('new version') ? true : undefined),
      30_000,
      () => office.output,
    );
    enough.abort();
    await calls;
    expect(outcomes[0]).not.toContain('new version');
    const admin = await ApiClient.signedIn(office.url, 'ada', 'lumen-demo');
    const { services } = await admin.call<{
      services: { name: string; version: string; generation: number; calls: { failed: number } }[];
    }>('services.tree');
    expect(services.find((each) => each.name === 'billing')).toMatchObject({
      version: '1.1.0',
      generation: 2,
      calls: { failed: 0 },
    });
    await customer.getByLabel('Your message').fill('Are you still there?');
    await customer.keyboard.press('Enter');
    await said(agent, 'Are you still there?');

    // The monitor shows the conversation; then it is ended and wrapped up.
    await supervisor.getByRole('row', { name: /Anna Jansen.*Busy/ }).waitFor();
    await supervisor.getByRole('row', { name: /Jan Bakker/ }).waitFor();
    expect(await accessibilityFaults(supervisor)).toEqual([]);
    await screenshot(supervisor, 'monitor-1440');
    await agent.getByRole('button', { name: 'End', exact: true }).click();
    await customer.getByText('The conversation has ended.').waitFor();
    const wrapUp = agent.getByRole('form', { name: 'Wrap-up' });
    await wrapUp.getByLabel('Solved').check();
    await wrapUp.getByLabel('Note').fill('Reading taken');
    expect(await accessibilityFaults(agent)).toEqual([]);
    await screenshot(agent, 'desktop-wrap-up-1440');
    await agent.getByRole('button', { name: 'Complete' }).click();
    await agent.getByText('No contacts').waitFor();

    // The customer's timeline has the contact, the report counts it, and the files say what the screen says.
    await agent.goto(`${office.url}/screens/customers`);
    await agent.getByRole('link', { name: 'C100002' }).click();
    await agent.getByText('I want to give you my meter reading').first().waitFor();
    expect(await accessibilityFaults(agent)).toEqual([]);
    await screenshot(agent, 'customer-1440');

    await supervisor.getByRole('link', { name: 'Reports' }).click();
    await supervisor.getByRole('row', { name: /^Total 1 1 0/ }).waitFor();
    expect(await accessibilityFaults(supervisor)).toEqual([]);
    await screenshot(supervisor, 'report-1440');
    const sam = await ApiClient.signedIn(office.url, 'sam', 'lumen-demo');
    const csv = await (await sam.fetch('GET', '/api/reports/incoming-contacts.csv')).text();
    expect(csv).toMatch(/\r\nTotal,,,1,1,0,/);
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(await (await sam.fetch('GET', '/api/reports/incoming-contacts.xlsx')).arrayBuffer());
    expect(book.worksheets[0]?.lastRow?.getCell(4).value).toBe(1);

    const administrator = await signIn('ada');
    await administrator.getByRole('link', { name: 'Services' }).click();
    await administrator.getByRole('row', { name: /billing.*1\.1\.0/ }).waitFor();
    expect(await accessibilityFaults(administrator)).toEqual([]);
    await screenshot(administrator, 'services-1440');
  });
});
