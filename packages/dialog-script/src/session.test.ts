import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileScript } from './compile.js';
import { methods, readingScript, schema, setting } from './fixture.test.data.js';
import type { Program } from './program.js';
import { read } from './read.js';
import { freeze } from './record.js';
import { decideAnswer, decideBack } from './session.js';
import type { SessionEvent } from './session-event.js';
import { replay } from './state.js';
import { view } from './view.js';
import type { View } from './view-type.js';

function compiled(text: string): Program {
  const { program, faults } = compileScript(read(text, 'test.xml'), { schema, methods });
  if (program === undefined) throw new Error(JSON.stringify(faults, null, 1));
  return program;
}

const program = compiled(readingScript);
const meters = [
  {
    object: 'Meter',
    key: 'M1',
    version: '1',
    display: 'M1',
    values: { meterNo: 'M1', customer: 'C1', lastReading: '1234.5', lastReadOn: '2026-01-01' },
    related: { customer: { object: 'Customer', key: 'C1', display: 'Ann', values: { name: '<b>Ann & Co</b>' } } },
  },
];

/** A session over facts in memory: the pure engine with the least that drives it. */
class Dialog {
  events: SessionEvent[];
  done: Record<string, unknown>[] = [];
  fails = false;

  constructor(
    readonly script: Program = program,
    start: Partial<Extract<SessionEvent, { type: 'started' }>> = {},
  ) {
    const at = '2026-03-01T09:00:00.000Z';
    const common = { params: {}, starter: 'u', interaction: null, channel: 'agent', language: 'en' };
    this.events = [{ type: 'started', at, ...common, ...start }];
    this.#settle();
  }

  get state() {
    return replay(this.script, 's1', this.events, setting);
  }

  get view(): View {
    return view(this.state);
  }

  answer(answers: Record<string, unknown> = {}, at = '2026-03-01T09:01:00.000Z'): View {
    this.events.push(...decideAnswer(this.state, answers, { message: `m${this.events.length}`, at }));
    this.#settle();
    return this.view;
  }

  back(to?: string): View {
    const at = '2026-03-01T09:02:00.000Z';
    this.events.push(...decideBack(this.state, to, { message: `m${this.events.length}`, at }));
    this.#settle();
    return this.view;
  }

  #settle(): void {
    for (let need = this.state.path.need; need !== undefined; need = this.state.path.need) {
      const { visit, input } = need;
      const at = '2026-03-01T09:00:01.000Z';
      if (need.kind === 'lookup') {
        const { record } = need.query;
        const records = meters.filter(
          (meter) => need?.kind === 'lookup' && Object.values(need.params).includes(meter.key),
        );
        this.events.push({ type: 'found', at, visit, input, records: records.map((meter) => freeze(meter, record)) });
      } else if (need.kind === 'action') {
        this.done.push(need.arguments);
        const result = { object: 'MeterReading', key: 'R1', display: '', version: '1', values: { id: 'R1' } };
        const outcome = this.fails
          ? ({ ok: false, code: 'X', message: 'the database is down' } as const)
          : ({ ok: true, result } as const);
        this.events.push({ type: 'acted', at, visit, input, outcome });
      }
    }
  }
}

const text = (shown: View | { text: { text: string }[] } | null | undefined) => {
  const runs = shown === null || shown === undefined ? [] : 'step' in shown ? (shown.step?.text ?? []) : shown.text;
  return runs.map((run) => run.text).join('');
};

