import { BusinessObjects } from '@caruso/business-objects/contract';
import { folderOf } from '@caruso/declarations';
import { expect, it } from 'vitest';
import { checkDeclarations } from './check.js';
import { house } from './dialog.test.support.js';
import { administrator, as } from './house.test.support.js';

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

it('six faults in one file are told with the same line and column to `caruso check` and over the contract the tool uses', async () => {
  const text = `<!DOCTYPE script SYSTEM "dialog-script.dtd">
<script id="seeded" version="1" xml:lang="en"><section id="s">
  <question id="a" name="age" type="integer"><say>Age?</say>
    <check expr="age &lt; 100 and agee > 0"><say>No.</say></check>
    <next to="nowere" if="age > 3"/></question>
  <question id="c" name="city" type="text" requird="yes"><say>City?</say>
    <next to="bye" if="city > 5"/></question>
  <action id="d" do="objects.crate"><fail to="bye"/></action>
  <end id="bye" outcome="done"/>
  <info id="lost"><say>Never seen</say><next to="bye"/></info>
</section></script>`;
  const at = await house();
  at.save({ 'scripts/seeded.xml': text });
  const told = await as(administrator, () => at.scripts.source({ script: 'seeded' }));
  expect(told.text).toBe(text);
  const methods = Object.entries(BusinessObjects.methods).map(([method, definition]) => {
    return { contract: BusinessObjects.id, version: '1.0.0', method, ...definition };
  });
  const files = { 'scripts/seeded.xml': text };
  const checked = checkDeclarations({
    folder: folderOf(files),
    schema: { variables: {}, objects: {} },
    model: undefined,
    methods: methods as unknown as Parameters<typeof checkDeclarations>[0]['methods'],
    scripts: [],
  });
  expect(checked.map(({ line, column, code, message, remedy }) => ({ line, column, code, message, remedy }))).toEqual(
    told.faults,
  );
  expect(told.faults.map(({ line, column, code }) => `${line}:${column} ${code}`)).toEqual([
    '4:35 EXPRESSION_UNKNOWN_NAME',
    '5:15 SCRIPT_STEP_UNKNOWN',
    '6:44 SCRIPT_ATTRIBUTE_UNKNOWN',
    '7:24 EXPRESSION_TYPE',
    '8:22 SCRIPT_METHOD_UNKNOWN',
    '10:4 SCRIPT_UNREACHABLE',
  ]);
});
