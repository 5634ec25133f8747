import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { currentCall, withinCall } from './call.js';
import { defineComponent, need } from './component-definition.js';
import { defineContract, defineLocalContract } from './contract-definition.js';
import { createServiceManager } from './service-manager.js';
import { VirtualClock } from './virtual-clock.js';

export const Greeting = defineContract({
  id: 'greeting',
  version: '1.2.0',
  methods: {
    greet: {
      summary: 'Greets',
      input: z.object({ name: z.string() }),
      output: z.object({ text: z.string() }),
      allow: ['agent'],
    },
  },
});

const greeter = (text: string) =>
  defineComponent({
    provides: Greeting,
    version: '1.0.0',
    needs: {},
    config: z.strictObject({}),
    create: () => ({ handlers: { greet: ({ name }) => ({ text: `${text} ${name}` }) } }),
  });

describe('a service manager', () => {
  it('starts a component and calls it through a client taken before it was there', async () => {
    const manager = createServiceManager({ clock: new VirtualClock() });
    const client = manager.use(Greeting, '^1.0');
    await expect(client.greet({ name: 'Ada' })).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: expect.stringContaining('needs greeting ^1.0, which nobody provides'),
    });
    manager.install('greeter', greeter('hello'));
    await manager.start();
    expect(await client.greet({ name: 'Ada' })).toEqual({ text: 'hello Ada' });
    await manager.replace('greeter', greeter('good day'));
    expect(await client.greet({ name: 'Ada' })).toEqual({ text: 'good day Ada' });
    await manager.stop();
    expect(manager.inspect().services.map((s) => s.state)).toEqual(['stopped', 'stopped']);
  });
});
