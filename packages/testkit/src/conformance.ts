import assert from 'node:assert/strict';
import type { Needs, Provides } from '@caruso/service-manager/contract';
import type { z } from 'zod';
import { Bench, PATIENCE, PHRASES } from './bench.js';
import type { Disorder } from './legacy-system.js';
import { left, openHandles } from './open-handles.js';
import { until } from './outcome.js';
import { contractsIn, startWrapper } from './start-wrapper.js';
import type { WrapperSuite } from './suite-definition.js';

/** One thing a wrapper must do. Throws an AssertionError that tells what it does instead. */
export interface Check {
  name: string;
  run(): Promise<void>;
}

/** Everything a wrapper must do, as checks to be run by any test runner. */
export function conformance<P extends Provides, N extends Needs, S extends z.ZodType>(
  suite: WrapperSuite<P, N, S>,
): Check[] {
  const bench = (work: (bench: Bench) => Promise<void>) => async (): Promise<void> => {
    const set = await Bench.open(suite as unknown as WrapperSuite);
    try {
      await work(set);
    } finally {
      await set.close();
    }
  };
  const all: Disorder[] = ['down', 'hangs', 'fails', 'page', 'lies', 'truncates', 'cuts', 'floods', 'drips'];
  const disorders = all.filter((disorder) => suite.except?.includes(disorder) !== true);
  return [
    { name: 'answers every method', run: bench((set) => set.answersEverything()) },
    { name: 'answers a call that is sent twice as it did before', run: bench((set) => set.answersTwice()) },
    { name: 'is not asked what its contract does not allow', run: bench((set) => set.refusesInvalidInput()) },
    ...disorders.map((disorder) => ({
      name: `bears a legacy system that ${PHRASES[disorder]}, harms nobody, and serves again afterwards`,
      run: bench((set) => set.bears(disorder)),
    })),
    {
      name: 'tells by its health that the legacy system is out of order, and well again',
      run: bench((set) => set.tellsHealth()),
    },
    {
      name: 'starts while the legacy system is down, and serves when it is there',
      run: bench((set) => set.startsWithout()),
    },
    { name: 'lets go of the legacy system when nobody waits any more', run: bench((set) => set.letsGo()) },
    { name: 'is replaced under load without losing a call', run: bench((set) => set.isReplaced()) },
    { name: 'leaves nothing open when it is disposed', run: () => leavesNothing(suite as unknown as WrapperSuite) },
  ];
}

async function leavesNothing(suite: WrapperSuite): Promise<void> {
  const before = openHandles();
  const legacy = await suite.legacy();
  const wrapper = await startWrapper(suite.component, {
    config: suite.config(legacy.address) as never,
    needs: suite.needs ?? {},
    ...(suite.name === undefined ? {} : { name: suite.name }),
  });
  const { services } = wrapper.manager;
  const contracts = contractsIn(suite.component.provides);
  const call = async (key: string): Promise<void> => {
    const given = suite.calls[key];
    const method = key.includes('.') ? key : `${contracts[0]?.id ?? ''}.${key}`;
    await services.call(method, typeof given === 'function' ? (given as () => object)() : given);
  };
  try {
    for (const key of Object.keys(suite.calls)) await call(key);
    await wrapper.replace();
    for (const key of Object.keys(suite.calls)) await call(key);
  } finally {
    await wrapper.stop();
    await legacy.close();
  }
  assert.equal(wrapper.clock.pending, 0, 'timers of the clock are left: register their cancelling with effect()');
  const leftOver = (): string[] => left(before, openHandles());
  await until(
    () => leftOver().length === 0,
    PATIENCE,
    () => `it left open: ${leftOver().join(', ')}; register what is opened with effect()`,
  );
}
