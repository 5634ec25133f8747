import { createServiceManager } from '@caruso/service-manager';
import { defineComponent, defineContract, defineLocalContract } from '@caruso/service-manager/contract';
import { z } from 'zod';
import { callRate, type Figure, figure, median } from './figure.js';

interface Adder {
  add(a: number, b: number): Promise<number>;
}
const Addition = defineLocalContract<Adder>()({ id: 'addition', version: '1.0.0', methods: ['add'] });
const Echo = defineContract({
  id: 'echo',
  version: '1.0.0',
  methods: {
    say: {
      summary: 'Says it again',
      input: z.object({ text: z.string() }),
      output: z.object({ text: z.string() }),
      idempotent: true,
    },
  },
});

/** Asynchronous calls through the client of a local contract, against the same method called directly. */
export async function serviceCall(): Promise<Figure[]> {
  const target: Adder = { add: (a, b) => Promise.resolve(a + b) };
  const say = ({ text }: { text: string }) => Promise.resolve({ text });
  const manager = createServiceManager();
  manager.install(
    'addition',
    defineComponent({
      provides: Addition,
      version: '1.0.0',
      needs: {},
      config: z.object({}),
      create: () => ({ handlers: target }),
    }),
  );
  manager.install(
    'echo',
    defineComponent({
      provides: Echo,
      version: '1.0.0',
      needs: {},
      config: z.object({}),
      create: () => ({ handlers: { say } }),
    }),
  );
  await manager.start();
  const local = manager.use(Addition, '^1.0');
  const remote = manager.use(Echo, '^1.0');
  const inTurn = async (ours: () => Promise<unknown>, direct: () => Promise<unknown>) => {
    const rounds = [];
    // Both are compiled before either is measured.
    for (let warm = 0; warm < 3; warm += 1) await Promise.all([callRate(ours), callRate(direct)]);
    for (let round = 0; round < 9; round += 1)
      rounds.push({ ours: await callRate(ours), direct: await callRate(direct) });
    return { ours: median(rounds.map((each) => each.ours)), direct: median(rounds.map((each) => each.direct)) };
  };
  const calls = await inTurn(
    () => local.add(1, 2),
    () => target.add(1, 2),
  );
  const checked = await inTurn(
    () => remote.say({ text: 'a' }),
    () => say({ text: 'a' }),
  );
  await manager.stop();
  return [
    figure({
      name: 'service-call',
      ours: calls.ours,
      against: { 'a direct call': calls.direct },
      unit: '1/s',
      what: 'calls a second through the client of a local contract, awaited one after the other',
    }),
    figure({
      name: 'service-call-checked',
      ours: checked.ours,
      against: { 'a direct call': checked.direct },
      unit: '1/s',
      what: 'the same through a remote contract: input and output checked by zod, principal and deadline carried',
    }),
  ];
}
