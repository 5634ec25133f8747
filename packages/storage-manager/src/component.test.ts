import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Declarations, type Folder } from '@caruso/declarations/contract';
import { createServiceManager, type ServiceManager } from '@caruso/service-manager';
import { actingAs, defineComponent, type Log } from '@caruso/service-manager/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Journal, Storage } from './contract.js';
import { tempFolder } from './databases.test.support.js';
import storage from './index.js';

const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
let manager: ServiceManager;
afterEach(() => manager.stop());

const position = { file: 'caruso.yaml', line: 1, column: 1 };

const declaring = (root: string, databases: Folder['manifest']['databases']) =>
  defineComponent({
    provides: Declarations,
    version: '1.0.0',
    needs: {},
    config: z.strictObject({}),
    create: async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return {
        handlers: {
          folder: () => ({
            root,
            name: 'test',
            layers: [],
            manifest: { name: 'test', locale: 'en-GB', timezone: 'UTC', seed: false, databases, components: {} },
            sources: () => [],
            files: () => [],
            locate: Object.assign(() => position, { key: () => position, within: () => position }),
          }),
          onChange: () => () => {},
        },
      };
    },
  });

describe('the storage component', () => {
  it('opens the databases of the declarations, relative to their folder, and closes them when it stops', async () => {
    const root = tempFolder();
    manager = createServiceManager({ log });
    manager.install('declarations', declaring(root, { main: { url: 'sqlite:./data/main.db', managed: true } }), {});
    manager.install('storage', storage, {});
    await manager.start();
    const database = manager.use(Storage, '^1.0');
    const journal = manager.use(Journal, '^1.0');
    expect(database.databases()).toEqual([{ name: 'main', dialect: 'sqlite', managed: true, reachable: true }]);
    const agent = { kind: 'user' as const, id: 'ann', name: 'Ann', roles: ['agent'] };
    const event = await actingAs(agent, () => database.unitOfWork(() => journal.append({ type: 'Case.created' })));
    expect(event.actor).toEqual({ kind: 'user', id: 'ann' });
    expect(existsSync(join(root, 'data/main.db'))).toBe(true);
    const node = manager.inspect().services.find(({ name }) => name === 'storage');
    expect(node).toMatchObject({
      state: 'active',
      effects: ['databases and journal'],
      details: { databases: [{ name: 'main', turn: null, waiting: 0 }], journal: { last: event.seq, consumers: [] } },
    });
    await manager.stop();
    // Closing folds the log into the file.
    expect(existsSync(join(root, 'data/main.db-wal'))).toBe(false);
  });

  it('takes its own configuration before that of the declarations, and does without them', async () => {
    manager = createServiceManager({ log });
    manager.install('storage', storage, { databases: { main: 'sqlite::memory:' }, folder: tempFolder() });
    await manager.start();
    expect(manager.use(Storage, '^1.0').dialect('main')).toBe('sqlite');
  });

  it('fails with the reason when main does not answer, and when nobody declares it', async () => {
    manager = createServiceManager({ log });
    manager.install('down', storage, { databases: { main: 'postgres://nobody@127.0.0.1:1/none' }, folder: '.' });
    manager.install('undeclared', storage, {});
    await manager.start();
    const reasons = Object.fromEntries(
      manager.inspect().services.map(({ name, state, reason }) => [name, `${state}: ${reason}`]),
    );
    expect(reasons['down']).toMatch(/^failed: .*'main' \(127\.0\.0\.1:1\/none\) does not answer/);
    expect(reasons['undeclared']).toMatch(/^failed: .*needs a database named 'main'/);
  });
});
