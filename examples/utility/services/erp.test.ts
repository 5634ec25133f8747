import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { httpLegacy, startWrapper, wrapperSuite } from '@caruso/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import erp from './erp.js';

const server = fileURLToPath(new URL('../legacy/erp-server.mjs', import.meta.url));

/** The ERP in a process of its own. */
async function startProcess(): Promise<{ url: string; kill(): Promise<void> }> {
  const child = spawn(process.execPath, [server, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const kill = async (): Promise<void> => {
    const gone = once(child, 'close');
    child.kill('SIGKILL');
    await gone;
  };
  return { url: String(said).trim().split(' ').at(-1) ?? '', kill };
}

const open: { kill(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.kill();
});
async function running(): Promise<string> {
  const legacy = await startProcess();
  open.push(legacy);
  return legacy.url;
}

wrapperSuite({
  component: erp,
  legacy: async () => {
    const { url, kill } = await startProcess();
    return httpLegacy({ url, close: kill });
  },
  config: (address) => ({ url: address }),
  calls: {
    workOrders: { connectionNo: 'CN200001' },
    openWorkOrder: { connectionNo: 'CN200001', work: 'No electricity', urgent: true },
    stock: { article: 'METER-3F' },
  },
  names: ['the ERP'],
});

describe('the ERP', () => {
  test('tells its work orders in our words, the latest first', async () => {
    const wrapper = await startWrapper(erp, { config: { url: await running() } });
    const made = await wrapper.client.openWorkOrder({ connectionNo: 'CN200001', work: 'Fuse <3 & "more"\u0000' });
    expect(made).toMatchObject({ number: 'WO700001', work: 'Fuse <3 & "more" ', state: 'planned' });
    const { workOrders } = await wrapper.client.workOrders({ connectionNo: 'CN200001' });
    expect(workOrders[0]).toEqual(made);
    expect(workOrders[1]).toMatchObject({ state: 'done', planned: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) });
    await wrapper.stop();
  });

  test('a work order that is sent twice is one', async () => {
    const wrapper = await startWrapper(erp, { config: { url: await running() } });
    const order = { connectionNo: 'CN200002', work: 'No gas' };
    const first = await wrapper.client.openWorkOrder(order, { id: 'case-7' });
    expect(await wrapper.client.openWorkOrder(order, { id: 'case-7' })).toEqual(first);
    expect(await wrapper.client.openWorkOrder(order)).not.toEqual(first);
    await wrapper.stop();
  });

  test('says what it does not have, as an answer and not as trouble', async () => {
    const wrapper = await startWrapper(erp, { config: { url: await running() } });
    await expect(wrapper.client.stock({ article: 'SPOON' })).rejects.toMatchObject({
      code: 'ARTICLE_UNKNOWN',
      status: 404,
      message: "The ERP has no article 'SPOON'",
    });
    await expect(wrapper.client.workOrders({ connectionNo: 'CN1' })).rejects.toMatchObject({ code: 'ERP_UNKNOWN' });
    expect(await wrapper.client.stock({ article: 'METER-GAS-G4' })).toMatchObject({ pieces: 0, store: 'Zutphen' });
    await wrapper.stop();
  });

  test('killed in the middle of its work, is told of clearly', async () => {
    const legacy = await startProcess();
    const wrapper = await startWrapper(erp, { config: { url: legacy.url } });
    await wrapper.client.stock({ article: 'METER-3F' });
    await legacy.kill();
    const call = wrapper.client.stock({ article: 'METER-3F' }, { retries: 0 });
    await expect(call).rejects.toMatchObject({ code: 'ERP_UNREACHABLE', status: 503 });
    await wrapper.stop();
  });
});
