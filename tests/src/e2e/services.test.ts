import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { ApiClient } from '../support/api.js';
import { accessibilityFaults, launch, screenshot, signedIn } from '../support/browser.js';
import { FrontOffice, makeFolder, removeFolder, runCaruso } from '../support/front-office.js';
import { browser as chromium, root, testWith } from '../support/requirement.js';

const test = testWith(chromium);
const example = path.join(root, 'examples', 'utility');
const manifest = `components:   # ours
  billing: { use: ./services/billing.ts,   config: { payWithinDays: 30 } }   # the old system
`;

describe('the administrator, while the front office runs', () => {
  let office: FrontOffice;
  let browser: Browser;
  let folder: string;
  const wrapper = () => path.join(folder, 'services', 'billing.ts');
  const source = readFileSync(path.join(example, 'services', 'billing.ts'), 'utf8');
  const version = (next: string) => source.replace("  version: '1.0.0',\n  needs", `  version: '${next}',\n  needs`);
  const yaml = () => readFileSync(path.join(folder, 'caruso.yaml'), 'utf8');

  beforeAll(async () => {
    if (!chromium.present) return;
    folder = makeFolder('utility', manifest);
    mkdirSync(path.join(folder, 'services'));
    cpSync(path.join(example, 'services', 'billing.ts'), wrapper());
    office = await FrontOffice.start(folder);
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await office?.stop();
    if (folder !== undefined) removeFolder(folder);
  });

  const open = async (size: { width?: number; height?: number } = {}): Promise<Page> => {
    const page = await signedIn(browser, office.url, 'ada', { path: '/services', ...size });
    await page.getByRole('heading', { name: 'Services', level: 1 }).waitFor();
    return page;
  };

  test('replaces, rolls back, configures, adds and removes a component, and sees what depends on what', {
    timeout: 240_000,
  }, async () => {
    const page = await open();
    await page.getByRole('button', { name: 'billing', exact: true }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, 'services-list-1440');

    // A file that is broken is refused with its place, and the old one serves on.
    await page.getByRole('button', { name: 'billing', exact: true }).click();
    const details = page.getByRole('dialog', { name: 'billing', exact: true });
    await details.getByText('1.0.0', { exact: true }).first().waitFor();
    writeFileSync(wrapper(), version('1.1.0').replace('handlers: {', 'handlers: {{'));
    const replace = async () => {
      await details.getByRole('button', { name: 'Replace', exact: true }).click();
      const dialog = page.getByRole('dialog', { name: 'Replace billing' });
      await dialog.getByLabel('Source').first().waitFor();
      await dialog.getByRole('button', { name: 'Replace', exact: true }).click();
      return dialog;
    };
    const refused = await replace();
    await refused.getByText(/services\/billing\.ts:\d+:\d+: /).waitFor();
    await refused.getByText('COMPONENT_INVALID').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, 'services-refused-1440');
    await refused.getByRole('button', { name: 'Cancel' }).click();
    await details.getByText('1.0.0', { exact: true }).first().waitFor();

    // Mended, it is loaded by itself as it was saved; what was asked for again is the same file.
    writeFileSync(wrapper(), version('1.1.0'));
    await office.until('the new version', () =>
      /replaced billing: 1\.0\.0 -> 1\.1\.0/.test(office.output) ? true : undefined,
    );
    await details.getByText('1.1.0', { exact: true }).first().waitFor();
    await (await replace()).waitFor({ state: 'hidden' });
    await details.getByText('billing: 1.1.0 → 1.1.0').waitFor();
    await details.getByText(/^On probation until/).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, 'services-replaced-1440');

    // Back, twice: to the same file's earlier loading, and to the version before.
    await details.getByRole('button', { name: 'Back to 1.1.0' }).click();
    await details.getByRole('button', { name: 'Back to 1.0.0' }).click();
    await details.getByText('billing: 1.1.0 → 1.0.0').waitFor();
    await details.getByRole('button', { name: /^Back to/ }).waitFor({ state: 'detached' });

    // Another configuration, refused by its schema first; then written into the file, whose comments stay.
    const configure = async (days: string) => {
      const dialog = page.getByRole('dialog', { name: 'Configure billing' });
      if (!(await dialog.isVisible())) await details.getByRole('button', { name: 'Configure' }).click();
      await dialog.getByLabel(/payWithinDays/).fill(days);
      await dialog.getByRole('button', { name: 'Apply' }).click();
      return dialog;
    };
    const wrong = await configure('-4');
    await wrong.getByText('COMPONENT_CONFIG_INVALID').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, 'services-configure-1440');
    // Escape closes the dialog alone, not what is under it.
    await page.keyboard.press('Escape');
    await wrong.waitFor({ state: 'hidden' });
    expect(await details.isVisible()).toBe(true);
    await (await configure('14')).waitFor({ state: 'hidden' });
    await details.getByText('Generation', { exact: false }).first().waitFor();
    expect(yaml()).toContain(manifest.replace('payWithinDays: 30', 'payWithinDays: 14'));
    await page.keyboard.press('Escape');
    await details.waitFor({ state: 'hidden' });

    // The drawing shows who needs whom; by keyboard too.
    await page.getByText('Dependencies', { exact: true }).click();
    const graph = page.getByRole('region', { name: 'Dependencies' });
    const storage = graph.getByRole('group', { name: /^storage: Active; needed by .*billing/ });
    await storage.waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, 'services-graph-1440');
    await storage.focus();
    await page.keyboard.press('Enter');
    const opened = page.getByRole('dialog', { name: 'storage', exact: true });
    await opened.getByRole('region', { name: 'Needed by' }).getByRole('button', { name: 'objects' }).waitFor();

    // What others need is removed only after those were named.
    await opened.getByRole('button', { name: 'Remove' }).click();
    const asked = page.getByRole('dialog', { name: 'Remove storage?' });
    await asked.getByText('objects', { exact: true }).waitFor();
    await screenshot(page, 'services-remove-1440');
    await asked.getByRole('button', { name: 'Cancel' }).click();
    await page.keyboard.press('Escape');
    await opened.waitFor({ state: 'hidden' });

    // Another one of the same file under a name of its own, and away again.
    await page.getByRole('button', { name: 'Add' }).click();
    const add = page.getByRole('dialog', { name: 'Add a component' });
    await add.getByLabel('Source').first().fill('billing');
    await page.getByRole('option', { name: /services\/billing\.ts/ }).click();
    await add.getByLabel('Name').fill('billing-north');
    await add.getByLabel(/payWithinDays/).fill('7');
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, 'services-add-1440');
    await add.getByRole('button', { name: 'Add' }).click();
    const north = page.getByRole('dialog', { name: 'billing-north', exact: true });
    await north.getByText('Active').first().waitFor();
    expect(yaml()).toContain('  billing-north: { use: ./services/billing.ts, config: { payWithinDays: 7 } }\n');
    await north.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog', { name: 'Remove billing-north?' }).getByRole('button', { name: 'Remove' }).click();
    await north.waitFor({ state: 'hidden' });
    expect(yaml()).not.toContain('billing-north');

    // The command line sees and does the same; who is no administrator does not.
    const shown = await runCaruso(['services', 'billing', '--folder', folder, '--json']);
    expect(JSON.parse(shown.stdout)).toMatchObject({
      running: true,
      services: [{ name: 'billing', version: '1.0.0' }],
    });
    const restarted = await runCaruso(['services', 'restart', 'billing', '--folder', folder]);
    expect([restarted.code, restarted.stdout]).toEqual([0, expect.stringContaining('billing: 1.0.0 -> 1.0.0')]);
    const agent = await ApiClient.signedIn(office.url, 'anna', 'lumen-demo');
    expect((await agent.fetch('POST', '/api/call/services/restart', { name: 'billing' })).status).toBe(403);
  });

  test('works on a telephone', { timeout: 120_000 }, async () => {
    const page = await open({ width: 390, height: 844 });
    await page.getByRole('button', { name: 'billing', exact: true }).waitFor();
    await screenshot(page, 'services-list-390');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'billing', exact: true }).click();
    await page.getByRole('dialog', { name: 'billing', exact: true }).getByRole('button', { name: 'Restart' }).click();
    await page.getByText('No call was lost', { exact: false }).waitFor();
    await screenshot(page, 'services-details-390');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByText('Dependencies', { exact: true }).click();
    await page.getByRole('group', { name: /^storage: Active/ }).waitFor();
    await screenshot(page, 'services-graph-390');
  });
});
