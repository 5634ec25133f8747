import { defineComponent, defineContract, need } from '@caruso/service-manager/contract';
import { Storage } from '@caruso/storage-manager/contract';
import { z } from 'zod';

const Money = z.object({ amount: z.string(), currency: z.literal('EUR') });
const staff = ['agent', 'supervisor', 'administrator'];

/** What the front office may ask the billing system. */
const Billing = defineContract({
  id: 'billing',
  version: '1.0.0',
  methods: {
    balance: {
      summary: 'What a customer owes, and what of it is overdue',
      input: z.object({ customerNo: z.string() }),
      output: z.object({ open: Money, overdue: Money, openInvoices: z.number(), paysBy: z.string() }),
      idempotent: true,
      allow: staff,
    },
  },
});

interface OpenInvoice {
  DAT_FKT: string;
  BDR_TOT: number;
}

const payingWays: Record<string, string> = { A: 'direct debit', H: 'by hand' };

/** Wraps the tables of the billing system, whose names and codes nobody else in the front office has to know. */
export default defineComponent({
  provides: Billing,
  version: '1.0.0',
  needs: { storage: need(Storage, '^1.0') },
  config: z.strictObject({ payWithinDays: z.number().int().positive() }),
  create: ({ needs: { storage }, config, clock }) => ({
    handlers: {
      balance: async ({ customerNo }) => {
        const open = await storage.query<OpenInvoice[]>('billing', (knex) =>
          knex('FAKTUUR_KOP').select('DAT_FKT', 'BDR_TOT').where({ KLANTNR: customerNo }).whereNull('DAT_BET'),
        );
        const customers = await storage.query<{ BET_WZ: string }[]>('billing', (knex) =>
          knex('KLANT').select('BET_WZ').where({ KLANTNR: customerNo }),
        );
        const overdueBefore = compactDate(clock.now() - config.payWithinDays * 86_400_000);
        return {
          open: euro(open),
          overdue: euro(open.filter((invoice) => invoice.DAT_FKT < overdueBefore)),
          openInvoices: open.length,
          paysBy: payingWays[customers[0]?.BET_WZ ?? ''] ?? 'unknown',
        };
      },
    },
  }),
});

/** Sums in whole cents, because the billing system hands its amounts out as floating point. */
function euro(invoices: OpenInvoice[]): z.infer<typeof Money> {
  const cents = invoices.reduce((sum, invoice) => sum + Math.round(Number(invoice.BDR_TOT) * 100), 0);
  return { amount: (cents / 100).toFixed(2), currency: 'EUR' };
}

function compactDate(time: number): string {
  return new Date(time).toISOString().slice(0, 10).replaceAll('-', '');
}
