import { describe, expect, it } from 'vitest';
import { compileScript } from './compile.js';
import { methods, readingScript, schema } from './fixture.test.data.js';
import { read } from './read.js';

function faultsOf(text: string) {
  return compileScript(read(text, 'scripts/test.xml'), { schema, methods }).faults;
}

/** Where a piece of the text stands, as an editor shows it. */
function place(text: string, piece: string, within = piece) {
  const from = text.indexOf(within);
  const offset = text.indexOf(piece, from);
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function wrap(steps: string, head = ''): string {
  return `<!DOCTYPE script SYSTEM "dialog-script.dtd">
<script id="t" version="1" xml:lang="en">${head}<section id="s">
${steps}
</section></script>`;
}

describe('a script without faults', () => {
  it('becomes a program, and names every step', () => {
    const { program, faults } = compileScript(read(readingScript, 'scripts/reading.xml'), { schema, methods });
    expect(faults).toEqual([]);
    expect(program?.steps.map(({ id }) => id)).toEqual([
      'ask-meter',
      'find-meter',
      'enter',
      'estimate',
      'confirm',
      'not-found',
      'done',
      'sorry',
    ]);
    expect(program?.channels).toEqual(['agent', 'web']);
  });

  it('binds values of the script in a look-up and loads the objects whose attributes it reads', () => {
    const { program } = compileScript(read(readingScript, 'scripts/reading.xml'), { schema, methods });
    const lookup = program?.steps[1];
    expect(lookup).toMatchObject({ where: { text: 'meterNo = script_value_1' }, record: { include: ['customer'] } });
  });
});

describe('six faults in one script', () => {
  const text = wrap(`  <question id="a" name="age" type="integer"><say>Age?</say>
    <check expr="age &lt; 100 and agee > 0"><say>No.</say></check>
    <next to="nowere" if="age > 3"/>
  </question>
  <question id="b" name="age" type="text"><say>Name?</say></question>
  <question id="c" name="city" type="text" requird="yes"><say>City?</say>
    <next to="bye" if="city > 5"/>
  </question>
  <action id="d" do="objects.crate"><fail to="bye"/></action>
  <end id="bye" outcome="done"/>
  <info id="lost"><say>Never seen</say><next to="bye"/></info>`);

  it('are all found, each at its line and column, with a remedy', () => {
    const faults = faultsOf(text).map(({ line, column, code, remedy }) => ({ line, column, code, remedy }));
    expect(faults).toEqual([
      { ...place(text, 'agee'), code: 'EXPRESSION_UNKNOWN_NAME', remedy: expect.stringContaining("'age'") },
      { ...place(text, 'nowere'), code: 'SCRIPT_STEP_UNKNOWN', remedy: expect.any(String) },
      {
        ...place(text, 'age"', 'id="b" name="age"'),
        code: 'SCRIPT_NAME_DUPLICATE',
        remedy: expect.stringContaining('own name'),
      },
      { ...place(text, 'requird'), code: 'SCRIPT_ATTRIBUTE_UNKNOWN', remedy: "did you mean 'required'?" },
      { ...place(text, 'city > 5'), code: 'EXPRESSION_TYPE', remedy: expect.any(String) },
      { ...place(text, 'objects.crate'), code: 'SCRIPT_METHOD_UNKNOWN', remedy: "did you mean 'objects.create'?" },
      { ...place(text, 'info id="lost"'), code: 'SCRIPT_UNREACHABLE', remedy: expect.any(String) },
    ]);
  });

  it('leaves no program', () => {
    expect(compileScript(read(text, 'f.xml'), { schema, methods }).program).toBeUndefined();
  });
});

describe('what the compiler refuses', () => {
  const cases: [string, string, string, string][] = [
    [
      'a step after which nothing follows',
      wrap('<info id="a"><say>Hello</say></info>'),
      'SCRIPT_DEAD_END',
      'info id="a"',
    ],
    [
      'a round that reaches no end',
      wrap(`<question id="q" name="b" type="boolean"><say>?</say><next to="e" if="b"/></question>
<info id="a"><say>Hello</say><next to="a"/></info><end id="e" outcome="x"/>`),
      'SCRIPT_DEAD_END',
      'info id="a"',
    ],
    [
      'an unknown attribute of a found object, behind entities',
      wrap(`<lookup id="l" object="Meter" where="meterNo = 'M1'" into="m"/>
<info id="a" if="'&lt;&amp;' = '' or m.lastRead &gt; 5"><say>x</say></info><end id="e" outcome="x"/>`),
      'EXPRESSION_UNKNOWN_ATTRIBUTE',
      'lastRead &gt;',
    ],
    [
      'a name of the script without its root in a look-up',
      wrap(`<question id="q" name="no" type="text"><say>No?</say></question>
<lookup id="l" object="Meter" where="meterNo = no" into="m"/><end id="e" outcome="x"/>`),
      'EXPRESSION_UNKNOWN_NAME',
      'no" into',
    ],
    [
      'an unknown object',
      wrap(`<lookup id="l" object="Metre" where="true" into="m"/><end id="e" outcome="x"/>`),
      'SCRIPT_OBJECT_UNKNOWN',
      'Metre',
    ],
    [
      'a value of an object that has no such attribute',
      wrap(`<action id="a" do="objects.create"><arg name="object" expr="'Customer'"/>
<arg name="values.nam" expr="'x'"/><fail to="e"/></action><end id="e" outcome="x"/>`),
      'SCRIPT_ATTRIBUTE_OF_MODEL',
      'nam" expr="\'x\'"',
    ],
    [
      'an argument the method does not take',
      wrap(`<action id="a" do="objects.delete"><arg name="object" expr="'Customer'"/><arg name="key" expr="'C1'"/>
<arg name="cascade" expr="true"/><fail to="e"/></action><end id="e" outcome="x"/>`),
      'SCRIPT_ARGUMENT_UNKNOWN',
      'cascade',
    ],
    [
      'a method that lacks an argument',
      wrap(`<action id="a" do="objects.delete"><arg name="object" expr="'Customer'"/><fail to="e"/></action>
<end id="e" outcome="x"/>`),
      'SCRIPT_ARGUMENT_MISSING',
      'objects.delete',
    ],
    [
      'a text that is missing in the language of the script',
      wrap('<info id="a"><say xml:lang="nl">Hallo</say></info><end id="e" outcome="x"/>'),
      'SCRIPT_TEXT_MISSING',
      'info id="a"',
    ],
    [
      'a variable that is not declared',
      wrap('<set name="n" expr="1"/><end id="e" outcome="x"/>'),
      'SCRIPT_VAR_UNKNOWN',
      'n" expr',
    ],
    [
      'a value of the wrong type for a variable',
      wrap('<set name="n" expr="\'one\'"/><end id="e" outcome="x"/>', '<var name="n" type="integer"/>'),
      'EXPRESSION_TYPE',
      "'one'",
    ],
    [
      'a choice without options',
      wrap('<question id="q" name="n" type="one"><say>Which?</say></question><end id="e" outcome="x"/>'),
      'SCRIPT_OPTIONS',
      'question id="q"',
    ],
    [
      'a name that expressions cannot say',
      wrap('<question id="q" name="a-b" type="text"><say>Which?</say></question><end id="e" outcome="x"/>'),
      'SCRIPT_NAME',
      'a-b',
    ],
    [
      'an action without a way on failure',
      wrap('<action id="a" do="objects.describe"/><end id="e" outcome="x"/>'),
      'SCRIPT_FAIL_MISSING',
      'action id="a"',
    ],
  ];

  it.each(cases)('%s', (_what, text, code, piece) => {
    expect(faultsOf(text)).toEqual([expect.objectContaining({ code, ...place(text, piece), severity: 'error' })]);
  });

  it('warns of a round in which nobody is asked', () => {
    const text = wrap(
      `<lookup id="l" object="Meter" where="true" into="m"><fail to="again"/></lookup>
<end id="e" outcome="x"/><set name="n" expr="1"/>
<choose id="again"><next to="l"/></choose>`,
      '<var name="n" type="integer"/>',
    );
    expect(faultsOf(text).filter(({ severity }) => severity === 'warning')).toEqual([
      expect.objectContaining({ code: 'SCRIPT_ENDLESS', ...place(text, 'lookup id="l"') }),
    ]);
  });
});

describe('an expression that was compiled before', () => {
  const asked = (type: string) =>
    wrap(`<question id="q" name="city" type="${type}"><say>?</say><next if="city &gt; 5" to="e"/></question>
<info id="i"><say>Small</say></info><end id="e" outcome="x"/>`);
  const found = (attribute: string) => ({
    schema: { objects: { Town: { size: attribute === 'text' ? ('text' as const) : ('integer' as const) } } },
  });
  const town = wrap(`<lookup id="l" object="Town" where="size &gt; 5" into="town"/>
<loop id="each" over="[town]" as="one" into="all"><info id="i" if="one.size &gt; 5"><say>Big</say></info></loop>
<info id="j" if="all.exists(a, a.one.size &gt; 5)"><say>Some are</say></info><end id="e" outcome="x"/>`);
  const codes = (text: string, options = {}) =>
    compileScript(read(text, 'f.xml'), options).faults.map(({ code }) => code);

  it('is compiled anew where what it names has another type, and says the same where it has the same', () => {
    expect(codes(asked('integer'))).toEqual([]);
    expect(codes(asked('text'))).toEqual(['EXPRESSION_TYPE']);
    expect(codes(asked('integer'))).toEqual([]);
  });

  it('and with another model', () => {
    expect(codes(town, found('integer'))).toEqual([]);
    expect(codes(town, found('text'))).toEqual(['EXPRESSION_TYPE', 'EXPRESSION_TYPE', 'EXPRESSION_TYPE']);
    expect(codes(town, found('integer'))).toEqual([]);
  });
});
