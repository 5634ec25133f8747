import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { folderLegacy, type LegacySystem, startWrapper, VirtualClock, wrapperSuite } from '@caruso/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readExport } from './price-list-export.js';
import priceLists from './price-lists.js';

const examples = fileURLToPath(new URL('../legacy/price-lists', import.meta.url));
const header = 'TARCODE;OMSCHRIJVING;SOORT;INGANG;EINDE;PRIJS;EENHEID;VASTRECHT';

wrapperSuite({
  component: priceLists,
  legacy: () => folderLegacy(examples),
  config: (address) => ({ folder: address }),
  calls: { of: { tariff: 'Basis' }, kept: {} },
  names: ['price list'],
  meanwhile: 'remembers',
});

describe('an export', () => {
  test('is read with its decimal commas, days and quotes', async () => {
    const { prices, kept } = await readExport(
      `\uFEFF${header}\r\nBAS;"Basis; plus";E;01-02-2026;31-12-2026;0,28410;kWh;7,25\r\n#EINDE;1\r\n`,
    );
    expect(kept).toEqual([]);
    expect(prices).toEqual([
      {
        tariff: 'Basis; plus',
        medium: 'electricity',
        price: '0.28410',
        unit: 'kWh',
        standing: '7.25',
        since: '2026-02-01',
        until: '2026-12-31',
      },
    ]);
  });

  test('keeps the lines that are not as agreed, with line and reason, and reads the others', async () => {
    const lines = [
      'BAS;Basis;E;01-02-2026;;0,28410;kWh;7,25',
      'BAS;"Basis;E;01-02-2026;;0,28410;kWh;7,25',
      'BAS;Basis;E;31-02-2026;;0.28;kWh;7,25',
      'BAS;Basis',
      'GRN;Green;G;01-02-2026;;1,3;m3;7,25',
    ];
    const { prices, kept } = await readExport(`${header}\n${lines.join('\n')}\n#EINDE;5\n`);
    expect(prices.map(({ tariff }) => tariff)).toEqual(['Basis', 'Green']);
    expect(kept).toEqual([
      { line: 3, why: 'its quotes are wrong', text: lines[1] },
      { line: 4, why: 'INGANG: there is no such day; PRIJS: an amount is written 12,50', text: lines[2] },
      { line: 5, why: 'it has 2 fields, not 8', text: lines[3] },
    ]);
  });

  test.each([
    ['another header', 'CODE;NAAM\n#EINDE;0\n', /line 1 is not the header/],
    ['no last line', `${header}\nBAS;Basis;E;01-02-2026;;0,28410;kWh;7,25\n`, /not complete/],
    ['fewer lines than it says', `${header}\n#EINDE;1\n`, /it has 0 lines, its last line says 1/],
    ['nothing', '', /line 1 is not the header/],
  ])('with %s is refused as a whole', async (_, text, message) => {
    await expect(readExport(text)).rejects.toThrow(message);
  });
});

describe('the folder', () => {
  let folder: LegacySystem;
  beforeEach(async () => {
    folder = await folderLegacy(examples);
  });
  afterEach(() => folder.close());

  test('is read in its own encoding; the price is that of the day', async () => {
    const clock = new VirtualClock(Date.UTC(2026, 2, 1));
    const wrapper = await startWrapper(priceLists, { config: { folder: folder.address }, clock });
    const { prices } = await wrapper.client.of({ tariff: 'business plus' });
    expect(prices).toEqual([
      { medium: 'electricity', price: '0.18110 EUR/kWh', perMonth: '99.00 EUR', since: '2026-01-01' },
      { medium: 'gas', price: '0.93800 EUR/m³', perMonth: '99.00 EUR', since: '2026-01-01' },
      { medium: 'water', price: '0.90700 EUR/m³', perMonth: '62.00 EUR', since: '2026-01-01' },
    ]);
    const before = await wrapper.client.of({ tariff: 'Basis', on: '2025-06-30' });
    expect(before.prices[0]).toMatchObject({ price: '0.26910 EUR/kWh', since: '2025-01-01' });
    expect((await wrapper.client.kept({})).lines).toEqual([
      {
        file: 'TARIEF_2026.CSV',
        line: 14,
        why: 'PRIJS: an amount is written 12,50',
        text: expect.stringContaining('Café à la carte'),
      },
      {
        file: 'TARIEF_2026.CSV',
        line: 15,
        why: expect.stringContaining('quotes'),
        text: expect.stringContaining('Oud'),
      },
    ]);
    await expect(wrapper.client.of({ tariff: 'Gold' })).rejects.toMatchObject({ code: 'TARIFF_UNKNOWN', status: 404 });
    await wrapper.stop();
  });

  test('is looked at again: a file moved in its place counts, one half written does not', async () => {
    const clock = new VirtualClock(Date.UTC(2026, 2, 1));
    const wrapper = await startWrapper(priceLists, { config: { folder: folder.address }, clock });
    const price = async (): Promise<string | undefined> =>
      (await wrapper.client.of({ tariff: 'Basis' })).prices[0]?.price;
    const becomes = async (wanted: string): Promise<void> => {
      for (let look = 0; look < 200 && (await price()) !== wanted; look++) {
        await clock.advance(5_000);
        await sleep(5);
      }
      expect(await price()).toBe(wanted);
    };
    const file = join(folder.address, 'TARIEF_2026.CSV');
    const line = (amount: string): string => `${header}\nBAS;Basis;E;01-01-2026;;${amount};kWh;7,25\n`;
    await becomes('0.28410 EUR/kWh');

    await writeFile(`${file}.part`, `${line('0,30000')}#EINDE;1\n`);
    await rename(`${file}.part`, file);
    await becomes('0.30000 EUR/kWh');

    await writeFile(file, line('0,99999'));
    for (let look = 0; look < 200 && wrapper.node().state !== 'degraded'; look++) {
      await clock.advance(5_000);
      await sleep(5);
    }
    expect(wrapper.node().reason).toMatch(/TARIEF_2026.CSV: it has no last line #EINDE: it is not complete/);
    expect(await price()).toBe('0.30000 EUR/kWh');

    await writeFile(file, '#EINDE;1\n', { flag: 'a' });
    await becomes('0.99999 EUR/kWh');

    await rm(file);
    await expect
      .poll(async () => {
        await clock.advance(5_000);
        return wrapper.client.of({ tariff: 'Basis' });
      })
      .toEqual({ tariff: 'Basis', prices: [] });
    await wrapper.stop();
  });
});
