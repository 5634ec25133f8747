import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { ApiClient } from '../support/api.js';
import { accessibilityFaults, launch, screenshot, signedIn } from '../support/browser.js';
import { FrontOffice, makeFolder, removeFolder } from '../support/front-office.js';
import { browser as chromium, testWith } from '../support/requirement.js';

const test = testWith(chromium);

const LEAD = `object: Lead
label: Lead
labelPlural: Leads
attributes:
  leadNo: { type: text, key: true, length: 20, label: Number }
  name: { type: text, required: true, normalise: name, survivor: longest }
  email: { type: email, normalise: email }
  city: { type: text }
  display: { formula: name }
duplicates:
  - same: [email]
  - perhaps: [name ~ 0.9, city]
rights: { supervisor: all, administrator: all }
`;

describe.skipIf(!chromium.present)('the screens of data', () => {
  const folder = makeFolder('utility');
  let office: FrontOffice;
  let browser: Browser;
  let sam: ApiClient;

  beforeAll(async () => {
    mkdirSync(path.join(folder, 'model'));
    writeFileSync(path.join(folder, 'model', 'lead.yaml'), LEAD);
    office = await FrontOffice.start(folder);
    browser = await launch();
    sam = await ApiClient.signedIn(office.url, 'sam', 'lumen-demo');
  });
  afterAll(async () => {
    await browser?.close();
    await office?.stop();
    removeFolder(folder);
  });

  const open = async (view: string): Promise<Page> => {
    const page = await signedIn(browser, office.url, 'sam');
    await page.getByRole('navigation', { name: 'Main navigation' }).getByRole('link', { name: view }).click();
    return page;
  };
  const leads = async () =>
    (
      await sam.json<{ records: { values: Record<string, unknown> }[] }>('GET', '/api/objects/Lead?sort=leadNo')
    ).records.map(({ values }) => values);

  test('a file is sent, mapped, tried, imported and taken back', async () => {
    const page = await open('Imports');
    await page.getByRole('combobox', { name: 'Becomes' }).click();
    await page.getByRole('option', { name: 'Leads' }).click();
    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Send a file' }).click();
    const text =
      'Number;Who;email;city\nL1;EVA BAKKER;eva@example.org;Delft\nL2;;bad mail;Ede\nL3;Eva;EVA@EXAMPLE.ORG;Ede\n';
    await (await choosing).setFiles({ name: 'leads.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });

    const panel = page.getByRole('region', { name: 'Import', exact: true });
    await panel.getByRole('combobox', { name: 'Attribute for Who' }).click();
    await page.getByRole('option', { name: 'Name' }).click();
    await panel.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('The columns are mapped').waitFor();
    await panel.getByRole('button', { name: 'Try without storing' }).click();
    await panel.getByText('Tried', { exact: false }).first().waitFor();
    await panel.getByText('Who: is required').waitFor();
    await panel.getByText('email: should be a mail address').waitFor();
    expect(await leads()).toEqual([]);
    const downloading = page.waitForEvent('download');
    await panel.getByRole('link', { name: 'Download these rows' }).click();
    const rows = readFileSync(await (await downloading).path(), 'utf8');
    expect(rows).toContain('Who: is required; email: should be a mail address');
    await screenshot(page, 'import-tried');
    expect(await accessibilityFaults(page)).toEqual([]);

    await panel.getByRole('button', { name: 'Import', exact: true }).click();
    await panel.getByRole('button', { name: 'Take back' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await leads()).toMatchObject([{ leadNo: 'L1', name: 'Eva Bakker', email: 'eva@example.org' }]);
    await panel.getByRole('button', { name: 'Take back' }).click();
    await panel.getByText('Taken back', { exact: true }).waitFor();
    expect(await leads()).toEqual([]);
  });

  test('two records are compared, merged field by field, and parted again', async () => {
    const create = (values: Record<string, unknown>) => sam.json('POST', '/api/objects/Lead', { values });
    await create({ leadNo: 'M1', name: 'Hendrik Vos', city: 'Gouda', email: 'hendrik@example.org' });
    await create({ leadNo: 'M2', name: 'Hendrick Voss', city: 'Gouda', email: 'voss@example.org' });
    await create({ leadNo: 'N1', name: 'Ineke Bos', city: 'Best' });
    await create({ leadNo: 'N2', name: 'Inneke Bos', city: 'Best' });
    const page = await open('Duplicates');
    await page.getByRole('button', { name: 'Inneke Bos and Ineke Bos are different' }).click();
    await page.getByText('They will not be asked about again').waitFor();
    await screenshot(page, 'duplicates');
    expect(await accessibilityFaults(page)).toEqual([]);

    await page.getByRole('button', { name: 'Hendrick Voss – Hendrik Vos' }).click();
    const drawer = page.getByRole('dialog', { name: 'Compare and merge' });
    await drawer.getByRole('radio', { name: 'Email of the record that goes' }).check();
    await screenshot(page, 'merge');
    expect(await accessibilityFaults(page)).toEqual([]);
    await drawer.getByRole('button', { name: 'Merge', exact: true }).click();
    await page.getByText('Merged; 0 related records moved').waitFor();
    const own = async () => (await leads()).filter(({ leadNo }) => String(leadNo).startsWith('M'));
    expect(await own()).toMatchObject([{ leadNo: 'M2', name: 'Hendrick Voss', email: 'hendrik@example.org' }]);

    await page.getByRole('button', { name: 'Part again' }).click();
    await page.getByText('They are two records again').waitFor();
    expect(await own()).toMatchObject([
      { leadNo: 'M1', email: 'hendrik@example.org' },
      { leadNo: 'M2', email: 'voss@example.org' },
    ]);
  });

  test('a case has dependent values, tags, notes and files; it is deleted, undone, and restored from the list', async () => {
    const page = await open('Cases');
    await page.getByRole('button', { name: 'New', exact: true }).click();
    const form = page.getByRole('dialog', { name: 'New: Case' });
    const choose = async (name: string, value: string) => {
      await form.getByRole('combobox', { name }).click();
      await page.getByRole('option', { name: value, exact: true }).click();
    };
    await form.getByRole('textbox', { name: 'Subject' }).fill('Lamp post leans');
    await form.getByRole('combobox', { name: 'Customer' }).fill('Bakker');
    await page.getByRole('option', { name: /Jan Bakker/ }).click();
    await choose('Kind', 'outage');
    await form.getByRole('combobox', { name: 'Cause' }).click();
    const causes = ['cable damaged', 'fuse', 'meter', 'works announced', 'not known yet'];
    expect(await page.getByRole('option').allTextContents()).toEqual(causes);
    await page.getByRole('option', { name: 'fuse', exact: true }).click();
    // Another kind has other causes: what no longer fits goes.
    await choose('Kind', 'complaint');
    expect(await form.getByRole('combobox', { name: 'Cause' }).inputValue()).toBe('');
    await choose('Cause', 'conduct');
    await choose('Priority', 'low');
    await form.getByRole('combobox', { name: 'Tags' }).fill('street');
    await form.getByRole('combobox', { name: 'Tags' }).press('Enter');
    await form.getByRole('combobox', { name: 'Tags' }).press('Tab');
    await screenshot(page, 'case-form');
    expect(await accessibilityFaults(page)).toEqual([]);
    await form.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { level: 1, name: 'Lamp post leans' }).waitFor();

    await page.getByRole('textbox', { name: 'Write a note' }).fill('The council knows.');
    await page.getByRole('textbox', { name: 'Write a note' }).press('Control+Enter');
    await page.getByText('The council knows.', { exact: true }).waitFor();
    await screenshot(page, 'case');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 1400 });
    await screenshot(page, 'case-390');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByRole('tab', { name: 'Files' }).click();
    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Add files' }).click();
    const pdf = { name: 'photo of the post.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 a post') };
    await (await choosing).setFiles([pdf, { name: 'page.html', mimeType: 'text/html', buffer: Buffer.from('<b>') }]);
    await page.getByText('Case takes no files of type text/html').waitFor();
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'photo of the post.pdf' }).click();
    expect(readFileSync(await (await downloading).path(), 'utf8')).toBe('%PDF-1.4 a post');
    await screenshot(page, 'case-files');

    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { level: 1, name: 'Cases' }).waitFor();
    await page.getByText('Deleted: Lamp post leans').waitFor();
    await page.getByRole('link', { name: 'Lamp post leans' }).waitFor({ state: 'detached' });
    await screenshot(page, 'case-undo');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('heading', { level: 1, name: 'Lamp post leans' }).waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('switch', { name: 'Deleted' }).click();
    const row = page.getByRole('row', { name: /Lamp post leans/ });
    await row.waitFor();
    await screenshot(page, 'cases-deleted');
    expect(await accessibilityFaults(page)).toEqual([]);
    await row.getByRole('button', { name: 'Restore' }).click();
    await page.getByText('Nothing was deleted').waitFor();
  });

  test('a sensitive value is hidden until somebody asks who may', async () => {
    const page = await open('Customers');
    await page.getByRole('link', { name: 'C100001' }).click();
    await page.getByRole('img', { name: 'Hidden' }).waitFor();
    await page.getByRole('button', { name: 'Show Bank account' }).click();
    await page.getByText('NL91ABNA0417164300').waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByText('NL91ABNA0417164300').scrollIntoViewIfNeeded();
    await screenshot(page, 'customer-390');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Hide Bank account' }).click();
    expect(await page.getByText('NL91ABNA0417164300').count()).toBe(0);
    const history = await sam.json<{ events: { type: string }[] }>('GET', '/api/objects/Customer/C100001/history');
    expect(history.events[0]).toMatchObject({ type: 'Customer.revealed', data: { attributes: ['iban'] } });
    const anna = await ApiClient.signedIn(office.url, 'anna', 'lumen-demo');
    const refused = await anna.fetch('POST', '/api/objects/Customer/C100001/reveal', { attributes: ['iban'] });
    expect(refused.status).toBe(403);
    expect(await anna.json('GET', '/api/objects/Customer/C100001')).toMatchObject({ values: { iban: '***' } });
  });
});
