import { readdirSync, readFileSync } from 'node:fs';
import { compileModel } from '@caruso/business-objects';
import { BusinessObjects } from '@caruso/business-objects/contract';
import { sourceOf } from '@caruso/declarations';
import { compileScript, read } from '@caruso/dialog-script';
import { describe, expect, it } from 'vitest';
import { methodShapes } from './method-shapes.js';

const methods = methodShapes(
  Object.entries(BusinessObjects.methods).map(([method, { input, output, ...rest }]) => {
    return { contract: BusinessObjects.id, method, idempotent: 'idempotent' in rest, input, output };
  }),
);
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
