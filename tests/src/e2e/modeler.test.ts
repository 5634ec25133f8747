import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { ApiClient } from '../support/api.js';
import { accessibilityFaults, launch, screenshot, signedIn } from '../support/browser.js';
import { FrontOffice, makeFolder, removeFolder } from '../support/front-office.js';
import { browser as chromium, testWith } from '../support/requirement.js';

const test = testWith(chromium);

describe('an administrator who writes no YAML', () => {
  let office: FrontOffice;
  let browser: Browser;
  let folder: string;
  const closing: (() => unknown)[] = [];
  const file = () => path.join(folder, 'model', 'meter-reading.yaml');

  beforeAll(async () => {
    if (!chromium.present) return;
    folder = makeFolder('utility');
    office = await FrontOffice.start(folder);
    browser = await launch();
  }, 120_000);
  afterAll(async () => {
    for (const close of closing) close();
    await browser?.close();
    await office?.stop();
    if (folder !== undefined) removeFolder(folder);
  });

  const open = async (size: { width?: number; height?: number } = {}): Promise<Page> => {
    const page = await signedIn(browser, office.url, 'ada', { path: '/model', ...size });
    await page.getByRole('button', { name: 'MeterReading', exact: true }).waitFor();
    return page;
  };

  /** What the front office's own database holds. */
  const rows = (statement: string): unknown[] => {
    const data = path.join(folder, 'data');
    const name = readdirSync(data).find((each) => each.endsWith('.db') && !each.startsWith('billing')) ?? '';
    const database = new Database(path.join(data, name), { readonly: true });
    try {
      return database.prepare(statement).all();
    } finally {
      database.close();
    }
  };

  /** Calls that never stop, as agents make them; gives every status that came back. */
  const load = (client: ApiClient) => {
    const statuses = new Map<number, number>();
    const calling = { on: true };
    closing.push(() => (calling.on = false));
    let made = 0;
    const call = async (method: string, address: string, body?: unknown): Promise<void> => {
      const response = await client.fetch(method, address, body);
      await response.arrayBuffer();
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    };
    const worker = async (): Promise<void> => {
      while (calling.on) {
        await call('GET', '/api/objects/MeterReading?include=meter&limit=20');
        await call('GET', '/api/objects/Customer?search=jansen');
        made += 1;
        const customerNo = `C9${String(made).padStart(5, '0')}`;
        await call('POST', '/api/objects/Customer', {
          values: { customerNo, name: `Load ${made}`, segment: 'household' },
        });
      }
    };
    const workers = [worker(), worker(), worker()];
    return async () => {
      calling.on = false;
      await Promise.all(workers);
      return statuses;
    };
  };

  test('adds an attribute by forms and keyboard while calls run, and sees it on the screen and in the table', {
    timeout: 120_000,
  }, async () => {
    const ada = await ApiClient.signedIn(office.url, 'ada', 'lumen-demo');
    const page = await open();
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, 'modeler-list-1440');
    const stop = load(ada);

    await page.getByRole('button', { name: 'MeterReading', exact: true }).focus();
    await page.keyboard.press('Enter');
    const panel = page.getByRole('dialog', { name: 'MeterReading' });
    await panel.getByRole('button', { name: 'Add attribute' }).focus();
    await page.keyboard.press('Enter');
    const form = page.getByRole('dialog', { name: 'Add attribute' });
    await form.getByLabel('Name', { exact: true }).waitFor();
    // Escape closes what is uppermost, and no more.
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'hidden' });
    expect(await panel.isVisible()).toBe(true);
    await panel.getByRole('button', { name: 'Add attribute' }).focus();
    await page.keyboard.press('Enter');
    await form.getByLabel('Name', { exact: true }).waitFor();
    await page.keyboard.type('remark');
    await form.getByLabel('Label').focus();
    await page.keyboard.type('Remark of the reader');
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, 'modeler-attribute-1440');
    await page.keyboard.press('Enter');
    await form.waitFor({ state: 'hidden' });
    await panel.getByRole('button', { name: /^remark/ }).waitFor();
    // The text beside the form says it too: the difference alone, since the rest is of what is extended.
    await expect
      .poll(() => panel.getByLabel('model/meter-reading.yaml').inputValue())
      .toBe('object: MeterReading\nattributes:\n  remark: { type: text, label: Remark of the reader }\n');
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, 'modeler-object-1440');
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'hidden' });
    expect(existsSync(file())).toBe(false);

    await page.getByRole('button', { name: 'Review 1 changed file' }).focus();
    await page.keyboard.press('Enter');
    const review = page.getByRole('dialog', { name: 'What will change' });
    await review.getByText('add column meter_reading.remark', { exact: false }).waitFor();
    await review.getByText('remark: { type: text, label: Remark of the reader }').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, 'modeler-review-1440');
    await review.getByRole('button', { name: 'Apply' }).focus();
    await page.keyboard.press('Enter');
    await review.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Nothing to review' }).waitFor();

    const statuses = await stop();
    expect([...statuses.keys()].filter((status) => status >= 400)).toEqual([]);
    expect(statuses.get(200) ?? 0).toBeGreaterThan(20);

    expect(readFileSync(file(), 'utf8')).toContain('remark:');
    await page.goto(`${office.url}/screens/${encodeURIComponent('list:MeterReading')}`);
    await page.getByRole('columnheader', { name: 'Remark of the reader' }).waitFor();
    const { records } = await ada.json<{ records: { values: Record<string, unknown> }[] }>(
      'GET',
      '/api/objects/Meter?limit=1',
    );
    const meter = (records[0] as unknown as { key: string }).key;
    await ada.json('POST', '/api/objects/MeterReading', {
      values: { meter, reading: '99999.5', readOn: '2026-01-05', source: 'agent', remark: 'behind the door' },
    });
    expect(rows('select remark from meter_reading where remark is not null')).toEqual([{ remark: 'behind the door' }]);
  });

  test('says by forms what else a model file can say: rules for duplicates, notes, keeping, values that depend on others', {
    timeout: 120_000,
  }, async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Customer', exact: true }).click();
    const panel = page.getByRole('dialog', { name: 'Customer' });
    await panel.getByRole('button', { name: 'Add rule' }).click();
    const rule = page.getByRole('dialog', { name: 'Add rule' });
    await rule.getByRole('combobox', { name: 'Attribute 1' }).click();
    await page.getByRole('option', { name: 'email' }).click();
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, 'modeler-duplicates-1440');
    await rule.getByRole('button', { name: 'Keep', exact: true }).click();
    await rule.waitFor({ state: 'hidden' });
    await panel.getByRole('button', { name: 'The same email' }).waitFor();
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'hidden' });

    await page.getByRole('button', { name: 'MeterReading', exact: true }).click();
    const readings = page.getByRole('dialog', { name: 'MeterReading' });
    await readings.getByRole('region', { name: 'Properties' }).getByRole('button', { name: 'Change' }).click();
    const properties = page.getByRole('dialog', { name: 'Properties of MeterReading' });
    await properties.getByLabel('Label of several').fill('Readings of meters');
    for (const name of ['Notes', 'Deleted records are kept', 'Attachments'])
      await properties.getByRole('switch', { name }).check({ force: true });
    await properties.getByLabel('Largest file, such as 5 MB').fill('2 MB');
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, 'modeler-properties-1440');
    await properties.getByRole('button', { name: 'Keep', exact: true }).click();
    await properties.waitFor({ state: 'hidden' });
    await readings.getByText('Notes · Attachments · Deleted records are kept').waitFor();

    await readings.getByRole('button', { name: 'Add index' }).click();
    const index = page.getByRole('dialog', { name: 'Add index' });
    for (const [at, name] of ['meter', 'readOn'].entries()) {
      await index.getByRole('combobox', { name: `Attribute ${at + 1}` }).click();
      await page.getByRole('option', { name, exact: true }).click();
    }
    await index.getByRole('checkbox', { name: 'Descending' }).last().check();
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, 'modeler-index-1440');
    await index.getByRole('button', { name: 'Keep', exact: true }).click();
    await index.waitFor({ state: 'hidden' });
    await readings.getByRole('button', { name: 'meter, readOn ↓ For searching and sorting' }).waitFor();

    await readings.getByRole('button', { name: 'Add attribute' }).click();
    const form = page.getByRole('dialog', { name: 'Add attribute' });
    await form.getByLabel('Name', { exact: true }).fill('reason');
    await form.getByRole('combobox', { name: 'Kind' }).fill('One of');
    await page.getByRole('option', { name: 'One of several values' }).click();
    await form.getByRole('combobox', { name: 'Values depend on' }).click();
    await page.getByRole('option', { name: 'source' }).click();
    for (const [on, values] of [
      ['agent', ['called', 'visited']],
      ['meter reader', ['yearly']],
    ] as const) {
      const list = form.getByRole('combobox', { name: `Values where source is ${on}` });
      for (const value of values) {
        await list.fill(value);
        await list.press('Enter');
      }
    }
    await form.getByRole('checkbox', { name: 'sensitive' }).check();
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, 'modeler-dependent-1440');
    await form.getByRole('button', { name: 'Keep', exact: true }).click();
    await form.waitFor({ state: 'hidden' });
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Review 2 changed files' }).click();
    const review = page.getByRole('dialog', { name: 'What will change' });
    await review
      .getByText('- { same: [ email ] }')
      .or(review.getByText('duplicates:', { exact: false }))
      .first()
      .waitFor();
    await review.getByRole('button', { name: 'Apply' }).click();
    await review.waitFor({ state: 'hidden' });

    const ada = await ApiClient.signedIn(office.url, 'ada', 'lumen-demo');
    const customer = (customerNo: string) => ({
      values: { customerNo, name: customerNo, email: 'twice@lumen.example', segment: 'household' },
    });
    expect((await ada.fetch('POST', '/api/objects/Customer', customer('C777771'))).status).toBe(201);
    const twice = await ada.fetch('POST', '/api/objects/Customer', customer('C777772'));
    expect([twice.status, ((await twice.json()) as { error: { code: string } }).error.code]).toEqual([
      409,
      'DUPLICATE_FOUND',
    ]);
    const { records } = await ada.json<{ records: { key: string }[] }>('GET', '/api/objects/Meter?limit=1');
    const reading = (source: string, reason: string) => ({
      values: { meter: records[0]?.key, reading: '99999.7', readOn: '2026-01-06', source, reason },
    });
    expect((await ada.fetch('POST', '/api/objects/MeterReading', reading('agent', 'yearly'))).status).toBe(422);
    const made = await ada.fetch('POST', '/api/objects/MeterReading', reading('agent', 'called'));
    expect([made.status, ((await made.json()) as { values: Record<string, unknown> }).values['reason']]).toEqual([
      201,
      '***',
    ]);

    expect(
      rows(
        "select sql from sqlite_master where type = 'index' and tbl_name = 'meter_reading' and sql like '%read_on%desc%'",
      ),
    ).toHaveLength(1);

    const small = await open({ width: 390, height: 800 });
    await small.getByRole('button', { name: 'MeterReading', exact: true }).click();
    await small.getByRole('region', { name: 'Properties' }).getByRole('button', { name: 'Change' }).click();
    await small.getByRole('dialog', { name: 'Properties of MeterReading' }).getByLabel('Label of several').waitFor();
    expect(await accessibilityFaults(small)).toEqual([]);
    await screenshot(small, 'modeler-properties-390');
    await small.getByRole('button', { name: 'Cancel' }).click();
    await small.getByRole('button', { name: 'Add rule' }).click();
    await small.getByRole('dialog', { name: 'Add rule' }).getByLabel('Attribute 1').first().waitFor();
    expect(await accessibilityFaults(small)).toEqual([]);
    await screenshot(small, 'modeler-duplicates-390');
  });

  test('undoes, is refused with its place what a screen still needs, and keeps data unless a word is said', {
    timeout: 120_000,
  }, async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Customer', exact: true }).click();
    const panel = page.getByRole('dialog', { name: 'Customer' });
    await panel.getByRole('button', { name: /^phone/ }).click();
    const form = page.getByRole('dialog', { name: 'Customer: phone' });
    await form.getByLabel('Name', { exact: true }).fill('telephone');
    await form.getByRole('button', { name: 'Keep', exact: true }).click();
    await form.waitFor({ state: 'hidden' });
    await panel.getByRole('button', { name: /^telephone/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Review/ }).click();
    const review = page.getByRole('dialog', { name: 'What will change' });
    await review.getByText('rename column customer.phone to telephone').waitFor();
    // Whatever names it follows, and is shown before it is written.
    await review
      .getByRole('region', { name: 'screens/customers.yaml', exact: true })
      .getByText('telephone')
      .first()
      .waitFor();
    await review
      .getByRole('region', { name: 'queues.yaml', exact: true })
      .getByText('match: { voice: telephone }')
      .waitFor();
    expect(await review.getByRole('button', { name: 'Apply' }).isEnabled()).toBe(true);
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, 'modeler-renamed-1440');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Nothing to review' }).waitFor();

    await page.getByRole('button', { name: 'Customer', exact: true }).click();
    await panel.getByRole('button', { name: /^phone/ }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('button', { name: 'Keep its values' }).click();
    await panel.getByRole('button', { name: /^phone/ }).waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Review/ }).click();
    await review
      .getByText(/screens\/customers\.yaml:\d+:\d+/)
      .first()
      .waitFor();
    expect(await review.getByRole('button', { name: 'Apply' }).isDisabled()).toBe(true);
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, 'modeler-refused-1440');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Nothing to review' }).waitFor();

    await page.getByRole('button', { name: 'MeterReading', exact: true }).click();
    const readings = page.getByRole('dialog', { name: 'MeterReading' });
    await readings.getByRole('button', { name: /^remark/ }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('button', { name: 'Its values too' }).click();
    await readings.getByRole('button', { name: /^remark/ }).waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Review/ }).click();
    await review.getByText('remove column meter_reading.remark', { exact: false }).waitFor();
    await review.getByLabel(/^Write "lose"/).fill('lose');
    await screenshot(page, 'modeler-loss-1440');
    await review.getByRole('button', { name: 'Apply' }).click();
    await review.waitFor({ state: 'hidden' });
    expect(rows("select name from pragma_table_info('meter_reading') where name = 'remark'")).toEqual([]);
    expect(readdirSync(path.join(folder, 'data', 'backups')).length).toBeGreaterThan(0);

    const agent = await ApiClient.signedIn(office.url, 'anna', 'lumen-demo');
    expect((await agent.fetch('POST', '/api/call/modeler/model', {})).status).toBe(403);
  });

  test('sees the model as a drawing, and on a telephone', { timeout: 60_000 }, async () => {
    const page = await open();
    await page.getByText('Diagram', { exact: true }).click();
    const diagram = page.getByRole('region', { name: 'Diagram' });
    const box = diagram.getByRole('group', { name: /^MeterReading: \d+ attributes; refers to Meter/ });
    await box.waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, 'modeler-diagram-1440');
    await box.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'MeterReading' }).waitFor();

    const small = await open({ width: 390, height: 800 });
    expect(await accessibilityFaults(small)).toEqual([]);
    await screenshot(small, 'modeler-list-390');
    await small.getByRole('button', { name: 'MeterReading', exact: true }).click();
    const panel = small.getByRole('dialog', { name: 'MeterReading' });
    await panel.getByRole('button', { name: 'Add attribute' }).waitFor();
    expect(await accessibilityFaults(small)).toEqual([]);
    await screenshot(small, 'modeler-object-390');
    await panel.getByRole('button', { name: 'Add attribute' }).click();
    await small.getByRole('dialog', { name: 'Add attribute' }).getByLabel('Name', { exact: true }).waitFor();
    expect(await accessibilityFaults(small)).toEqual([]);
    await screenshot(small, 'modeler-attribute-390');
  });
});
