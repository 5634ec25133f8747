import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import objects from '@caruso/business-objects';
import communication from '@caruso/communication-server';
import { Channel } from '@caruso/communication-server/contract';
import { createDeclarations, folderOf } from '@caruso/declarations';
import { createServiceManager, type ServiceManager } from '@caruso/service-manager';
import { type Log, VirtualClock } from '@caruso/service-manager/contract';
import storage from '@caruso/storage-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import voice from './component.js';
import { SimulatedTelephone } from './contract.js';

const model = path.resolve(import.meta.dirname, '../../communication-server/declarations/model');
const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
let manager: ServiceManager;
const telephone = () => manager.services.use(SimulatedTelephone, '^1.0');

beforeEach(async () => {
  const files = Object.fromEntries(
    readdirSync(model).map((name) => [`model/${name}`, readFileSync(path.join(model, name), 'utf8')]),
  );
  const queues = 'queues: { general: {}, outages: {} }\nchannels: { voice: { queue: general } }';
  const databases = { main: { url: 'sqlite::memory:', managed: true } };
  manager = createServiceManager({ clock: new VirtualClock(), log });
  manager.install(
    'declarations',
    createDeclarations(folderOf({ ...files, 'queues.yaml': queues }, { databases })).component,
  );
  manager.install('storage', storage, { folder: '/' });
  manager.install('objects', objects);
  manager.install('communication', communication);
  manager.install('voice', voice);
  await manager.start();
  await manager.settled();
});
afterEach(() => manager.stop());

describe('the simulated telephone', () => {
  it('brings calls in and lets the customer hang up', async () => {
    const first = await telephone().call({ number: '+31201234567', name: 'Vera' });
    const second = await telephone().call({ number: '', queue: 'outages' });
    expect(first).toMatchObject({ channel: 'voice', state: 'queued', queue: 'general', subject: 'Call from Vera' });
    expect(second).toMatchObject({ queue: 'outages', contact: { address: 'anonymous' } });
    expect((await telephone().calls({})).calls.map((call) => call.id)).toEqual([first.id, second.id]);
    expect(await telephone().hangUp({ interaction: first.id })).toMatchObject({ state: 'abandoned' });
    expect((await telephone().calls({})).calls.map((call) => call.id)).toEqual([second.id]);
    await expect(telephone().hangUp({ interaction: 'nothing' })).rejects.toMatchObject({ code: 'CALL_UNKNOWN' });
  });

  it('says everywhere that it is simulated, and takes no text', async () => {
    const channel = manager.services.use(Channel, '^1.0', { provider: 'voice' });
    expect(await channel.describe({})).toMatchObject({ simulated: true, label: 'Telephone (simulated)' });
    const interaction = await telephone().call({ number: '1' });
    const message = {
      id: 'm',
      interaction: interaction.id,
      from: 'agent',
      author: 'a',
      text: 'x',
      details: {},
      at: '',
      delivery: 'pending',
    } as const;
    await expect(channel.send({ interaction, message, thread: [] })).rejects.toMatchObject({
      code: 'DELIVERY_REFUSED',
    });
  });
});
