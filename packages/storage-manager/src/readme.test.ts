import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { bundleText } from './child.test.support.js';

it('does what the README shows', async () => {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  expect(blocks).toHaveLength(1);
  const said: unknown[][] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => void said.push(values));
  await import(/* @vite-ignore */ await bundleText('readme', blocks[0] ?? ''));
  log.mockRestore();
  expect(said).toEqual([[[{ id: 'N1' }], ['Note.written']]]);
});
