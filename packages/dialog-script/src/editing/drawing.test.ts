import { describe, expect, test } from 'vitest';
import { programOf, scriptOf } from '../dialog.test.support.js';
import { read } from '../read.js';
import { waysOf } from '../ways.js';
import type { XmlElement } from '../xml-tree.js';
import { drawingOf } from './drawing.js';

const drawn = (text: string) => drawingOf(read(text, 't.xml').root as XmlElement, text);

const script = scriptOf(
  `<question id="ask" name="n" type="integer" if="session.channel = 'web'"><say>N?</say>
     <next to="e" if="n > 5"><action id="note" do="objects.create"><arg name="object" expr="'Case'"/><arg name="values.a" expr="1"/><fail to="ask"/></action></next></question>
   <set name="v" expr="1"/>
   <loop id="each" while="v &lt; 3"><set name="v" expr="v + 1"/><info id="i"><say>I</say></info></loop>
   <lookup id="find" object="Customer" into="c" where="true"><fail to="ask"/></lookup>
   <choose id="way"><next to="s" if="n = 1"/></choose>
   <end id="e" outcome="done"/>`,
  '<var name="v" type="integer"/><on event="wants-human" to="e"/>',
);

describe('the drawing of a script', () => {
  test('has every way of the compiled program, under the same names, from the step to the step it leads to', () => {
    const { steps, lines } = drawn(script);
    const names = lines.flatMap(({ ways }) => ways.map(({ name }) => name));
    expect(names.toSorted()).toEqual(
      waysOf(programOf(script))
        .map(({ name }) => name)
        .toSorted(),
    );
    expect(steps.map(({ id }) => id)).toEqual(['on 1', 'ask', 'step-2', 'each', 'step-4', 'i', 'find', 'way', 'e']);
    const line = (way: string) => lines.find(({ ways }) => ways.some(({ name }) => name === `t ${way}`));
    expect(line('ask next 1')).toMatchObject({ from: 'ask', to: 'e' });
    expect(line('ask next 1 note fail')).toMatchObject({ from: 'ask', to: 'ask' });
    expect(line('ask skipped')).toMatchObject({ to: 'step-2' });
    expect(line('each round')).toMatchObject({ to: 'step-4' });
    expect(line('each over')).toMatchObject({ to: 'find' });
    // Behind the last step of a loop comes the loop.
    expect(line('i below')).toMatchObject({ to: 'each' });
    expect(line('way next 1')).toMatchObject({ to: 'ask' });
    expect(line('on 1')).toMatchObject({ from: 'on 1', to: 'e' });
  });

  test('is there for a script with faults, without the ways that lead nowhere', () => {
    const { steps, lines } = drawn(
      scriptOf('<info id="a"><say>A</say><next to="nowhere"/></info><end id="b" outcome="x"/>'),
    );
    expect(steps.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(lines).toEqual([]);
  });
});
