import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { compileModel } from '@caruso/business-objects';
import { formatFault, openFolder } from '@caruso/declarations';
import { describe, expect, test } from 'vitest';
import { compileScreens } from './compile-screens.js';

const examples = join(import.meta.dirname, '../../../examples');

describe('the screens of the examples', () => {
  test.each(['utility', 'banking'])('of %s have no faults', (example) => {
    const root = join(examples, example);
    expect(existsSync(root)).toBe(true);
    const { folder } = openFolder(root);
    const { schema } = compileModel(folder.sources('model'));
    const context = { shapes: schema.objects ?? {}, methods: undefined, scripts: undefined };
    const { plan, faults } = compileScreens(folder.sources('screens'), context);
    expect(faults.map(formatFault)).toEqual([]);
    expect(plan.layouts.size).toBeGreaterThan(2);
    expect(plan.navigation?.customer).toBeDefined();
    expect(plan.portal?.scripts.length).toBeGreaterThan(1);
  });
});
