import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { chromiumPath } from './requirement.js';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const shots = process.env['CARUSO_SCREENSHOTS'] ?? mkdtempSync(path.join(tmpdir(), 'caruso-screens-'));

export function launch(): Promise<Browser> {
  return chromium.launch({
    ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A person's own browser: nothing shared with the others. */
export async function person(
  browser: Browser,
  options: { width?: number; height?: number; locale?: string } = {},
): Promise<Page> {
  const context: BrowserContext = await browser.newContext({
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    locale: options.locale ?? 'en-GB',
    timezoneId: 'Europe/Amsterdam',
  });
  context.setDefaultTimeout(15_000);
  return context.newPage();
}

/** The page of somebody of the staff who has signed in; at `path`, where they want to be elsewhere than at their first screen. */
export async function signedIn(
  browser: Browser,
  url: string,
  user: string,
  options: { path?: string; password?: string; width?: number; height?: number } = {},
): Promise<Page> {
  const { path: place, password = 'lumen-demo', ...size } = options;
  const page = await person(browser, size);
  await page.goto(url);
  await page.getByLabel('User name').fill(user);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation').first().waitFor();
  if (place !== undefined) await page.goto(`${url}${place}`);
  return page;
}

export async function screenshot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: path.join(shots, `${name}.png`) });
}

interface AxeViolation {
  id: string;
  help: string;
  nodes: { target: string[]; failureSummary?: string }[];
}

/** What the page's own globals are read as: the tests are compiled for Node. */
interface Moving {
  document: {
    getAnimations(): { playState: string; effect: { getComputedTiming(): { endTime?: unknown } } | null }[];
  };
  requestAnimationFrame(then: () => void): void;
}

/** Until nothing fades or slides any more: a text half faded in has the contrast of no colour we chose. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { document, requestAnimationFrame } = globalThis as unknown as Moving;
    const moving = (): boolean =>
      document
        .getAnimations()
        .some(({ playState, effect }) => playState === 'running' && effect?.getComputedTiming().endTime !== Infinity);
    // What has just been mounted begins to fade one frame or two later.
    for (let still = 0; still < 4; still = moving() ? 0 : still + 1) {
      await new Promise<void>((next) => requestAnimationFrame(next));
    }
  });
}

/** What axe-core finds wrong on the page once it has come to rest, in words; empty when it is clean. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await settled(page);
  await page.addScriptTag({ path: axePath }).catch(async () => {
    // The pages forbid inline and foreign scripts; axe is then evaluated by the debugger instead.
    const { readFileSync } = await import('node:fs');
    await page.evaluate(readFileSync(axePath, 'utf8'));
  });
  const violations = await page.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: { run(): Promise<{ violations: AxeViolation[] }> } }).axe;
    return (await axe.run()).violations;
  });
  return violations.map(
    (violation) =>
      `${violation.id}: ${violation.help} at ${violation.nodes.map((node) => node.target.join(' ')).join(', ')}`,
  );
}
