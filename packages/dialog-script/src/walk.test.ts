import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Dialog, programOf, recordOf, scriptOf } from './dialog.test.support.js';
import { setting } from './fixture.test.data.js';
import { replay } from './state.js';
import { view } from './view.js';

describe('the walk', () => {
  const script = programOf(
    scriptOf(
      `<question id="kind" name="kind" type="one" required="yes"><say>Kind?</say>
         <option value="x"><say>X</say></option><option value="y"><say>Y</say></option><next to="rounds" if="kind = 'y'"/></question>
       <question id="n" name="n" type="integer"><say>n?</say></question>
       <lookup id="find" object="Meter" where="meterNo = answers.kind + text(answers.n)" into="meter"><fail to="rounds"/></lookup>
       <action id="book" do="ledger.book" into="booked"><arg name="amount" expr="text(n)"/>
         <undo do="ledger.cancel"><arg name="receipt" expr="booked.receipt"/></undo><fail to="rounds"/></action>
       <loop id="rounds" while="more &lt;> false" max="3" into="all">
         <call id="part" script="part" into="result"><arg name="n" expr="coalesce(n, 0)"/></call>
         <question id="m" name="more" type="boolean"><say>More?</say><next to="kind" if="result.out > 7"/></question>
       </loop>
       <info id="last" if="all.size() > 1"><say><value of="all[0].result.out"/></say></info>
       <end id="e" outcome="done"/>`,
      '<on event="go" to="rounds"/>',
    ),
    scriptOf(
      `<question id="p" name="p" type="integer" required="yes"><say>p?</say></question><set name="out" expr="p + n"/><end id="pe" outcome="ok"/>`,
      '<param name="n" type="integer"/><param name="out" type="integer" dir="out"/>',
      'part',
    ),
  );
  const move = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constantFrom('x', 'y'),
        n: fc.option(fc.integer({ min: 0, max: 9 })),
        more: fc.boolean(),
        p: fc.integer({ min: -2, max: 9 }),
      }),
    },
    { weight: 3, arbitrary: fc.record({ back: fc.nat(5) }) },
    { weight: 1, arbitrary: fc.constant({ signal: 'go' }) },
    { weight: 1, arbitrary: fc.constant({ signal: 'time-out' }) },
    { weight: 1, arbitrary: fc.constantFrom({ language: 'nl' }, { language: 'en' }) },
  );
  const world = {
    find: () => [recordOf('Meter', 'M1', { meterNo: 'M1', lastReading: '1' })],
    act: () => ({ ok: true, result: { receipt: 'R' } }) as const,
  };

  function play(moves: readonly Record<string, unknown>[]): Dialog {
    const dialog = new Dialog(script, world);
    for (const each of moves) {
      if ('back' in each) {
        const { answered } = dialog.state.path;
        dialog.back(answered.at(-1 - (Number(each['back']) % Math.max(answered.length, 1)))?.visit);
      } else if ('signal' in each) dialog.signal(String(each['signal']));
      else if ('language' in each) dialog.resume({ language: String(each['language']) });
      else {
        const asked = dialog.view.step?.questions.map(({ name }) => name) ?? [];
        dialog.answer(Object.fromEntries(asked.map((name) => [name, each[name]])));
      }
    }
    return dialog;
  }

  it('taken up where it stopped is the walk from the beginning', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 25 }), (moves) => {
        const { state } = play(moves);
        const again = replay(script, 's1', structuredClone([...state.events]), setting);
        expect(view(again)).toEqual(view(state));
        expect(again.path.need).toBe(undefined);
        expect(again.path.answered.map(({ visit }) => visit)).toEqual(state.path.answered.map(({ visit }) => visit));
      }),
      { numRuns: 300 },
    );
  });

  it('of an older state is what it was, whatever came after', () => {
    fc.assert(
      fc.property(fc.array(move, { minLength: 2, maxLength: 12 }), (moves) => {
        const half = play(moves.slice(0, Math.floor(moves.length / 2)));
        const older = half.state;
        const before = structuredClone(view(older));
        play(moves);
        for (const each of moves) if (!('back' in each)) half.answer({ kind: 'y', p: 1, more: true });
        expect(view(older)).toEqual(before);
      }),
      { numRuns: 100 },
    );
  });

  it('without going back is what the answers of its path alone give', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 20 }), (moves) => {
        const { state } = play(moves);
        if (state.facts.cursor !== undefined || state.facts.handover !== undefined) return;
        const straight = new Dialog(script, world);
        for (const entry of state.path.answered) {
          expect(straight.state.path.present?.visit).toBe(entry.visit);
          const left = state.facts.left.get(entry.visit);
          if (left?.kind === 'signalled') straight.signal(left.signal);
          else straight.answer(entry.values);
        }
        const seen = (each: typeof state) =>
          view(each, 'agent', 'en').answers.map(({ visit, value }) => [visit, value]);
        expect(seen(straight.state)).toEqual(seen(state));
      }),
      { numRuns: 200 },
    );
  });
});
