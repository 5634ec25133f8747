import { outlineOf, read } from '@caruso/dialog-script';
import { describe, expect, it } from 'vitest';
import { schemaWords, wordsFor } from './script-completion.js';

const text = `<script id="visit" version="1" xml:lang="en"><var name="total" type="integer"/><section id="s">
<question id="ask" name="customer" type="text"><say>Who?</say></question>
<lookup id="find" object="Meter" into="meter" where="true"/>
<loop id="each" over="list" as="item"><info id="hello"><say>Hello</say></info></loop>
<end id="done" outcome="done"/></section></script>`;
const { root } = read(text, 'scripts/visit.xml');
if (root === undefined) throw new Error('it is well-formed');
const outline = outlineOf(root, text);
const material = {
  schema: { objects: { Meter: { meterNo: 'text', owner: { object: 'Owner' } }, Owner: { name: 'text' } } },
  methods: [{ contract: 'objects', method: 'create', idempotent: false, input: {}, output: {} }],
  setting: { locale: 'en-GB', timezone: 'Europe/Amsterdam', currency: 'EUR' },
  scripts: [{ name: 'scripts/move.xml', path: 'x:scripts/move.xml', text: '' }],
} as const;
const words = (attribute: string, typed: string, attributes: Record<string, string> = {}, name = 'next') => {
  const element = { name, attributes: new Map(Object.entries(attributes)) };
  const found = wordsFor(element, attribute, typed, outline, {
    ...material,
    methods: [...material.methods],
    scripts: [...material.scripts],
  });
  return { from: found.from, labels: found.words.map(({ label }) => label) };
};

describe('completion in the text of a script', () => {
  it('knows where a way may lead, and what a front office has', () => {
    expect(words('to', '').labels).toEqual(['s', 'ask', 'find', 'each', 'hello', 'done']);
    expect(words('do', '').labels).toEqual(['objects.create']);
    expect(words('object', '').labels).toEqual(['Meter', 'Owner']);
    expect(words('script', '', {}, 'call').labels).toEqual(['move']);
    expect(words('name', '', {}, 'set').labels).toEqual(['total']);
  });

  it('knows the names of an expression, and the attributes of what they hold', () => {
    expect(words('if', 'not cus').labels).toEqual(
      expect.arrayContaining(['total', 'customer', 'meter', 'item', 'session', 'answers']),
    );
    expect(words('if', 'not cus').from).toBe(4);
    expect(words('expr', 'meter.').labels).toEqual(['meterNo', 'owner']);
    expect(words('expr', '1 + meter.owner.na')).toEqual({ from: 16, labels: ['name'] });
    expect(words('if', 'answers.').labels).toEqual(['customer']);
    expect(words('if', 'session.').labels).toContain('attempt');
    expect(words('if', 'nobody.').labels).toEqual([]);
  });

  it('knows the bare attributes of what a look-up looks for', () => {
    const labels = words('where', '', { object: 'Owner' }, 'lookup').labels;
    expect(labels[0]).toBe('name');
  });

  it('has the elements and attributes of the DTD with what it says of them', () => {
    const { elements } = schemaWords();
    const question = elements.find(({ name }) => name === 'question');
    expect(question?.children).toEqual(['say', 'note', 'option', 'check', 'next']);
    const type = question?.attributes.find(({ name }) => name === 'type');
    expect(type?.values).toContain('boolean');
    expect(type?.completion.info).toContain('yes or no');
    expect(elements.find(({ name }) => name === 'section')?.children).toContain('escalate');
  });
});
