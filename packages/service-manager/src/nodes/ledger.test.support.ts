import { z } from 'zod';
import { defineContract } from '../contract-definition.js';

const Entry = z.object({ id: z.string() });

/** One method that may be sent again and one that may not. */
export const Ledger = defineContract({
  id: 'ledger',
  version: '1.0.0',
  methods: {
    book: { summary: 'Books once', input: Entry, output: z.object({ node: z.string() }), allow: ['agent'] },
    look: {
      summary: 'Looks, as often as one likes',
      input: Entry,
      output: z.object({ node: z.string() }),
      idempotent: true,
      allow: ['public'],
    },
  },
});
