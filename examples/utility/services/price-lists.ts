import { CarusoError, defineComponent, defineContract } from '@caruso/service-manager/contract';
import { z } from 'zod';
import { type Export, type KeptLine, type Price, readExport } from './price-list-export.js';
import { readCalmly, stampOf, stampsIn } from './price-list-folder.js';

const staff = ['agent', 'supervisor', 'administrator'];

/** The tariffs that the old pricing system writes into a folder every night. */
export const PriceLists = defineContract({
  id: 'price-lists',
  version: '1.0.0',
  methods: {
    of: {
      summary: 'What a tariff costs on a day',
      input: z.object({ tariff: z.string().max(80), on: z.iso.date().optional() }),
      output: z.object({
        tariff: z.string(),
        prices: z.array(z.object({ medium: z.string(), price: z.string(), perMonth: z.string(), since: z.iso.date() })),
      }),
      idempotent: true,
      timeout: 5_000,
      allow: staff,
    },
    kept: {
      summary: 'Lines of the exports that could not be understood, as they stand there',
      input: z.object({}),
      output: z.object({
        lines: z.array(z.object({ file: z.string(), line: z.number(), why: z.string(), text: z.string() })),
      }),
      idempotent: true,
      timeout: 5_000,
      allow: ['supervisor', 'administrator'],
    },
  },
});

/** Lines that are shown at most. */
const MOST_KEPT = 200;

interface Known {
  stamp: string;
  content: Export;
}

/**
 * Wraps a folder of exports. What was read last is answered with for as long as the folder or a file is out of order; health tells so.
 * The folder is looked at by the clock: notices of changes do not come over network shares, on which such folders are.
 */
export default defineComponent({
  provides: PriceLists,
  version: '1.0.0',
  needs: {},
  config: z.strictObject({
    folder: z.string().min(1),
    encoding: z.enum(['windows-1252', 'iso-8859-15', 'utf-8']).default('windows-1252'),
    /** Milliseconds from one look at the folder to the next. */
    every: z.number().int().min(500).default(5_000),
    /** A file longer than this is not read, in bytes. */
    largestFile: z.number().int().positive().default(2_000_000),
  }),
  create: ({ config, clock, effect, log }) => {
    let known = new Map<string, Known>();
    let trouble: string | undefined;
    let looking: Promise<void> | undefined;

    const look = async (): Promise<void> => {
      const troubles: string[] = [];
      const next = new Map<string, Known>();
      try {
        for (const [file, stamp] of await stampsIn(config.folder)) {
          const before = known.get(file);
          if (before?.stamp === stamp) {
            next.set(file, before);
            continue;
          }
          try {
            const bytes = await readCalmly(config.folder, file, config.largestFile);
            const content = await readExport(new TextDecoder(config.encoding).decode(bytes));
            next.set(file, { stamp, content });
            log.info({ file, prices: content.prices.length, kept: content.kept.length }, 'price list read');
          } catch (error) {
            troubles.push(`${file}: ${messageOf(error)}`);
            // Nothing is lost by a bad night: the list of the day before stays, and the file is tried again at the next look.
            if (before !== undefined) next.set(file, before);
          }
        }
        if (next.size === 0 && troubles.length === 0) troubles.push('there is no file TARIEF*.CSV');
      } catch (error) {
        troubles.push(messageOf(error));
      }
      if (next.size > 0) known = next;
      trouble = troubles.length === 0 ? undefined : `price lists in ${config.folder}: ${troubles.join('; ')}`;
      if (trouble !== undefined) log.warn({ folder: config.folder }, trouble);
    };
    /** One look at a time; whoever asks meanwhile gets the same. */
    const lookOnce = (): Promise<void> => {
      looking ??= look().finally(() => {
        looking = undefined;
      });
      return looking;
    };
    const ready = async (): Promise<Known[]> => {
      if (known.size === 0) await lookOnce();
      if (known.size > 0) return [...known.values()];
      throw new CarusoError({
        code: 'PRICE_LISTS_UNREADABLE',
        message: `No price list could be read yet: ${trouble ?? ''}`,
        remedy: 'see whether the nightly export ran, and whether the folder can be read from here',
        status: 503,
      });
    };

    return {
      handlers: {
        of: async ({ tariff, on }) => {
          const day = on ?? new Date(clock.now()).toISOString().slice(0, 10);
          const prices = (await ready()).flatMap(({ content }) => content.prices);
          const named = prices.filter((price) => price.tariff.toLowerCase() === tariff.toLowerCase());
          if (named.length === 0) throw tariffUnknown(tariff, prices);
          return { tariff: named[0]?.tariff ?? tariff, prices: validOn(named, day).map(shown) };
        },
        kept: async () => {
          await ready();
          const lines = [...known].flatMap(([file, { content }]) => content.kept.map((line) => ({ file, ...line })));
          return { lines: lines.slice(0, MOST_KEPT) };
        },
      },
      started: () => {
        void lookOnce();
        effect(
          'look at the folder of price lists',
          clock.every(config.every, () => void lookOnce()),
        );
      },
      health: () => trouble,
      inspect: () => ({
        folder: config.folder,
        files: [...known].map(([file, { stamp, content }]) => ({
          file,
          written: stampOf(stamp),
          prices: content.prices.length,
          kept: content.kept.length,
        })),
      }),
    };
  },
});

/** Of each medium the price that has begun last. */
function validOn(prices: readonly Price[], day: string): Price[] {
  const latest = new Map<string, Price>();
  for (const price of prices) {
    if (price.since > day || (price.until !== undefined && price.until < day)) continue;
    const other = latest.get(price.medium);
    if (other === undefined || other.since < price.since) latest.set(price.medium, price);
  }
  return [...latest.values()].toSorted((a, b) => a.medium.localeCompare(b.medium));
}

function shown({ medium, price, unit, standing, since }: Price) {
  return { medium, price: `${price} EUR/${unit}`, perMonth: `${standing} EUR`, since };
}

function tariffUnknown(tariff: string, prices: readonly Price[]): CarusoError {
  return new CarusoError({
    code: 'TARIFF_UNKNOWN',
    message: `The price lists have no tariff '${tariff}'`,
    remedy: `they have ${[...new Set(prices.map((price) => price.tariff))].join(', ')}`,
    status: 404,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export type { KeptLine };
