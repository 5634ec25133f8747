import { afterAll, beforeAll, describe, expect, type TestAPI, vi } from 'vitest';
import { z } from 'zod';
import { actingAs, type Principal } from '../call.js';
import { CarusoError } from '../caruso-error.js';
import { defineComponent, need } from '../component-definition.js';
import { type Client, defineContract } from '../contract-definition.js';
import type { ServiceManager } from '../service-manager.js';

/** A provider that does whatever a call may meet. */
const Workshop = defineContract({
  id: 'workshop',
  version: '1.2.0',
  methods: {
    echo: { summary: 'Gives back', input: z.unknown(), output: z.unknown(), idempotent: true },
    nothing: { summary: 'Gives nothing', input: z.object({}), output: z.undefined() },
    shape: {
      summary: 'Tells how often transforms and defaults were applied',
      input: z.object({ text: z.string().transform((text) => `${text}>`), times: z.number().default(1) }),
      output: z.object({
        text: z.string().transform((text) => `${text}<`),
        times: z.number(),
        note: z.string().default('none'),
      }),
    },
    fail: {
      summary: 'Throws what it is told',
      input: z.object({ info: z.unknown().optional(), plain: z.string().optional() }),
      output: z.object({}),
    },
    lie: { summary: 'Breaks its contract', input: z.object({}), output: z.object({ amount: z.number() }) },
    wait: { summary: 'Answers when it is given up', input: z.object({ key: z.string() }), output: z.object({}) },
    who: {
      summary: 'Who acts, and until when',
      input: z.object({}),
      output: z.object({ id: z.string(), principal: z.unknown(), within: z.unknown(), hasDeadline: z.boolean() }),
    },
    bounce: { summary: 'Calls the one who calls', input: z.object({ left: z.number() }), output: z.array(z.string()) },
  },
});

/** Stands at the caller's, and is called back. */
const Office = defineContract({
  id: 'office',
  version: '1.0.0',
  methods: {
    bounce: { summary: 'Calls the workshop', input: z.object({ left: z.number() }), output: z.array(z.string()) },
  },
});

/** What the workshop has seen given up, by key; both stand in one process here. */
const givenUp = new Map<string, unknown>();
const began = new Set<string>();

export const workshop = defineComponent({
  provides: Workshop,
  version: '1.2.3',
  needs: { office: need(Office, '^1.0') },
  config: z.strictObject({}),
  create: ({ needs: { office } }) => ({
    handlers: {
      echo: (input) => input,
      nothing: () => undefined,
      shape: ({ text, times }) => ({ text: `${text}|`, times }),
      fail: ({ info, plain }) => {
        throw plain === undefined ? new CarusoError(info as CarusoError) : new TypeError(plain);
      },
      lie: () => ({ amount: 'much' }) as never,
      wait: ({ key }, { signal }) =>
        new Promise((_, reject) => {
          began.add(key);
          signal.addEventListener('abort', () => {
            givenUp.set(key, signal.reason);
            reject(new Error('given up'));
          });
        }),
      who: (_, call) => ({
        id: call.id,
        principal: call.principal,
        within: actingAs(call.principal, () => call.principal),
        hasDeadline: call.deadline !== undefined,
      }),
      bounce: async ({ left }, call) => [
        `workshop ${left} ${call.principal.id}`,
        ...(left === 0 ? [] : await office.bounce({ left: left - 1 })),
      ],
    },
  }),
});

export const office = defineComponent({
  provides: Office,
  version: '1.0.0',
  needs: { workshop: need(Workshop, '^1.0', { optional: true }) },
  config: z.strictObject({}),
  create: ({ needs: { workshop: there } }) => ({
    handlers: {
      bounce: async ({ left }, call) => [
        `office ${left} ${call.principal.id}`,
        ...(left === 0 ? [] : await there.bounce({ left: left - 1 })),
      ],
    },
  }),
});

const ann: Principal = {
  kind: 'user',
  id: 'ann',
  name: 'Ann',
  roles: ['agent'],
  attributes: { team: 'north', levels: [1, 2] },
};

