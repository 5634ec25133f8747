import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { accessibilityFaults, launch, screenshot, signedIn } from '../support/browser.js';
import { FrontOffice, makeFolder, removeFolder } from '../support/front-office.js';
import { browser as chromium, root, testWith } from '../support/requirement.js';

const test = testWith(chromium);

describe('the wrapped systems of the utility, as an agent meets them', () => {
  let office: FrontOffice;
  let browser: Browser;
  let erp: ChildProcess;

  beforeAll(async () => {
    if (!chromium.present) return;
    // The ERP in a process of its own, as a company has it; the one of the demonstration is left out.
    const server = path.join(root, 'examples', 'utility', 'legacy', 'erp-server.mjs');
    erp = spawn(process.execPath, [server, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(erp.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    const url = String(said).trim().split(' ').at(-1) ?? '';
    const folder = makeFolder('utility', 'components:\n  erp-demo: { enabled: false }\n');
    office = await FrontOffice.start(folder, { env: { ERP_URL: url } });
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await office?.stop();
    erp?.kill('SIGKILL');
    if (office !== undefined) removeFolder(office.folder);
  });

  const signIn = (user: string): Promise<Page> => signedIn(browser, office.url, user);

  test('a crew is sent from a case, stands at the connection, and a killed ERP is told of', {
    timeout: 180_000,
  }, async () => {
    const agent = await signIn('anna');
    await agent.goto(`${office.url}/screens/cases`);
    await agent.getByRole('link', { name: 'Power fails every evening' }).click();
    await agent.getByRole('button', { name: 'Send a crew' }).click();
    const sent = agent.waitForResponse(/erp\/openWorkOrder/);
    await agent.getByRole('dialog').getByRole('button', { name: 'Send a crew' }).click();
    expect(await (await sent).json()).toMatchObject({ number: 'WO700001', state: 'planned' });

    await agent.goto(`${office.url}/screens/connection/CN200008`);
    await agent.getByRole('row', { name: /WO700001.*Power fails every evening.*planned/ }).waitFor();
    await agent.getByRole('row', { name: /done/ }).first().waitFor();
    expect(await accessibilityFaults(agent)).toEqual([]);
    await screenshot(agent, 'connection-work-1440');

    await agent.goto(`${office.url}/screens/contract/K400008`);
    await agent.getByRole('row', { name: /electricity.*0\.18110 EUR\/kWh.*99\.00 EUR/ }).waitFor();
    await screenshot(agent, 'contract-prices-1440');

    erp.kill('SIGKILL');
    await once(erp, 'close');
    await agent.goto(`${office.url}/screens/connection/CN200008`);
    await agent
      .getByText(/The ERP at .* does not answer/)
      .first()
      .waitFor();
    // The rest of the screen is as it was.
    await agent.getByText('CN200008').first().waitFor();
    const administrator = await signIn('ada');
    await administrator.goto(`${office.url}/services`);
    await administrator
      .getByText(/The ERP at .* does not answer Ping/)
      .first()
      .waitFor({ timeout: 40_000 });
  });
});
