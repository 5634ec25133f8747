import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { ApiClient } from '../support/api.js';
import { accessibilityFaults, launch, screenshot, signedIn } from '../support/browser.js';
import { FrontOffice, makeFolder, removeFolder, runCaruso } from '../support/front-office.js';
import { browser as chromium, root, testWith } from '../support/requirement.js';

const test = testWith(chromium);
const shipped = readFileSync(path.join(root, 'examples/utility/scripts/satisfaction.xml'), 'utf8');

interface ShownView {
  session: string;
  seq: number;
  outcome: string | null;
  step: { id: string } | null;
}

describe.skipIf(!chromium.present)('the developer of scripts', () => {
  let office: FrontOffice;
  let browser: Browser;
  let folder: string;
  let page: Page;
  const own = (name: string) => path.join(folder, name);

  const open = (size: { width?: number; height?: number } = {}): Promise<Page> =>
    signedIn(browser, office.url, 'ada', size);
  const row = (name: RegExp): Locator => page.getByRole('treeitem', { name });
  const text = (): Promise<string> =>
    page.locator('.cm-line').evaluateAll((lines) => lines.map(({ textContent }) => textContent).join('\n'));
  const clean = async (name: string, on = page): Promise<void> => {
    await screenshot(on, `script-developer-${name}`);
    expect(await accessibilityFaults(on)).toEqual([]);
  };

  beforeAll(async () => {
    folder = makeFolder('utility');
    office = await FrontOffice.start(folder);
    browser = await launch();
    page = await open();
    await page.goto(`${office.url}/scripts`);
    await page.getByRole('link', { name: 'How did we do?' }).waitFor();
    await clean('list-1440');
    await page.getByRole('link', { name: 'How did we do?' }).click();
    await page.getByRole('tree').waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await office?.stop();
    removeFolder(folder);
  });

  test('a step is added, named and worded by the keyboard alone; the text says so, and undo gives back its bytes', async () => {
    await page
      .getByRole('region', { name: 'Graph of the script' })
      .getByRole('group', { name: /^question ask-score/ })
      .waitFor();
    await clean('graph-1440');
    await row(/^▸? ?question ask-score|question.*ask-score/)
      .first()
      .focus();
    await page.keyboard.press('Enter');
    // Enter leads to the form of what is chosen; the tree is left by Tab.
    await page.getByRole('heading', { name: 'script satisfaction' }).waitFor();
    await page.getByRole('treeitem', { selected: true }).focus();
    const selected = page.getByRole('treeitem', { selected: true });
    for (let press = 0; press < 40 && !(await selected.innerText()).includes('ask-score'); press++) {
      await page.keyboard.press('ArrowDown');
    }
    expect(await selected.innerText()).toContain('ask-score');
    await page.getByRole('button', { name: 'Add a step' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'info' }).waitFor();
    // The menu takes the focus once it has opened.
    const chosen = page.locator('[role="menuitem"]:focus', { hasText: /^info$/ });
    for (let press = 0; press < 60 && (await chosen.count()) === 0; press++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'info info' }).waitFor();
    await page.getByRole('textbox', { name: /^id/ }).focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('short');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'info short' }).waitFor();
    await page.getByRole('textbox', { name: 'say' }).focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('It is short: < 1 minute & done.');
    await page.keyboard.press('Tab');
    // Up before the question, as Alt and arrow do in the tree.
    await page.getByRole('treeitem', { selected: true }).focus();
    await page.keyboard.press('Alt+ArrowUp');
    await page.getByRole('tab', { name: 'Text' }).click();
    const added = `    <info id="short">
      <say>It is short: &lt; 1 minute &amp; done.</say>
    </info>
`;
    await expect.poll(text).toContain(`  <section id="survey">\n${added}    <question id="ask-score"`);
    // One stack, whatever was done.
    for (let edit = 0; edit < 4; edit++) await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => page.getByRole('button', { name: 'Undo' }).isDisabled()).toBe(true);
    for (let edit = 0; edit < 4; edit++) await page.getByRole('button', { name: 'Redo' }).click();
    await expect.poll(text).toContain(added);
  });

  test('a fault shows at its place while it is typed, and text that is no XML leaves the graph as it was', async () => {
    await page.locator('.cm-line', { hasText: '<next to="thanks" if="score >= 9"/>' }).click();
    await page.keyboard.press('End');
    for (let left = 0; left < 3; left++) await page.keyboard.press('ArrowLeft');
    await page.keyboard.type(' and scor = 1');
    const faults = page.getByRole('region', { name: 'Faults' });
    await faults.getByText("unknown name 'scor'. write 'score'").waitFor();
    await faults.getByText(/^\d+:\d+$/).waitFor();
    await clean('fault-1440');
    await page.locator('.cm-lintRange-error', { hasText: 'scor' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await faults.getByText('No faults').waitFor();
    await page.locator('.cm-line', { hasText: '<next to="thanks" if="score >= 9"/>' }).click();
    await page.keyboard.press('Home');
    await page.keyboard.type('<');
    await page.getByText('The text is not well-formed now', { exact: false }).waitFor();
    await page.getByRole('tab', { name: 'Graph' }).click();
    await page.getByRole('group', { name: /^question ask-score/ }).waitFor();
    expect(await page.getByRole('button', { name: 'Add a step' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('The text is not well-formed now', { exact: false }).waitFor({ state: 'detached' });
  });

  test('a box is put elsewhere and a way is drawn with the mouse', async () => {
    const box = (step: string) => page.getByRole('group', { name: new RegExp(`^\\w+ ${step}:`) });
    const middle = async (of: Locator): Promise<[number, number]> => {
      const { x, y, width, height } = (await of.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
      return [x + width / 2, y + height / 2];
    };
    const drag = async ([x, y]: [number, number], [toX, toY]: [number, number]) => {
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move((x + toX) / 2, (y + toY) / 2, { steps: 4 });
      await page.mouse.move(toX, toY, { steps: 4 });
      await page.mouse.up();
    };
    await page.getByRole('button', { name: 'Show all' }).click();
    // The drawing glides into view.
    let at = await middle(box('short'));
    await expect
      .poll(async () => {
        const before = at;
        at = await middle(box('short'));
        return at[0] === before[0] && at[1] === before[1];
      })
      .toBe(true);
    const [x, y] = at;
    await drag([x, y], [x - 60, y + 10]);
    await expect.poll(async () => Math.round((await middle(box('short')))[0] - x)).toBeLessThan(-20);
    await drag(await middle(box('short').locator('.source')), await middle(box('ask-score').locator('.target')));
    await page.getByRole('heading', { name: 'next' }).waitFor();
    await page.getByRole('tab', { name: 'Text' }).click();
    await expect.poll(text).toContain('&amp; done.</say>\n      <next to="ask-score"/>\n    </info>');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('tab', { name: 'Graph' }).click();
  });

  test('the draft is tried out on four media by the engine itself, and recorded as a case', async () => {
    await page.getByRole('tab', { name: 'Preview' }).click();
    const medium = async (name: string) =>
      page.getByRole('radiogroup', { name: 'Medium' }).getByText(name, { exact: true }).click();
    await page.getByText('It is short: < 1 minute & done.').last().waitFor();
    await clean('preview-agent-1440');
    // The preview goes away with a fault and comes back without taking the focus from who writes.
    await page.getByRole('tab', { name: 'Text' }).click();
    await page.locator('.cm-line', { hasText: '<info id="short">' }).click();
    await page.keyboard.type('<');
    await page.getByText('correct them to try it out', { exact: false }).waitFor();
    await page.keyboard.press('Control+Z');
    await page.getByText('It is short: < 1 minute & done.').last().waitFor();
    await page.locator('.cm-content:focus').waitFor();
    await page.getByRole('tab', { name: 'Graph' }).click();
    await medium('Web');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('radio', { name: '7', exact: true }).waitFor();
    await medium('Telephone');
    const talk = page.getByRole('log', { name: 'Dialog' });
    const say = async (line: string) => {
      await page.getByRole('textbox', { name: /^(Written|Keyed in)/ }).fill(line);
      await page.keyboard.press('Enter');
    };
    await say('');
    await talk.getByText('From zero to ten', { exact: false }).waitFor();
    await clean('preview-voice-1440');
    await medium('Chat');
    await say('');
    await say('5');
    await talk.getByText('1. The waiting time', { exact: false }).waitFor();
    await say('3');
    await say('Too dear');
    await say('yes');
    await say('C100001');
    await say('0570123456');
    await say('');
    await page.getByRole('form', { name: /^What does the look-up find find/ }).waitFor();
    await clean('preview-chat-1440');
    await page.getByRole('button', { name: 'Found', exact: true }).click();
    await page.getByRole('form', { name: /^What comes of ask-back/ }).waitFor();
    await page.getByRole('button', { name: 'Done', exact: true }).click();
    await talk.getByText('Thank you. We call you.').waitFor();
    await page.getByRole('table', { name: 'Variables' }).getByText('"Too dear"', { exact: true }).waitFor();
    await page.getByLabel('Name of the case').fill('called back after a chat');
    await page.getByRole('button', { name: 'Record as a case' }).click();
    await page.getByText('Recorded in tests/scripts/satisfaction-recorded.yaml').waitFor();
    await page.getByRole('tab', { name: 'Cases' }).click();
    await page.getByText('called back after a chat').waitFor();
    await clean('cases-1440');
  });

  test('it is published while a session runs on the old version, which finishes on it; then rolled back', async () => {
    const anna = await ApiClient.signedIn(office.url, 'anna', 'lumen-demo');
    const begin = () => anna.call<ShownView>('scripts.start', { script: 'satisfaction', channel: 'agent', params: {} });
    const before = await begin();
    expect(before.step?.id).toBe('ask-score');
    await page.getByRole('button', { name: 'Save draft' }).click();
    await page.getByText('The draft is saved').waitFor();
    expect(existsSync(own('scripts'))).toBe(false);
    await page.getByRole('button', { name: 'Publish' }).click();
    const dialog = page.getByRole('dialog', { name: 'Publish scripts/satisfaction.xml' });
    await dialog.getByText('It is short', { exact: false }).waitFor();
    await clean('publish-1440');
    await dialog.getByRole('button', { name: 'Publish' }).click();
    await page.getByText('scripts/satisfaction.xml is published').waitFor();
    const published = readFileSync(own('scripts/satisfaction.xml'), 'utf8');
    expect(published.replace(/ {4}<info id="short">[\s\S]*?<\/info>\n/, '')).toBe(shipped);

    const layout = JSON.parse(readFileSync(own('scripts/satisfaction.layout.json'), 'utf8')) as object;
    expect(layout).toEqual({ short: { x: expect.any(Number), y: expect.any(Number) } });

    const fresh = await begin();
    expect(fresh.step?.id).toBe('short');
    const { session, seq } = before;
    const ended = await anna.call<ShownView>('scripts.answer', {
      session,
      seq,
      messageId: 'm1',
      answers: { score: 10 },
    });
    expect(ended.outcome).toBe('done');
    const tested = await runCaruso(['script', 'test', folder, '--script', 'satisfaction', '--json']);
    const report = JSON.parse(tested.stdout) as { scripts: { cases: { name: string; failures: string[] }[] }[] };
    expect(report.scripts[0]?.cases.find(({ name }) => name === 'called back after a chat')).toMatchObject({
      failures: [],
    });

    await page.getByRole('button', { name: 'Versions' }).click();
    const versions = page.getByRole('dialog', { name: 'Versions' });
    await versions.getByText('ada').first().waitFor();
    await versions.getByRole('button', { name: /^None of its own/ }).click();
    await versions.getByRole('button', { name: 'Roll back to this' }).waitFor();
    await clean('versions-1440');
    await versions.getByRole('button', { name: 'Roll back to this' }).click();
    await page.getByText('scripts/satisfaction.xml is rolled back').waitFor();
    expect(existsSync(own('scripts/satisfaction.xml'))).toBe(false);
    expect((await begin()).step?.id).toBe('ask-score');
    // Read anew, the graph shows how the script was used: two sessions wait or have ended at the first question.
    await page.reload();
    await page
      .getByRole('group', { name: /^question ask-score:/ })
      .getByText('2× · 0 left', { exact: false })
      .waitFor();
    await clean('usage-1440');
  });

  test('who goes elsewhere leaves a draft; what was published meanwhile is not overwritten unseen', async () => {
    await row(/question ask-themes/).click();
    await page.getByRole('textbox', { name: 'say', exact: true }).fill('What can we do better?');
    await page.keyboard.press('Tab');
    await page.getByRole('navigation', { name: 'Main navigation' }).getByRole('link', { name: 'Scripts' }).click();
    await page
      .getByRole('row', { name: /How did we do\?/ })
      .getByText('ada')
      .waitFor();
    const ada = await ApiClient.signedIn(office.url, 'ada', 'lumen-demo');
    const other = shipped.replace('version="1.0"', 'version="1.1"');
    const file = 'scripts/satisfaction.xml';
    const { draft } = await ada.call<{ draft: { hash: string; text: string } }>('script-developer.open', { file });
    expect(draft.text).toContain('What can we do better?');
    await ada.call('script-developer.publish', { file, text: other, base: null });
    await ada.call('script-developer.saveDraft', { file, text: draft.text, base: null, draft: null });
    await page.getByRole('link', { name: 'How did we do?' }).click();
    await page.getByText('Something else was published', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Publish' }).click();
    const dialog = page.getByRole('dialog', { name: `Publish ${file}` });
    await dialog.getByRole('button', { name: 'Publish' }).click();
    await dialog.getByText('DECLARATION_STALE').waitFor();
    await clean('overtaken-1440');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Go on from there' }).click();
    await page.getByRole('button', { name: 'Publish' }).click();
    await dialog.getByRole('button', { name: 'Publish' }).click();
    await page.getByText(`${file} is published`).waitFor();
    expect(readFileSync(own(file), 'utf8')).toBe(draft.text);
  });

  test('works on a telephone', async () => {
    const small = await open({ width: 390, height: 844 });
    await small.goto(`${office.url}/scripts/payment-plan`);
    await small.getByRole('tree').waitFor();
    for (const tab of ['Outline', 'Graph', 'Text', 'Properties', 'Preview', 'Cases']) {
      await small.getByRole('tab', { name: tab }).click();
      await small.getByRole('tabpanel', { name: tab }).waitFor();
      await clean(`${tab.toLowerCase()}-390`, small);
    }
    await small.goto(`${office.url}/scripts/nothing-here`);
    await small.getByText('SCRIPT_UNKNOWN').waitFor();
    await clean('unknown-390', small);
  });
});
