import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import type { Io } from './io.js';
import { run } from './program.js';

vi.setConfig({ testTimeout: 60_000 });

const utility = resolve(import.meta.dirname, '../../../examples/utility');
const own = mkdtempSync(join(tmpdir(), 'caruso-types-'));
afterAll(() => rmSync(own, { recursive: true, force: true }));

const caruso = async (...argv: string[]): Promise<{ code: number; lines: string[] }> => {
  const lines: string[] = [];
  const out = (line: string) => lines.push(line);
  const io: Io = { out, err: () => {}, tty: false, cwd: own, env: {}, onStop: () => () => {} };
  return { code: await run(argv, io), lines };
};

it("is made anew in the utility: its services' types are what its model says", async () => {
  const { code, lines } = await caruso('types', utility, '--check');
  expect([code, ...lines]).toEqual([0, expect.stringMatching(/services\/model\.ts says what the model says$/)]);
});

it('writes the model with what it extends, says when it is out of date, and writes nothing of a model with faults', async () => {
  mkdirSync(join(own, 'model'));
  writeFileSync(join(own, 'caruso.yaml'), `caruso: 1\nname: own\nextends: ${JSON.stringify(utility)}\n`);
  writeFileSync(join(own, 'model/customer.yaml'), 'attributes:\n  loyalty: { type: integer }\n');
  expect(await caruso('types')).toEqual({ code: 0, lines: ['wrote services/model.ts'] });
  const text = readFileSync(join(own, 'services/model.ts'), 'utf8');
  expect(text).toContain('  loyalty: z.union([z.number(), z.string()]).nullable(),\n');
  expect(text).toContain('export const MeterReading = z.object({');
  expect(text).not.toContain('Interaction');
  await caruso('types', '--all', '--out', 'services/all.ts');
  expect(readFileSync(join(own, 'services/all.ts'), 'utf8')).toContain('export const Interaction = z.object({');
  expect((await caruso('types', '--check')).code).toBe(0);
  writeFileSync(join(own, 'model/customer.yaml'), 'attributes:\n  loyalty: { type: text }\n');
  expect(await caruso('types', '--check')).toEqual({
    code: 1,
    lines: ['services/model.ts is not what the model says'],
  });
  writeFileSync(join(own, 'model/customer.yaml'), 'attributes:\n  loyalty: { type: colour }\n');
  const { code, lines } = await caruso('types');
  expect([code, lines]).toEqual([
    1,
    expect.arrayContaining([expect.stringMatching(/^model\/customer\.yaml:2:20 error /)]),
  ]);
  expect(lines.at(-1)).toMatch(/; nothing was written$/);
  expect(readFileSync(join(own, 'services/model.ts'), 'utf8')).toBe(text);
});
