import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiClient } from '../support/api.js';
import { type ForgetfulProxy, forgetfulProxy } from '../support/forgetful-proxy.js';
import { FrontOffice, makeFolder, removeFolder } from '../support/front-office.js';
import { root } from '../support/requirement.js';

/** Sends a crew by the ERP, which is not given long. */
const crew = `<script id="crew" version="1" xml:lang="en" schema="1.1" channels="agent"><section id="s">
  <question id="where" name="connection" type="text" required="yes"><say>Which connection?</say></question>
  <action id="send" do="erp.openWorkOrder" into="order" timeout="400ms" retry="2">
    <arg name="connectionNo" expr="connection"/><arg name="work" expr="'No power'"/>
    <fail to="not-sent"><say>No crew was sent.</say></fail></action>
  <end id="sent" outcome="sent"><say>Order <value of="order.number"/>.</say></end>
  <end id="not-sent" outcome="failed"/></section></script>`;

describe('a script that has something done by the ERP of the utility', () => {
  let office: FrontOffice;
  let erp: ChildProcess;
  let proxy: ForgetfulProxy;

  beforeAll(async () => {
    // The ERP in a process of its own, as a company has it; the one of the demonstration is left out.
    const server = path.join(root, 'examples', 'utility', 'legacy', 'erp-server.mjs');
    erp = spawn(process.execPath, [server, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(erp.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    proxy = await forgetfulProxy(String(said).trim().split(' ').at(-1) ?? '');
    const folder = makeFolder('utility', 'components:\n  erp-demo: { enabled: false }\n');
    mkdirSync(path.join(folder, 'scripts'));
    writeFileSync(path.join(folder, 'scripts', 'crew.xml'), crew);
    office = await FrontOffice.start(folder, { env: { ERP_URL: proxy.url } });
  });
  afterAll(async () => {
    await office?.stop();
    await proxy?.close();
    erp?.kill('SIGKILL');
    if (office !== undefined) removeFolder(office.folder);
  });

  test('a script whose ERP acted and did not say so asks again with the same key: one order; what fails for good takes the fail path', async () => {
    const anna = await ApiClient.signedIn(office.url, 'anna', 'lumen-demo');
    const send = async (connection: string) => {
      const { session, seq } = await anna.call<{ session: string; seq: number }>('scripts.start', {
        script: 'crew',
        channel: 'agent',
      });
      proxy.seen.length = 0;
      const to = { session, seq, messageId: 'm1', answers: { connection } };
      const { outcome } = await anna.call<{ outcome: string }>('scripts.answer', to);
      const orders = proxy.seen.filter((body) => body.includes('CreateWorkOrder'));
      const references = orders.map((body) => /<Reference>([^<]*)</.exec(body)?.[1]);
      expect(new Set(references)).toEqual(new Set([`${session}/send#1`]));
      return { outcome, sent: orders.length };
    };
    const planned = async (connectionNo: string) => {
      const { workOrders } = await anna.call<{ workOrders: { state: string }[] }>('erp.workOrders', { connectionNo });
      return workOrders.filter(({ state }) => state === 'planned').length;
    };
    proxy.forget(1);
    expect(await send('CN200009')).toEqual({ outcome: 'sent', sent: 2 });
    expect(await planned('CN200009')).toBe(1);
    // Never an answer: three times the same order, which is one, and the dialog goes the way of the failure.
    proxy.forget(3);
    expect(await send('CN200010')).toEqual({ outcome: 'failed', sent: 3 });
    expect(await planned('CN200010')).toBe(1);
    // What the ERP refuses it is not asked again.
    expect(await send('CN900001')).toEqual({ outcome: 'failed', sent: 1 });
  });
});
