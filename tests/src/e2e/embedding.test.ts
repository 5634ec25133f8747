import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test as plainTest } from 'vitest';
import { accessibilityFaults, launch, person, screenshot } from '../support/browser.js';
import { FrontOffice, makeFolder, removeFolder } from '../support/front-office.js';
import { browser as chromium, testWith } from '../support/requirement.js';

const test = testWith(chromium);

/** A web site of the company: every address is the same page, whose body is given by the query. */
async function site(body: (address: URL) => string): Promise<{ server: Server; origin: string }> {
  const server = createServer((request, response) => {
    const address = new URL(request.url ?? '/', 'http://site');
    // As strict as a careful company's page would be: no styles of others, no scripts but the one it names.
    const policy = "default-src 'none'; script-src http://127.0.0.1:*; frame-src http://127.0.0.1:*; img-src 'self'";
    response.setHeader('content-security-policy', policy);
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(
      `<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width"><title>Lumen</title></head>
      <body><main><h1>Lumen</h1><p>Energy for Deventer.</p><div id="help"></div></main>${body(address)}</body></html>`,
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe("self-service in the company's own page", () => {
  let office: FrontOffice;
  let browser: Browser;
  let ours: Awaited<ReturnType<typeof site>>;
  let strangers: Awaited<ReturnType<typeof site>>;

  beforeAll(async () => {
    const tag = (address: URL): string => {
      const data = [...address.searchParams].map(([name, value]) => ` data-${name}="${value}"`).join('');
      return `<script src="${office.url}/widget.js" async${data}></script>`;
    };
    [ours, strangers] = await Promise.all([site(tag), site(tag)]);
    const config = `components:\n  gateway: { config: { embeddedIn: ["${ours.origin}"] } }\n`;
    office = await FrontOffice.start(makeFolder('utility', config));
    if (chromium.present) browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await office?.stop();
    for (const { server } of [ours, strangers]) server.close();
    if (office !== undefined) removeFolder(office.folder);
  });

  plainTest('only self-service may be shown in a frame, and only by pages that are named', async () => {
    const [portal, desk, widget] = await Promise.all(
      ['/self-service?embedded=true', '/desktop', '/widget.js'].map((path) => fetch(office.url + path)),
    );
    expect(portal?.headers.get('content-security-policy')).toContain(`frame-ancestors 'self' ${ours.origin}`);
    expect(portal?.headers.get('x-frame-options')).toBeNull();
    expect(desk?.headers.get('content-security-policy')).toMatch(/frame-ancestors 'self'$/);
    expect(desk?.headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(widget?.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  });

  const open = async (page: Page) => {
    await page.getByRole('button', { name: 'Read the meter' }).click();
    return page.frameLocator('iframe[title="Read the meter"]');
  };

  test('a button opens a dialog, which stays as it was left; Escape closes it, the keyboard suffices', async () => {
    const page = await person(browser, { width: 390, height: 844 });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(`${ours.origin}/?script=meter-reading&label=Read the meter`);
    await page.getByRole('button', { name: 'Read the meter' }).waitFor();
    await screenshot(page, 'widget-closed-390');
    expect(await accessibilityFaults(page)).toEqual([]);
    const dialog = await open(page);
    await dialog.getByLabel(/Customer number/).fill('C100001');
    // The page around it says whose it is.
    await expect(dialog.getByText('Staff').count()).resolves.toBe(0);
    await screenshot(page, 'widget-open-390');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Read the meter' }).waitFor();
    await page.keyboard.press('Enter');
    await expect(dialog.getByLabel(/Customer number/).inputValue()).resolves.toBe('C100001');
    await page.getByRole('button', { name: 'Close' }).focus();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Read the meter' }).waitFor({ state: 'hidden' });
    expect(errors).toEqual([]);
  });

  test('fills an element of the page, as high as what it shows, and is one visitor with the front office', async () => {
    const page = await person(browser);
    await page.goto(`${ours.origin}/?place=%23help&label=Self-service`);
    const portal = page.frameLocator('iframe[title="Self-service"]');
    await portal.getByRole('button', { name: /Enter a meter reading/ }).waitFor();
    const height = async () => (await page.locator('iframe').boundingBox())?.height ?? 0;
    await expect.poll(height).toBe(520);
    await screenshot(page, 'widget-inside-1440');
    const cookies = await page.context().cookies(office.url);
    expect(cookies.filter(({ name }) => name === 'caruso_visitor')).toHaveLength(1);
    const [, started] = await Promise.all([
      portal.getByRole('button', { name: /Enter a meter reading/ }).click(),
      page.waitForResponse(/scripts\/start/),
    ]);
    const { session } = (await started.json()) as { session: string };
    // The dialog at hand is longer, in a narrow page, than what was shown before.
    await page.setViewportSize({ width: 390, height: 844 });
    await portal.getByLabel(/Customer number/).waitFor();
    await expect.poll(height).toBeGreaterThan(520);
    await portal.getByRole('button', { name: 'Back to the overview' }).click();
    const cards = portal.getByRole('list', { name: 'What you can do here' });
    await cards.waitFor();
    const alone = await page.context().newPage();
    await alone.goto(`${office.url}/self-service`);
    const seen = await alone.evaluate(async (id) => {
      const answer = await fetch('/api/call/scripts/view', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ session: id, channel: 'web' }),
      });
      return answer.status;
    }, session);
    expect(seen).toBe(200);
  });

  test('a page that is not named shows nothing of it', async () => {
    const page = await person(browser);
    const refused = page.waitForEvent('console', (message) => /frame-ancestors/.test(message.text()));
    await page.goto(`${strangers.origin}/?place=%23help`);
    await refused;
    await expect(page.frameLocator('iframe').locator('#root').count()).resolves.toBe(0);
  });
});
