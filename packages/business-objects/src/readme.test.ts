import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatFault, sourceOf } from '@caruso/declarations';
import * as storage from '@caruso/storage-manager';
import { expect, it } from 'vitest';
import { compileModel } from './compile-model.js';
import * as objects from './index.js';

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map((match) => match[1] ?? '');

it('shows model files that are sound', () => {
  const sources = blocks('yaml').map((text) => sourceOf(/model\/[\w-]+\.yaml/.exec(text)?.[0] ?? 'model/x.yaml', text));
  const { faults, model } = compileModel(sources, {
    databases: { main: { managed: true }, billing: { managed: false } },
  });
  expect(faults.map(formatFault)).toEqual([]);
  expect([...model.objects.keys()]).toEqual(['Customer', 'Case', 'Invoice']);
});

it('does what the example says', async () => {
  const [example = ''] = blocks('ts');
  const modules: Record<string, unknown> = { '@caruso/business-objects': objects, '@caruso/storage-manager': storage };
  const body = example.replace(/^import (\{.*\}) from '(.*)';$/gm, "const $1 = modules['$2'];");
  const said: unknown[] = [];
  const AsyncFunction = (async () => {}).constructor as new (
    ...parts: string[]
  ) => (...values: unknown[]) => Promise<void>;
  await new AsyncFunction('modules', 'console', body)(modules, { log: (...values: unknown[]) => said.push(values) });
  expect(said).toEqual([[['gas leak'], null, ['Case.created', 'Case.updated']]]);
});
