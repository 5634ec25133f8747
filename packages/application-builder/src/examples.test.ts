import { join } from 'node:path';
import { compileModel } from '@caruso/business-objects';
import { formatFault, openFolder } from '@caruso/declarations';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { checkDeclarations } from './check-declarations.js';

const examples = join(import.meta.dirname, '../../../examples');
/** With the screens that come with the house's own components. */
const house = join(import.meta.dirname, '../../cli');

describe('the screens of the examples', () => {
  test.each(['utility', 'banking'])('of %s have no faults', (example) => {
    const { folder } = openFolder(join(examples, example), { base: [join(house, 'base')], resolveFrom: house });
    const { schema, model } = compileModel(folder.sources('model'));
    const scripts = folder.sources('scripts').map(({ path }) => path.replace(/^.*\/|\.xml$/g, ''));
    expect(folder.sources('screens').length).toBeGreaterThan(4);
    expect(scripts.length).toBeGreaterThan(1);
    const erp = ['erp.openWorkOrder', 'erp.workOrders', 'price-lists.of'];
    const called = ['objects.update', 'billing.balance', 'webhooks.retry', ...erp];
    const methods = called.map((name) => {
      const [contract = '', method = ''] = name.split('.');
      const values = { input: z.unknown(), output: z.unknown() };
      return { contract, method, version: '1.0.0', summary: '', allow: ['agent'], idempotent: true, ...values };
    });
    const context = { folder, schema, model, scripts, methods };
    expect(checkDeclarations(context).map(formatFault)).toEqual([]);
  });
});
