import type { IncomingMessage, ServerResponse } from 'node:http';
import { CarusoError, type Component, defineComponent, defineContract } from '@caruso/service-manager/contract';
import { z } from 'zod';

export const Stock = defineContract({
  id: 'stock',
  version: '1.0.0',
  methods: {
    of: {
      summary: 'How many of an article are in store',
      input: z.object({ article: z.string() }),
      output: z.object({ pieces: z.number().int() }),
      idempotent: true,
    },
    take: {
      summary: 'Takes some out of store',
      input: z.object({ article: z.string(), pieces: z.number().int() }),
      output: z.object({ slip: z.string() }),
      idempotent: true,
    },
  },
});

const Config = z.strictObject({ url: z.url() });

/** The legacy system: knows a call by its reference. */
export function stockServer(): (request: IncomingMessage, response: ServerResponse) => void {
  const slips = new Map<string, number>();
  return (request, response) => {
    const reference = String(request.headers['x-reference'] ?? '');
    if (request.method === 'POST' && !slips.has(reference)) slips.set(reference, slips.size + 1);
    const answer = request.method === 'POST' ? { slip: `S${slips.get(reference)}` } : { pieces: 12 };
    request.resume();
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  };
}

/** What a careless author leaves out. */
export type Flaw =
  | 'raw errors'
  | 'no limit'
  | 'no signal'
  | 'weak signal'
  | 'unchecked'
  | 'no health'
  | 'timer left'
  | 'handle left'
  | 'asks in create'
  | 'loses its reference';

/** A wrapper as it should be, or with one flaw. */
export function stockWrapper(flaw?: Flaw): Component<typeof Stock, Record<never, never>, typeof Config> {
  return defineComponent({
    provides: Stock,
    version: '1.0.0',
    needs: {},
    config: Config,
    create: async ({ config, clock, effect }) => {
      const trouble = (what: string, status: number, cause?: unknown): CarusoError =>
        new CarusoError({
          code: 'STOCK_OUT_OF_ORDER',
          message: `The stock system at ${config.url} ${what}`,
          remedy: 'see whether it runs',
          status,
          cause,
        });
      const read = async (answer: Response): Promise<string> => {
        const chunks: Uint8Array[] = [];
        let size = 0;
        for await (const chunk of answer.body ?? []) {
          size += chunk.length;
          if (size > 65_536 && flaw !== 'no limit') throw trouble('answers more than 64 KiB', 502);
          if (size > 600_000_000) throw trouble('answers more than the test can bear', 502);
          if (size < 65_536) chunks.push(chunk);
        }
        return Buffer.concat(chunks).toString('utf8');
      };
      const signalOf = ({ signal }: RequestInit): AbortSignal | null => {
        if (flaw === 'no signal') return null;
        if (flaw !== 'weak signal' || !(signal instanceof AbortSignal)) return signal ?? null;
        const controller = new AbortController();
        const held = new WeakRef(controller);
        signal.addEventListener('abort', () => held.deref()?.abort(signal.reason));
        return controller.signal;
      };
      const ask = async <T>(init: RequestInit, schema: z.ZodType<T>): Promise<T> => {
        try {
          const answer = await fetch(config.url, { ...init, signal: signalOf(init) });
          const text = await read(answer);
          if (!answer.ok) throw trouble(`answers ${answer.status}`, 502);
          const said: unknown = JSON.parse(text);
          return flaw === 'unchecked' ? (said as T) : schema.parse(said);
        } catch (error) {
          if (error instanceof CarusoError || flaw === 'raw errors') throw error;
          throw trouble('does not answer as it should', 502, error);
        }
      };
      let reason: string | undefined;
      const probe = async (): Promise<void> => {
        const patience = new AbortController();
        const cancel = clock.after(3_000, () => patience.abort());
        const signal = patience.signal;
        reason = await ask({ signal }, z.object({ pieces: z.number() })).then(
          () => undefined,
          (error: Error) => error.message,
        );
        cancel();
      };
      if (flaw === 'asks in create') await ask({}, z.object({ pieces: z.number() }));
      return {
        handlers: {
          of: (_, call) => ask({ signal: call.signal ?? null }, z.object({ pieces: z.number() })),
          take: ({ pieces }, call) => {
            const reference = flaw === 'loses its reference' ? crypto.randomUUID() : call.id;
            return ask(
              {
                method: 'POST',
                body: String(pieces),
                headers: { 'x-reference': reference },
                signal: call.signal ?? null,
              },
              z.object({ slip: z.string() }),
            );
          },
        },
        started: () => {
          const stop = clock.every(10_000, () => void probe());
          if (flaw !== 'timer left') effect('probe', stop);
          if (flaw === 'handle left') setTimeout(() => undefined, 8_000);
        },
        ...(flaw === 'no health' ? {} : { health: () => reason }),
      };
    },
  });
}
