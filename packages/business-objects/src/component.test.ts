import { createDeclarations, folderOf } from '@caruso/declarations';
import { createServiceManager, type ServiceManager } from '@caruso/service-manager';
import { actingAs, type Log } from '@caruso/service-manager/contract';
import storage from '@caruso/storage-manager';
import { Journal } from '@caruso/storage-manager/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { BusinessObjects, Model } from './contract.js';
import objects from './index.js';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };
const anna = { kind: 'user' as const, id: 'anna', name: 'Anna', roles: ['agent'] };
const CASE =
  'object: Case\nattributes:\n  id: { type: text, key: generated }\n  subject: { type: text, required: true }\n';
const manifest = { timezone: 'Europe/Amsterdam', databases: { main: { url: 'sqlite::memory:', managed: true } } };

let manager: ServiceManager;
afterEach(() => manager.stop());

async function start() {
  const declarations = createDeclarations(folderOf({ 'model/case.yaml': CASE }, manifest));
  manager = createServiceManager({ log: silent });
  manager.install('declarations', declarations.component, {});
  manager.install('storage', storage, { folder: '/' });
  manager.install('objects', objects, {});
  await manager.start();
  return { declarations, client: manager.use(BusinessObjects, '^1.0'), model: manager.use(Model, '^1.0') };
}

describe('the business objects component', () => {
  it('serves the model files of the front office, as whoever calls', async () => {
    const { client } = await start();
    const created = await actingAs(anna, () => client.create({ object: 'Case', values: { subject: 'no gas' } }));
    expect(await actingAs(anna, () => client.get({ object: 'Case', key: created.key }))).toEqual(created);
    const [event] = await manager.use(Journal, '^1.0').read({ types: ['Case.created'] });
    expect(event).toMatchObject({ actor: { kind: 'user', id: 'anna' }, subject: { object: 'Case', key: created.key } });
    const visitor = { ...anna, kind: 'visitor' as const, roles: ['public'] };
    await expect(actingAs(visitor, () => client.find({ object: 'Case' }))).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
    });
  });

  it('takes over a model file that is saved, and tells who listens', async () => {
    const { declarations, client, model } = await start();
    const changed = new Promise<void>((resolve) => model.onChange(resolve));
    declarations.update(folderOf({ 'model/case.yaml': `${CASE}  mood: { type: text, default: calm }\n` }, manifest));
    await changed;
    expect(model.version()).toBe(2);
    expect((await client.create({ object: 'Case', values: { subject: 'x' } })).values).toMatchObject({ mood: 'calm' });
  });

  it('refuses an object with a fault and shows why in the service tree', async () => {
    const { declarations, client, model } = await start();
    const changed = new Promise<void>((resolve) => model.onChange(resolve));
    declarations.update(
      folderOf(
        {
          'model/case.yaml': CASE,
          'model/task.yaml': 'object: Task\nattributes:\n  id: { type: txt, key: true }\n  x: { to: Cas }\n',
        },
        manifest,
      ),
    );
    await changed;
    await client.create({ object: 'Case', values: { subject: 'x' } });
    await expect(client.find({ object: 'Task' })).rejects.toMatchObject({ code: 'OBJECT_UNKNOWN' });
    const node = manager.inspect().services.find(({ name }) => name === 'objects');
    expect(node).toMatchObject({
      state: 'active',
      details: { objects: 1, faults: [expect.stringContaining('model/task.yaml:3:15')] },
    });
  });
});
