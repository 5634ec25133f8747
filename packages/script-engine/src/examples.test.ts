import { readdirSync, readFileSync } from 'node:fs';
import { compileModel } from '@caruso/business-objects';
import { sourceOf } from '@caruso/declarations';
import { describe, expect, it } from 'vitest';
import { compileScript } from './compile.js';
import { methods, schema as model } from './fixture.test.data.js';
import { read } from './read.js';

const examples = new URL('../../../examples/', import.meta.url);

function sources(example: string, kind: string) {
  const folder = new URL(`${example}/${kind}/`, examples);
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .map((name) => sourceOf(`${kind}/${name}`, readFileSync(new URL(name, folder), 'utf8')));
}

describe.each(['utility', 'banking'])('the scripts of the example %s', (example) => {
  const { schema } = compileModel(sources(example, 'model'));

  it.each(sources(example, 'scripts').map(({ path, text }) => [path, text] as const))(
    '%s has no fault',
    (path, text) => {
      expect(compileScript(read(text, path), { schema, methods }).faults).toEqual([]);
    },
  );
});

it('the script of the README has no fault', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const text = /```xml\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  expect(compileScript(read(text, 'README.md'), { schema: model, methods }).faults).toEqual([]);
});