/** What holds of every call, wherever its provider runs. `make` gives the service manager of the caller. */
export function conformance(
  where: string,
  test: TestAPI,
  make: () => Promise<{ manager: ServiceManager; stop: () => Promise<void> }>,
): void {
  describe(`a call of a remote contract ${where}`, () => {
    let manager: ServiceManager;
    let stop = async (): Promise<void> => {};
    let client: Client<typeof Workshop>;

    beforeAll(async () => {
      if ((test as unknown) === test.skip) return;
      ({ manager, stop } = await make());
      client = manager.use(Workshop, '^1.0');
    });
    afterAll(() => stop());

    test('brings back what the provider answered', async () => {
      const value = { list: [1, 'two', null, true, { deep: ['é', ''] }], empty: {} };
      expect(await client.echo(value)).toEqual(value);
      expect(await client.echo('')).toBe('');
      expect(await client.echo(null)).toBeNull();
      expect(await client.nothing({})).toBeUndefined();
    });

    test('applies transforms and defaults once', async () => {
      expect(await client.shape({ text: 'a' })).toEqual({ text: 'a>|<', times: 1, note: 'none' });
    });

    test('keeps code, message, remedy, status and details of an error', async () => {
      const info = {
        code: 'CREDIT_EXCEEDED',
        message: "'C9' has no credit",
        remedy: 'ask for payment',
        status: 402,
        details: { limit: ['10', 'EUR'] },
      };
      const error = await client.fail({ info }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(CarusoError);
      expect((error as CarusoError).toJSON()).toEqual(info);
    });

    test('keeps the message of any other error', async () => {
      await expect(client.fail({ plain: 'x is undefined' })).rejects.toThrow('x is undefined');
    });

    test('with a faulty input is refused at the caller', async () => {
      await expect(client.shape({ text: 1 as unknown as string })).rejects.toMatchObject({
        code: 'INPUT_INVALID',
        status: 400,
        details: { method: 'workshop.shape', issues: [{ path: 'text' }] },
      });
    });

    test('whose answer breaks the contract names the provider', async () => {
      await expect(client.lie({})).rejects.toMatchObject({
        code: 'OUTPUT_INVALID',
        message: expect.stringContaining("'works' answered workshop.lie"),
      });
    });

    test('says who acts, under which id, until when', async () => {
      const seen = await actingAs(ann, () => client.who({}, { id: 'call-17', timeout: 60_000 }));
      expect(seen).toEqual({ id: 'call-17', principal: ann, within: ann, hasDeadline: true });
    });

    test('leaves rights to the roles of who acts', () => {
      expect(() => manager.services.authorize('office.bounce', ann)).toThrow('Ann may not call office.bounce');
    });

    test('ends at its deadline, and the provider learns it', async () => {
      await expect(client.wait({ key: `late ${where}` }, { timeout: 50 })).rejects.toMatchObject({
        code: 'CALL_TIMED_OUT',
      });
      await vi.waitFor(() => expect(givenUp.has(`late ${where}`)).toBe(true), 5_000);
    });

    test('that its caller withdraws is given up by the provider', async () => {
      const controller = new AbortController();
      const answer = client.wait({ key: `withdrawn ${where}` }, { signal: controller.signal });
      await vi.waitFor(() => expect(began.has(`withdrawn ${where}`)).toBe(true), 5_000);
      controller.abort();
      await expect(answer).rejects.toMatchObject({ code: 'CALL_CANCELLED' });
      await vi.waitFor(() => expect(givenUp.has(`withdrawn ${where}`)).toBe(true), 5_000);
    });

    test('may be made within a call, to and fro, on behalf of the same person', async () => {
      expect(await actingAs(ann, () => client.bounce({ left: 4 }))).toEqual([
        'workshop 4 ann',
        'office 3 ann',
        'workshop 2 ann',
        'office 1 ann',
        'workshop 0 ann',
      ]);
    });

    test('may carry a large value', async () => {
      const large = { lines: Array.from({ length: 5_000 }, (_, n) => ({ n, text: `line ${n} of a long list, é` })) };
      expect(await client.echo(large)).toEqual(large);
    });

    test('is one of many at once, each with its own answer', async () => {
      const many = Array.from({ length: 64 * 20 }, (_, n) => n);
      const answers: unknown[] = [];
      const lanes = Array.from({ length: 64 }, async () => {
        for (let n = many.pop(); n !== undefined; n = many.pop()) answers.push((await client.echo(n)) === n);
      });
      await Promise.all(lanes);
      expect(answers).toHaveLength(64 * 20);
      expect(answers).not.toContain(false);
    });
  });
}