describe('a session', () => {
  it('runs from the first question to the end', () => {
    const dialog = new Dialog();
    expect(text(dialog.view.step?.questions[0])).toBe('What is the number of your meter?');
    expect(dialog.view.step?.notes?.map((note) => note[0]?.text)).toEqual(['Ask the customer to go to the meter.']);
    dialog.answer({ meter: 'M1' });
    expect(dialog.view).toMatchObject({ section: 'The reading', step: { id: 'enter', kind: 'form' }, canGoBack: true });
    dialog.answer({ reading: '1240', readOn: '2026-03-01' });
    expect(dialog.view.step?.id).toBe('confirm');
    const end = dialog.answer({ right: true });
    expect(end).toMatchObject({ outcome: 'stored', step: null, canGoBack: false, progress: 1 });
    expect(end.messages.map((message) => message.map((run) => run.text).join(''))).toEqual([
      'Thank you. Your receipt is R1.',
    ]);
    expect(dialog.done).toEqual([
      { object: 'MeterReading', values: { meter: 'M1', reading: '1240', readOn: '2026-03-01', source: 'agent' } },
    ]);
  });

  it('refuses a reading lower than the last with the text of the script, and keeps what was typed', () => {
    const dialog = new Dialog(program, { channel: 'web', language: 'nl' });
    dialog.answer({ meter: 'M1' });
    const refused = dialog.answer({ reading: '1000', readOn: '2026-02-30' });
    const [reading, readOn] = refused.step?.questions ?? [];
    expect(reading).toMatchObject({ value: '1000', errors: ['A meter does not run backwards: it was at 1.234,5.'] });
    expect(readOn).toMatchObject({ errors: ['Vul een bestaande datum in.'] });
    expect(refused.answers.map(({ name }) => name)).toEqual(['meter']);
    expect(dialog.answer({ reading: '' }).step?.questions[0]?.errors).toEqual(['Vul dit in.']);
  });

  it('warns once and takes the same answer when it is given again', () => {
    const dialog = new Dialog();
    dialog.answer({ meter: 'M1' });
    const warned = dialog.answer({ reading: '9000', readOn: '2026-03-01' });
    expect(warned.step?.questions[0]).toMatchObject({ errors: [], warnings: ['That is very much. Is it right?'] });
    expect(dialog.answer({ reading: '9100', readOn: '2026-03-01' }).step?.id).toBe('enter');
    expect(dialog.answer({ reading: '9100', readOn: '2026-03-01' }).step?.id).toBe('estimate');
  });

  it('takes the fail path when nothing is found, and asks the second time in other words', () => {
    const dialog = new Dialog();
    const lost = dialog.answer({ meter: 'M9' });
    expect(lost.step?.id).toBe('not-found');
    expect(lost.messages.map((message) => message.map((run) => run.text).join(''))).toEqual(['There is no meter M9.']);
    const again = dialog.answer();
    expect(text(again.step?.questions[0])).toBe('Look on the front of the meter: what is its number?');
    expect(dialog.answer({ meter: 'M1' }).step?.id).toBe('enter');
  });

  it('takes the fail path of an action, telling the cause to the agent alone', () => {
    for (const [channel, cause] of [
      ['agent', true],
      ['web', false],
    ] as const) {
      const dialog = new Dialog(program, { channel });
      dialog.fails = true;
      dialog.answer({ meter: 'M1' });
      dialog.answer({ reading: '1240' });
      const end = dialog.answer({ right: true });
      expect(end.outcome).toBe('failed');
      const said = JSON.stringify(end.messages);
      expect(said).toContain('We could not store it.');
      expect(said.includes('the database is down')).toBe(cause);
    }
  });

  it('speaks the language of the session, and its own where a text is not translated', () => {
    const dialog = new Dialog(program, { language: 'nl' });
    expect(dialog.view).toMatchObject({ title: 'Meterstand', section: 'Uw meter' });
    expect(text(dialog.view.step?.questions[0])).toBe('Wat is het nummer van uw meter?');
    expect(text(dialog.answer({ meter: 'M1' }))).toContain('Meter of customer');
  });

  it('shows values as values: markup in them stays text', () => {
    const dialog = new Dialog();
    const runs = dialog.answer({ meter: 'M1' }).step?.text ?? [];
    expect(runs).toContainEqual({ kind: 'value', text: '<b>Ann & Co</b>' });
    expect(runs.map(({ kind }) => kind)).toEqual(['plain', 'em', 'value', 'plain', 'value', 'plain']);
  });

  it('never gives a note to a customer', () => {
    for (const channel of ['web', 'chat', 'voice']) {
      expect(JSON.stringify(new Dialog(program, { channel }).view)).not.toContain('Ask the customer');
    }
  });

  it('masks sensitive answers wherever a view holds them', () => {
    const dialog = new Dialog();
    dialog.answer({ meter: 'M1' });
    dialog.answer({ reading: '1240', pin: 'swordfish' });
    expect(JSON.stringify(dialog.view)).not.toContain('swordfish');
    expect(dialog.view.answers.find(({ name }) => name === 'pin')).toMatchObject({ value: null, display: '••••••' });
    expect(JSON.stringify(dialog.back())).not.toContain('swordfish');
  });

  it('does an action once however often one goes back over it with the same arguments', () => {
    const once = compiled(`<script id="t" version="1" xml:lang="en"><section id="s">
      <question id="a" name="who" type="text" required="yes"><say>Who?</say></question>
      <action id="make" do="objects.create" into="made"><arg name="object" expr="'Customer'"/>
        <arg name="values.name" expr="who"/><fail to="e"/></action>
      <question id="b" name="more" type="text"><say>More for <value of="made.customerNo"/>?</say></question>
      <end id="e" outcome="done"/></section></script>`);
    const dialog = new Dialog(once);
    dialog.answer({ who: 'Ann' });
    dialog.back();
    dialog.answer({ who: 'Ann' });
    expect(dialog.done).toHaveLength(1);
    dialog.back();
    dialog.answer({ who: 'Bob' });
    expect(dialog.done).toHaveLength(2);
    dialog.back();
    dialog.answer({ who: 'Ann' });
    expect(dialog.done).toHaveLength(2);
  });
});

