import { appendFileSync } from 'node:fs';
import { z } from 'zod';
import { defineComponent } from '../component-definition.js';
import { createLog } from '../log.js';
import { createServiceManager } from '../service-manager.js';
import { Ledger } from './ledger.test.support.js';
import { nodesComponent } from './nodes-component.js';

/** A node of its own process: writes each execution to a file before it does anything else. */
const [servers = '', node = '', file = ''] = process.argv.slice(2);

const ledger = defineComponent({
  provides: Ledger,
  version: '1.0.0',
  needs: {},
  config: z.strictObject({}),
  create: ({ clock }) => {
    const run = async (kind: string, id: string): Promise<{ node: string }> => {
      appendFileSync(file, `${kind} ${id}\n`);
      await new Promise<void>((resolve) => clock.after(5, resolve));
      return { node };
    };
    return { handlers: { book: ({ id }) => run('book', id), look: ({ id }) => run('look', id) } };
  },
});

const manager = createServiceManager({ log: createLog({ level: 'silent' }) });
const cluster = { servers, secret: 'a secret of twenty-four c' };
manager.install('nodes', nodesComponent(manager.links), { node, house: 'test', where: 'a child', cluster });
manager.install(`ledger-${node}`, ledger);
await manager.start();
process.send?.('ready');
process.on('disconnect', () => process.exit());
setInterval(() => {}, 1_000);
