import { defineComponent, defineContract, need } from '@caruso/service-manager/contract';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { standIn, startWrapper } from './start-wrapper.js';

const Rate = defineContract({
  id: 'rate',
  version: '1.0.0',
  methods: { of: { summary: 'Rate', input: z.object({}), output: z.object({ percent: z.number() }) } },
});
const Interest = defineContract({
  id: 'interest',
  version: '1.2.0',
  methods: {
    year: { summary: 'Year', input: z.object({ sum: z.number() }), output: z.object({ interest: z.number() }) },
  },
});
const Health = defineContract({
  id: 'asked',
  version: '1.0.0',
  methods: { count: { summary: 'Calls', input: z.object({}), output: z.object({ calls: z.number() }) } },
});

const component = defineComponent({
  provides: { interest: Interest, asked: Health },
  version: '1.0.0',
  needs: { rate: need(Rate, '^1.0') },
  config: z.strictObject({ most: z.number().default(1000) }),
  create: ({ needs: { rate }, config }) => {
    let calls = 0;
    return {
      handlers: {
        interest: {
          year: async ({ sum }) => {
            calls++;
            return { interest: Math.min(config.most, (sum * (await rate.of({})).percent) / 100) };
          },
        },
        asked: { count: () => ({ calls }) },
      },
    };
  },
});

describe('startWrapper', () => {
  it('gives a client for each contract, with what the wrapper needs standing in', async () => {
    const wrapper = await startWrapper(component, {
      config: { most: 3 },
      needs: { rate: standIn(Rate, { of: () => ({ percent: 4 }) }) },
    });
    expect(await wrapper.client.interest.year({ sum: 50 })).toEqual({ interest: 2 });
    expect(await wrapper.client.interest.year({ sum: 5000 })).toEqual({ interest: 3 });
    expect(await wrapper.client.asked.count({})).toEqual({ calls: 2 });
    expect((await wrapper.replace()).generation).toBe(2);
    expect(await wrapper.client.asked.count({})).toEqual({ calls: 0 });
    expect(wrapper.node().state).toBe('active');
    await wrapper.stop();
    expect(wrapper.node().state).toBe('stopped');
  });

  it('says why a wrapper does not serve', async () => {
    await expect(startWrapper(component)).rejects.toThrow(/'interest' is unsatisfied: .*rate/);
  });
});
