import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { ApiClient } from '../support/api.js';
import { accessibilityFaults, launch, screenshot, signedIn } from '../support/browser.js';
import { FrontOffice, makeFolder, removeFolder } from '../support/front-office.js';
import { browser as chromium, testWith } from '../support/requirement.js';

const test = testWith(chromium);

/** A junction with something of its own to say. */
const MODEL = {
  'fair.yaml': `object: Fair
attributes:
  name: { type: text, key: true, length: 60, search: true }
relations:
  visitors: { many: Customer, through: Attendance }
`,
  'attendance.yaml': `object: Attendance
attributes:
  fair: { to: Fair, key: true }
  customer: { to: Customer, key: true }
  impression: { type: one of, values: [good, poor], required: true }
rights: { supervisor: all, administrator: all, agent: read }
`,
};

describe.skipIf(!chromium.present)('the list of what a record is linked to', () => {
  const folder = makeFolder('utility');
  let office: FrontOffice;
  let browser: Browser;
  let sam: ApiClient;

  beforeAll(async () => {
    mkdirSync(path.join(folder, 'model'));
    for (const [name, text] of Object.entries(MODEL)) writeFileSync(path.join(folder, 'model', name), text);
    office = await FrontOffice.start(folder);
    browser = await launch();
    sam = await ApiClient.signedIn(office.url, 'sam', 'lumen-demo');
  });
  afterAll(async () => {
    await browser?.close();
    await office?.stop();
    removeFolder(folder);
  });

  const signIn = (user: string, size = {}): Promise<Page> => signedIn(browser, office.url, user, size);
  const open = (page: Page, screen: string, key: string) => page.goto(`${office.url}/screens/${screen}/${key}`);
  const linked = async (place: string) =>
    (await sam.json<{ records: { key: string }[] }>('GET', `/api/objects/${place}`)).records.map(({ key }) => key);

  test('is added to by searching, with the keyboard alone, and others see it at once', async () => {
    const page = await signIn('sam');
    await page
      .getByRole('navigation', { name: 'Main navigation' })
      .getByRole('link', { name: 'Interruptions' })
      .click();
    await page.getByText('New cable in the Kerkstraat').waitFor();
    await screenshot(page, 'links-interruptions');
    await open(page, 'interruption', 'cable-kerkstraat');
    const list = page.getByRole('region', { name: 'Connections cut off' });
    await list.getByRole('link', { name: 'CN200001' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    const other = await signIn('anna', { width: 390, height: 844 });
    await open(other, 'connection', 'CN200011');
    const theirs = other.getByRole('region', { name: 'Interruptions' });
    await theirs.getByRole('link', { name: 'Transformer north overhauled' }).waitFor();

    await list.getByRole('button', { name: 'Add to Connections cut off' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Add to Connections cut off' });
    await dialog.getByRole('combobox', { name: 'Which Connection?' }).waitFor();
    await page.keyboard.type('Lindelaan');
    await page.getByRole('option', { name: 'Kerkstraat' }).first().waitFor({ state: 'hidden' });
    await page.getByRole('option', { name: 'Lindelaan 40, Zutphen, gas' }).waitFor();
    await screenshot(page, 'links-add');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('option').first().waitFor({ state: 'hidden' });
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await list.getByRole('link', { name: 'CN200011' }).waitFor();
    expect(await linked('Interruption/cable-kerkstraat/connections')).toEqual(['CN200001', 'CN200005', 'CN200011']);
    await screenshot(page, 'links-list');
    expect(await accessibilityFaults(page)).toEqual([]);
    await theirs.getByRole('link', { name: 'New cable in the Kerkstraat' }).waitFor();
    await theirs.scrollIntoViewIfNeeded();
    await screenshot(other, 'links-narrow');
    expect(await accessibilityFaults(other)).toEqual([]);

    // From the other side it is taken out again, and that is undone.
    const remove = theirs.getByRole('button', { name: 'Remove New cable in the Kerkstraat from Interruptions' });
    await remove.focus();
    await other.keyboard.press('Enter');
    await remove.waitFor({ state: 'detached' });
    await expect.poll(() => other.evaluate('document.activeElement?.getAttribute("aria-label")')).toBe('Interruptions');
    await list.getByRole('link', { name: 'CN200011' }).waitFor({ state: 'detached' });
    await other.getByRole('button', { name: 'Undo' }).click();
    await remove.waitFor();
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByText('Connections cut off: added').first().waitFor();
    await page.getByText('Connections cut off: removed').first().waitFor();
    await page.getByText('Lindelaan 40, Zutphen, electricity').first().waitFor();
    await screenshot(page, 'links-history');
  });

  test('says that it is empty, and what went wrong', async () => {
    await sam.json('POST', '/api/objects/Interruption', {
      values: { id: 'empty', subject: 'Nothing yet', medium: 'gas', startsAt: '2026-12-01T08:00:00Z' },
    });
    const page = await signIn('sam', { width: 390, height: 844 });
    await open(page, 'interruption', 'empty');
    await page.getByText('Nobody is cut off so far').waitFor();
    await screenshot(page, 'links-empty');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.route('**/api/call/objects/related', (route) => route.abort());
    await page.reload();
    const list = page.getByRole('region', { name: 'Connections cut off' });
    await list.getByRole('button', { name: 'Try again' }).waitFor();
    await page.unroute('**/api/call/objects/related');
    await list.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Nobody is cut off so far').waitFor();
  });

  test('of a junction with attributes asks for these, and before it forgets them', async () => {
    await sam.json('POST', '/api/objects/Fair', { values: { name: 'Energy days' } });
    const page = await signIn('sam');
    await open(page, 'record:Fair', 'Energy%20days');
    await page.getByRole('tab', { name: 'Visitors' }).click();
    const list = page.getByRole('region', { name: 'Visitors' });
    await list.getByRole('button', { name: 'Add to Visitors' }).click();
    const drawer = page.getByRole('dialog', { name: 'New: Attendance' });
    await drawer.getByRole('combobox', { name: 'Customer' }).fill('de Vries');
    await page.getByRole('option').first().click();
    await drawer.getByRole('combobox', { name: 'Impression' }).click();
    await page.getByRole('option', { name: 'good' }).click();
    await screenshot(page, 'links-junction');
    await drawer.getByRole('button', { name: 'Create' }).click();
    const remove = list.getByRole('button', { name: /^Remove .* from Visitors$/ });
    await remove.click();
    const question = page.getByRole('dialog', { name: /^Remove .* from Visitors$/ });
    await question.getByText('with what was noted about it there').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await question.getByRole('button', { name: 'Remove' }).click();
    await remove.waitFor({ state: 'detached' });
    expect(await linked('Fair/Energy%20days/visitors')).toEqual([]);
    const anna = await signIn('anna');
    await open(anna, 'record:Fair', 'Energy%20days');
    await anna.getByRole('tab', { name: 'Visitors' }).click();
    await anna.getByRole('region', { name: 'Visitors' }).waitFor();
    expect(await anna.getByRole('button', { name: 'Add to Visitors' }).count()).toBe(0);
  });

  test('is declared with the modeler, and drawn', { timeout: 120_000 }, async () => {
    const page = await signIn('ada');
    await page.goto(`${office.url}/model`);
    await page.getByRole('button', { name: 'Fair', exact: true }).click();
    const panel = page.getByRole('dialog', { name: 'Fair' });
    await panel.getByText('many Customer, through Attendance').waitFor();
    await panel.getByRole('button', { name: 'Add relation' }).click();
    const form = page.getByRole('dialog', { name: 'Add relation' });
    await form.getByLabel('Name', { exact: true }).fill('cases');
    await form.getByRole('combobox', { name: 'Object that is listed' }).fill('Case');
    await page.getByRole('option', { name: 'Case', exact: true }).click();
    await form.getByRole('combobox', { name: 'How it leads there' }).click();
    await page.getByRole('option', { name: 'Many-to-many, over a table of links' }).click();
    await form.getByLabel('Label').fill('Cases that came of it');
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, 'links-modeler');
    await form.getByRole('button', { name: 'Keep', exact: true }).click();
    await form.waitFor({ state: 'hidden' });
    await panel.getByText('many Case, over a table of links').waitFor();
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Review 1 changed file' }).click();
    const review = page.getByRole('dialog', { name: 'What will change' });
    await review.getByText('fair_cases', { exact: false }).first().waitFor();
    await review.getByRole('button', { name: 'Apply' }).click();
    await review.waitFor({ state: 'hidden' });
    const { records } = await sam.json<{ records: { key: string }[] }>('GET', '/api/objects/Case?limit=1');
    const place = 'Fair/Energy%20days/cases';
    const keys = records.map(({ key }) => key);
    expect(await sam.json('POST', `/api/objects/${place}`, { keys })).toEqual({ linked: keys });
    expect(await linked(place)).toEqual(keys);
    await page.getByText('Diagram', { exact: true }).click();
    await page.getByRole('region', { name: 'Diagram' }).waitFor();
    await page.locator('.model-links').first().waitFor({ state: 'attached' });
    await screenshot(page, 'links-diagram');
    expect(await accessibilityFaults(page)).toEqual([]);
  });
});
