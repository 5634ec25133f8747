import { folderOf } from '@caruso/declarations';
import { expect, it } from 'vitest';
import { checkDeclarations } from './check.js';

const script = (id: string, where: string) => `<script id="${id}" version="1" xml:lang="en"><section id="s">
<lookup id="l" object="Meter" where="${where}" into="m"/><end id="e" outcome="o"/></section></script>`;

const files = {
  'scripts/a.xml': script('a', 'meterNr = 1'),
  'scripts/b.xml': script('a', 'true'),
  'scripts/c.xml': '<script id="c"',
};

const check = (schema: Parameters<typeof checkDeclarations>[0]['schema']) =>
  checkDeclarations({ folder: folderOf(files), schema, model: undefined, methods: [], scripts: [] });

it('reports the faults of every file, and an id that two files have', () => {
  const faults = check({ variables: {}, objects: { Meter: { meterNo: 'text' } } });
  expect(faults.map(({ file, line, code }) => `${file}:${line} ${code}`)).toEqual([
    'scripts/a.xml:2 EXPRESSION_UNKNOWN_NAME',
    'scripts/b.xml:1 SCRIPT_ID_TAKEN',
    'scripts/c.xml:1 SCRIPT_NOT_WELL_FORMED',
  ]);
});

it('says nothing of names of a model that could not be read', () => {
  expect(check(undefined).map(({ file }) => file)).toEqual(['scripts/b.xml', 'scripts/c.xml']);
});
