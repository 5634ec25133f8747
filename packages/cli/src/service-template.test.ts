import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { cliRoot } from './places.js';
import { legacyKinds, libraries, serviceEntry, serviceFiles, withServicePackages } from './service-template.js';

const house = join(cliRoot, '..', '..', 'pnpm-workspace.yaml');

describe('a new service', () => {
  const texts = (legacy: (typeof legacyKinds)[number], asClass: boolean) =>
    Object.fromEntries(serviceFiles({ name: 'price-lists', legacy, asClass }).map(({ path, text }) => [path, text]));

  it.each(legacyKinds)('over %s leaves no word of its template, in either style', (legacy) => {
    for (const asClass of [true, false]) {
      const files = texts(legacy, asClass);
      expect(Object.keys(files)).toEqual([
        'services/price-lists.ts',
        'services/price-lists.test.ts',
        'services/price-lists.legacy.mjs',
      ]);
      for (const text of Object.values(files)) expect(text).not.toMatch(/\{\{\w+\}\}|^\/\/#/m);
      const wrapper = files['services/price-lists.ts'];
      expect(wrapper).toContain("export const PriceLists = defineContract({\n  id: 'price-lists',");
      expect(wrapper?.match(/export default/g)).toHaveLength(1);
      expect(wrapper?.includes('@injectable()')).toBe(asClass);
    }
  });

  it('takes its address from the environment, with that of its own legacy system as default', () => {
    expect(serviceEntry({ name: 'price-lists', legacy: 'soap', asClass: false })).toEqual({
      use: './services/price-lists.ts',
      config: { url: '${PRICE_LISTS_URL:-http://127.0.0.1:4200/}' },
    });
    expect(serviceEntry({ name: 'erp', legacy: 'csv', asClass: false }).config).toEqual({
      folder: '${ERP_FOLDER:-file:./data/erp}',
    });
  });

  it('adds what it needs to package.json, and leaves what is there', () => {
    const before = JSON.stringify({ name: 'x', scripts: { test: 'mine' }, dependencies: { zod: '4.0.0' } });
    const after = withServicePackages(before, { name: 'erp', legacy: 'csv', asClass: true }, '0.1.0');
    expect(JSON.parse(after)).toMatchObject({
      name: 'x',
      scripts: { test: 'mine' },
      dependencies: { zod: '4.0.0', '@caruso/service-manager': '^0.1.0', 'csv-parse': libraries['csv-parse'] },
      devDependencies: { '@caruso/testkit': '^0.1.0', vitest: libraries.vitest },
    });
  });

  it('names the versions that the house itself is tested with', () => {
    const { catalog } = parse(readFileSync(house, 'utf8')) as { catalog: Record<string, string> };
    expect(Object.fromEntries(Object.keys(libraries).map((name) => [name, catalog[name]]))).toEqual(libraries);
  });
});