describe('the path is a function of the answers', () => {
  const branching = compiled(`<script id="t" version="1" xml:lang="en"><section id="s">
    <question id="a" name="kind" type="one" required="yes"><say>Kind?</say>
      <option value="x"><say>X</say></option><option value="y"><say>Y</say></option><option value="z"><say>Z</say></option>
      <next to="ys" if="kind = 'y'"/><next to="last" if="kind = 'z'"/></question>
    <question id="x1" name="xOne" type="integer" required="yes"><say>x?</say><next to="last"/></question>
    <form id="ys"><question id="y1" name="yOne" type="integer"><say>1?</say></question>
      <question id="y2" name="yTwo" type="boolean"><say>2?</say></question></form>
    <question id="last" name="again" type="boolean" required="yes"><say>Again?</say><next to="a" if="again"/></question>
    <end id="e" outcome="done"/></section></script>`);
  const kind = fc.constantFrom('x', 'y', 'z');
  const given = fc.record({
    kind,
    xOne: fc.integer({ min: -9, max: 9 }),
    yOne: fc.option(fc.integer({ min: 0, max: 9 })),
    yTwo: fc.option(fc.boolean()),
    again: fc.boolean(),
  });
  const moves = fc.array(
    fc.oneof({ weight: 4, arbitrary: given }, { weight: 1, arbitrary: fc.constant('back' as const) }),
    {
      maxLength: 14,
    },
  );

  function run(dialog: Dialog, script: (Record<string, unknown> | 'back')[]): void {
    for (const move of script) {
      if (move === 'back') dialog.back();
      else {
        const asked = dialog.view.step?.questions.map(({ name }) => name) ?? [];
        dialog.answer(Object.fromEntries(asked.map((name) => [name, move[name]])));
      }
    }
  }

  /** What people see of a state: everything but the number of the event. */
  const visible = (dialog: Dialog) => ({ ...dialog.view, seq: 0 });

  it('going back and giving the same answer comes to the same state', () => {
    fc.assert(
      fc.property(moves, (script) => {
        const dialog = new Dialog(branching);
        run(dialog, script);
        const before = visible(dialog);
        const { cursor } = dialog.state.facts;
        if (!before.canGoBack || cursor !== undefined) return;
        const put = dialog.back();
        dialog.answer(Object.fromEntries((put.step?.questions ?? []).map(({ name, value }) => [name, value])));
        expect(visible(dialog)).toEqual(before);
      }),
    );
  });

  it('answers beside the path are never seen, and come back with it', () => {
    const steps: Record<string, string[]> = { x: ['kind', 'xOne'], y: ['kind', 'yOne', 'yTwo'], z: ['kind'] };
    fc.assert(
      fc.property(kind, kind, given, (first, second, values) => {
        const dialog = new Dialog(branching);
        run(dialog, [{ ...values, kind: first }, ...(first === 'z' ? [] : [values])]);
        const before = visible(dialog);
        expect(before.answers.map(({ name }) => name)).toEqual(steps[first]);
        dialog.back('a');
        dialog.answer({ kind: second });
        for (const { name } of dialog.view.answers) expect(steps[second]).toContain(name);
        dialog.back('a');
        dialog.answer({ kind: first });
        expect(visible(dialog)).toEqual(before);
      }),
    );
  });

  it('replaying the same events gives the same view, and never throws', () => {
    fc.assert(
      fc.property(moves, (script) => {
        const dialog = new Dialog(branching);
        run(dialog, script);
        expect(view(replay(branching, 's1', structuredClone(dialog.events), setting))).toEqual(dialog.view);
      }),
    );
  });
});
