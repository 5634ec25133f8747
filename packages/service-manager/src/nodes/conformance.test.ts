import { test } from 'vitest';
import { createLog } from '../log.js';
import { createServiceManager, type ServiceManager } from '../service-manager.js';
import { conformance, office, workshop } from './conformance.test.support.js';
import { nodesComponent } from './index.js';
import { NatsServer, natsTest, until } from './nats.test.support.js';

function managerWith(servers: string, node: string): ServiceManager {
  const manager = createServiceManager({ log: createLog({ level: 'silent' }) });
  const cluster = { servers, secret: 'a secret of twenty-four c' };
  manager.install('nodes', nodesComponent(manager.links), { node, house: 'test', where: `test ${node}`, cluster });
  return manager;
}

conformance('in the same process', test, async () => {
  const manager = createServiceManager({ log: createLog({ level: 'silent' }) });
  manager.install('desk', office);
  manager.install('works', workshop);
  await manager.start();
  return { manager, stop: () => manager.stop() };
});

conformance('on another node', natsTest, async () => {
  const server = await NatsServer.start();
  const near = managerWith(server.url, 'near');
  near.install('desk', office);
  const far = managerWith(server.url, 'far');
  far.install('works', workshop);
  await Promise.all([near.start(), far.start()]);
  await until('each node to hear of the other', () => near.services.providers('workshop').length > 0);
  // The workshop starts when the office is there.
  await until('the workshop to serve', () =>
    near.services.tree().some((line) => line.name === 'works' && line.state === 'active'),
  );
  return {
    manager: near,
    stop: async () => {
      await near.stop();
      await far.stop();
      await server.stop();
    },
  };
});
