import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CarusoError } from '@caruso/service-manager/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unclear } from './clear-error.js';
import { falsify, falsifyJson } from './falsify.js';
import { folderLegacy } from './folder-legacy.js';
import { left } from './open-handles.js';

describe('a falsified answer', () => {
  it('has another type at every place', () => {
    const differs = (a: unknown, b: unknown): boolean => {
      if (typeof a === 'object' && a !== null && typeof b === 'object' && b !== null) {
        const keys = Object.keys(a);
        if (Array.isArray(a) !== Array.isArray(b)) return true;
        return keys.every((key) => differs((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
      }
      return typeof a !== typeof b || (a === null) !== (b === null);
    };
    fc.assert(fc.property(fc.jsonValue(), (value) => differs(value, falsifyJson(value))));
  });

  it('is still XML with the same envelope, or a text of the same length', () => {
    expect(falsify('<s:Envelope><s:Body><stock n="1">12</stock></s:Body></s:Envelope>')).toBe(
      '<s:Envelope><s:Body><otherstock n="1">12</otherstock></s:Body></s:Envelope>',
    );
    expect(falsify('A;12,50\n')).toBe('A;xx,xx\n');
  });
});

describe('what is clear', () => {
  const error = { code: 'ERP_DOWN', message: 'The ERP does not answer', remedy: 'start it', status: 503 };

  it('has code, remedy, status, and a name that people know', () => {
    expect(unclear(new CarusoError(error), ['erp'])).toEqual([]);
    expect(unclear(new CarusoError({ ...error, code: 'INTERNAL', remedy: '', status: 400 }), ['billing'])).toEqual([
      expect.stringContaining('INTERNAL'),
      'it has no remedy',
      'its status is 400, not 502, 503 or 504',
      'its message names none of billing',
      'it says: INTERNAL: The ERP does not answer',
    ]);
    expect(unclear(new TypeError('fetch failed'), [])).toEqual(['it is no CarusoError but TypeError: fetch failed']);
  });
});

describe('what is left open', () => {
  it('is told by kind and number', () => {
    const before = new Map([
      ['Timeout', 1],
      ['TCPSocketWrap', 2],
    ]);
    expect(left(before, new Map([['Timeout', 3]]))).toEqual(['2 Timeout']);
    expect(left(before, before)).toEqual([]);
  });
});

describe('a folder out of order', () => {
  it('has every disorder, and is itself again afterwards', async () => {
    const examples = await mkdtemp(join(tmpdir(), 'examples-'));
    await writeFile(join(examples, 'prices.csv'), 'A;12\nB;13\nC;14\nEND;3\n');
    const legacy = await folderLegacy(examples);
    const file = join(legacy.address, 'prices.csv');
    const seen: Record<string, string> = {};
    for (const disorder of legacy.disorders) {
      await legacy.disturb(disorder);
      const info = await stat(file).catch(() => undefined);
      seen[disorder] =
        info === undefined
          ? 'gone'
          : info.isFIFO()
            ? 'pipe'
            : info.isDirectory()
              ? 'folder'
              : info.size > 1e9
                ? 'huge'
                : await readFile(file, 'utf8');
      await legacy.restore();
      expect(await readFile(file, 'utf8')).toBe('A;12\nB;13\nC;14\nEND;3\n');
    }
    await legacy.close();
    expect(seen).toMatchObject({
      down: 'gone',
      hangs: 'pipe',
      fails: 'folder',
      page: expect.stringContaining('<html>'),
      lies: 'A;xx\nB;xx\nC;xx\nEND;x\n',
      truncates: 'A;12\nB;13\n',
      floods: 'huge',
    });
    expect('A;12\nB;13\nC;14\n').toContain(seen['drips']);
  });
});
