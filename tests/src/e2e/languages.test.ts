import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { accessibilityFaults, launch, person, screenshot, signedIn } from '../support/browser.js';
import { FrontOffice, makeFolder, removeFolder } from '../support/front-office.js';
import { browser as chromium, testWith } from '../support/requirement.js';

const test = testWith(chromium);

describe('somebody who reads another language', () => {
  let office: FrontOffice;
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    if (!chromium.present) return;
    folder = makeFolder('utility');
    office = await FrontOffice.start(folder);
    browser = await launch();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await office?.stop();
    if (folder !== undefined) removeFolder(folder);
  });

  const language = (page: Page) => page.evaluate<string>('document.documentElement.lang');
  /** Whether the page is wider than the window, and words that are cut off where nothing says so. */
  const overflow = (page: Page) =>
    page.evaluate<string[]>(`(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      const cut = [...document.querySelectorAll('button, a, label, th, h1, h2, h3')].filter(
        (each) =>
          each.scrollWidth > each.clientWidth + 1 &&
          getComputedStyle(each).overflowX !== 'visible' &&
          getComputedStyle(each).textOverflow !== 'ellipsis',
      );
      return [...(scrollWidth > clientWidth + 1 ? ['the page'] : []), ...cut.map((each) => each.textContent)];
    })()`);
  const german = async (user: string, path: string, width: number, name: string): Promise<Page> => {
    const page = await person(browser, { locale: 'de-DE', width, height: width < 500 ? 800 : 900 });
    await page.goto(office.url);
    await page.getByLabel('Benutzername').fill(user);
    await page.getByLabel('Passwort', { exact: true }).fill('lumen-demo');
    await page.getByRole('button', { name: 'Anmelden' }).click();
    await page.getByRole('navigation', { name: 'Hauptnavigation' }).waitFor();
    await page.goto(`${office.url}${path}`);
    await page
      .getByRole('heading', { level: 1 })
      .or(page.getByRole('heading', { level: 2 }))
      .first()
      .waitFor();
    expect([await language(page), await overflow(page), await accessibilityFaults(page)]).toEqual(['de', [], []]);
    await screenshot(page, `de-${name}-${width}`);
    return page;
  };

  test('is met in the language of their browser, with its dates, at a desk and on a telephone', {
    timeout: 240_000,
  }, async () => {
    for (const width of [1440, 390]) {
      const desk = await german('anna', '/desktop', width, 'desktop');
      await desk.getByText('Meine Kontakte').filter({ visible: true }).first().waitFor();
      await desk.context().close();
      const monitor = await german('sam', '/monitor', width, 'monitor');
      await monitor.getByRole('columnheader', { name: 'Warteschlange' }).first().waitFor();
      await monitor.context().close();
      const record = await german('anna', '/screens/customer-360/C100001', width, 'customer');
      await record.getByText('01.01.2008').first().waitFor();
      await record.context().close();
      const services = await german('ada', '/services', width, 'services');
      await services.getByRole('heading', { name: 'Dienste', level: 1 }).waitFor();
      await services.context().close();
      const model = await german('ada', '/model', width, 'model');
      await model.getByRole('button', { name: 'MeterReading', exact: true }).click();
      const panel = model.getByRole('dialog', { name: 'MeterReading' });
      await panel.getByRole('button', { name: 'Attribut hinzufügen' }).click();
      await model.getByRole('dialog', { name: 'Attribut hinzufügen' }).getByLabel('Vorgabe').waitFor();
      expect([await overflow(model), await accessibilityFaults(model)]).toEqual([[], []]);
      await screenshot(model, `de-attribute-${width}`);
      await model.context().close();
      const scripts = await german('ada', '/scripts', width, 'scripts');
      await scripts.getByRole('heading', { name: 'Skripte', level: 1 }).waitFor();
      await scripts.context().close();
    }
  });

  test('chooses another, which stays, and the tool that is opened next speaks it too', {
    timeout: 120_000,
  }, async () => {
    const page = await signedIn(browser, office.url, 'ada', { path: '/services' });
    await page.getByRole('heading', { name: 'Services', level: 1 }).waitFor();
    await page.getByRole('button', { name: /^User menu of/ }).click();
    await page.getByLabel('Language').selectOption({ label: 'Italiano' });
    await page.getByRole('heading', { name: 'Servizi', level: 1 }).waitFor();
    // Names of the built-in views come from the server.
    await page.getByRole('link', { name: 'Modello' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Modello' }).click();
    await page.getByRole('button', { name: 'Aggiungi oggetto' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Aggiungi oggetto' }).waitFor();
    expect(await language(page)).toBe('it');
    await page.context().close();
  });

  test('is a customer: the portal and its scripts speak it, and there is a way to another', {
    timeout: 120_000,
  }, async () => {
    for (const width of [1440, 390]) {
      const page = await person(browser, { locale: 'fr-FR', width, height: 844 });
      await page.goto(`${office.url}/self-service`);
      await page.getByText('Accès personnel').waitFor();
      expect([await language(page), await overflow(page), await accessibilityFaults(page)]).toEqual(['fr', [], []]);
      await screenshot(page, `fr-portal-${width}`);
      await page.getByLabel('Langue').selectOption({ label: 'Nederlands' });
      await page.getByText('Inloggen als medewerker').waitFor();
      // Scripts have Dutch texts of their own.
      await page
        .getByRole('button', { name: /Report an outage/ })
        .or(page.getByRole('link', { name: /Report an outage/ }))
        .click();
      await page.getByText('Ruikt u gas?').waitFor();
      await page.context().close();
    }
  });

  test('reaches every entry of the navigation on a telephone, by keyboard too', { timeout: 60_000 }, async () => {
    const page = await signedIn(browser, office.url, 'ada', { path: '/services', width: 390, height: 800 });
    const navigation = page.getByRole('navigation', { name: 'Main navigation' });
    await navigation.getByRole('link').first().waitFor();
    const shown = await navigation.getByRole('link').count();
    await screenshot(page, 'navigation-390');
    await navigation.getByRole('button', { name: 'More' }).focus();
    await page.keyboard.press('Enter');
    const entries = page.getByRole('menuitem');
    await entries.first().waitFor();
    expect([shown, await entries.count()]).toEqual([4, 10]);
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, 'navigation-more-390');
    await entries.filter({ hasText: 'Imports' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Imports', level: 1 }).waitFor();
    expect(await navigation.getByRole('button', { name: 'More' }).getAttribute('data-status')).toBe('active');
  });
});
