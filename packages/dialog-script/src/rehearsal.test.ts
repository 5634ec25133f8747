import { describe, expect, test } from 'vitest';
import { programOf, scriptOf } from './dialog.test.support.js';
import { setting } from './fixture.test.data.js';
import { attributesRead, nameOfNeed, type Rehearsed, recordedCase, rehearse } from './rehearsal.js';
import { runCase } from './simulate.js';

const program = programOf(
  scriptOf(
    `<question id="ask" name="number" type="text" required="yes"><say>Number?</say></question>
     <lookup id="find" object="Customer" into="found" where="customerNo = answers.number"><fail to="ask"/></lookup>
     <question id="right" name="right" type="boolean"><say>Are you <value of="found.name"/>?</say><next to="ask" if="not right"/></question>
     <set name="seen" expr="found.name"/>
     <action id="note" do="objects.create" into="case"><arg name="object" expr="'Case'"/><arg name="values.name" expr="seen"/><fail to="sorry"/></action>
     <end id="done" outcome="noted"/><end id="sorry" outcome="failed"/>`,
    '<var name="seen" type="text"/>',
  ),
);
const begun: Rehearsed = {
  channel: 'agent',
  language: 'en',
  params: {},
  now: '2026-03-02T09:00:00.000Z',
  found: {},
  acted: {},
  moves: [],
};
const asked = { ...begun, moves: [{ at: 'ask', answer: { number: 'C1' } }] };

describe('a rehearsal', () => {
  test('waits for what a look-up found and what an action gave, and goes on with it', () => {
    const waiting = rehearse(program, asked, setting);
    expect(waiting.need).toMatchObject({ kind: 'lookup', query: { where: expect.stringContaining('customerNo') } });
    expect(waiting.need === undefined ? '' : nameOfNeed(waiting.need)).toBe('find');
    const none = rehearse(program, { ...asked, found: { find: [[]] } }, setting);
    expect(none.present).toEqual({ script: 't', step: 'ask' });
    const found = { ...asked, found: { find: [[{ customerNo: 'C1', name: 'Anna' }]] } };
    expect(rehearse(program, found, setting)).toMatchObject({
      present: { step: 'right' },
      variables: expect.arrayContaining([{ kind: 'answer', name: 'number', value: 'C1' }]),
    });
    const right = { ...found, moves: [...found.moves, { at: 'right', answer: { right: true } }] };
    const acting = rehearse(program, right, setting);
    expect(acting.need).toMatchObject({ kind: 'action', arguments: { object: 'Case', values: { name: 'Anna' } } });
    const failed = rehearse(program, { ...right, acted: { note: [{ fails: 'closed' }] } }, setting);
    expect([failed.view.outcome, failed.path]).toEqual(['failed', ['ask', 'right']]);
    expect([...failed.ways]).toContain('t note fail');
  });

  test('is recorded as a case that the simulator then finds right', () => {
    const whole: Rehearsed = {
      ...asked,
      found: { find: [[{ customerNo: 'C1', name: 'Anna' }], [{ customerNo: 'C2', name: 'Bert' }]] },
      acted: { note: [{ id: 'A1' }] },
      moves: [
        { at: 'ask', answer: { number: '' } },
        ...asked.moves,
        { at: 'right', answer: { right: false } },
        { at: 'ask', answer: { number: 'C2' } },
        { at: 'right', answer: { right: true } },
      ],
    };
    const recorded = recordedCase('the second', whole, rehearse(program, whole, setting));
    expect(recorded.moves[0]).toEqual({ at: 'ask', answer: { number: '' }, refused: true });
    expect(recorded).toMatchObject({
      outcome: 'noted',
      acted: { note: { id: 'A1' } },
      path: ['ask', 'right', 'ask', 'right'],
    });
    expect(runCase(program, recorded, setting).failures).toEqual([]);
  });

  test('stops at a move that a changed script no longer has', () => {
    const other = programOf(scriptOf('<info id="hello"><say>Hello</say></info><end id="e" outcome="x"/>'));
    expect(rehearse(other, asked, setting)).toMatchObject({ stopped: { move: 0, why: "it is at 'hello'" }, path: [] });
  });

  test('knows what the script reads of a result', () => {
    const { need } = rehearse(program, asked, setting);
    if (need === undefined) throw new Error('nothing is asked');
    expect(attributesRead(program, need)).toEqual([{ name: 'name', type: 'text' }]);
  });
});
