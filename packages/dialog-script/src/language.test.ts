import { describe, expect, it } from 'vitest';
import { Dialog, programOf, recordOf, scriptOf, words } from './dialog.test.support.js';
import { view } from './view.js';

const question = (id: string, type = 'text', more = '') =>
  `<question id="q-${id}" name="${id}" type="${type}"><say>${id}?</say>${more}</question>`;
const end = '<end id="e" outcome="done"/>';

describe('loops', () => {
  const script = programOf(
    scriptOf(`
      <question id="which" name="chosen" type="many" required="yes"><say>Which?</say>
        <option value="a"><say>A</say></option><option value="b"><say>B</say></option><option value="c"><say>C</say></option>
      </question>
      <loop id="each" over="chosen" as="item" into="given">
        <question id="q" name="amount" type="integer" required="yes"><say>How many <value of="item"/>?</say></question>
      </loop>
      <question id="last" name="right" type="boolean"><say><value of="given.size()"/> kinds</say><next to="which" if="right = false"/></question>
      <end id="e" outcome="done"><say>First <value of="given[0].item"/>: <value of="given[0].amount"/></say></end>`),
  );

  it('go over a list, and give what each round gave', () => {
    const dialog = new Dialog(script);
    dialog.answer({ chosen: ['a', 'c'] });
    expect(words(dialog.view.step?.questions[0]?.text)).toBe('How many a?');
    dialog.answer({ amount: 1 });
    dialog.answer({ amount: 3 });
    expect(dialog.view.answers.map(({ visit, value }) => [visit, value])).toEqual([
      ['which#1', ['a', 'c']],
      ['each#1[a]/q#1', 1],
      ['each#1[c]/q#1', 3],
    ]);
    expect(words(dialog.answer({ right: true }).messages[0])).toBe('First a: 1');
  });

  it('keep what was answered with its item when another one is removed', () => {
    const dialog = new Dialog(script);
    dialog.answer({ chosen: ['a', 'b', 'c'] });
    for (const amount of [1, 2, 3]) dialog.answer({ amount });
    dialog.back('which');
    dialog.answer({ chosen: ['b', 'c'] });
    expect(dialog.view.step?.id).toBe('last');
    expect(dialog.view.answers.slice(1).map(({ visit, value }) => [visit, value])).toEqual([
      ['each#1[b]/q#1', 2],
      ['each#1[c]/q#1', 3],
    ]);
    dialog.back('which');
    dialog.answer({ chosen: ['a', 'b', 'c'] });
    expect(dialog.view.answers.slice(1).map(({ value }) => value)).toEqual([1, 2, 3]);
  });

  it('are passed by where the list is empty or the condition does not hold', () => {
    const none = programOf(
      scriptOf(`${question('a')}<loop id="l" while="b = true" max="3">${question('b', 'boolean')}</loop>${end}`),
    );
    expect(new Dialog(none).answer({ a: 'x' }).outcome).toBe('done');
  });

  it('go round while their condition holds, at most max times, and can be left', () => {
    const more = programOf(
      scriptOf(`<loop id="l" while="more &lt;> false" max="3" into="all">${question('name')}
        <question id="m" name="more" type="boolean"><say>More?</say><next to="out" if="name = 'stop'"/></question></loop>
        <info id="out"><say><value of="all.size()"/></say></info>${end}`),
    );
    const run = (names: string[]) => {
      const dialog = new Dialog(more);
      for (const name of names) {
        dialog.answer({ name });
        dialog.answer({ more: true });
      }
      return words(dialog.view.step?.text);
    };
    expect(run(['x', 'y', 'z'])).toBe('3');
    expect(run(['x', 'stop'])).toBe('2');
  });
});

describe('scripts that call scripts', () => {
  const part = scriptOf(
    `${question('reading', 'integer')}<set name="twice" expr="reading * 2"/>
     <end id="ok" outcome="read"><say>Noted.</say></end>`,
    '<param name="meter" type="text"/><param name="twice" type="integer" dir="out"/>',
    'part',
  );
  const whole = programOf(
    scriptOf(
      `<question id="which" name="chosen" type="many"><say>Which?</say>
         <option value="a"><say>A</say></option><option value="b"><say>B</say></option></question>
       <loop id="houses" over="['h1', 'h2']" as="house">
         <loop id="each" over="chosen" as="item" into="read">
           <call id="ask" script="part" into="result"><arg name="meter" expr="house + item"/></call>
         </loop>
       </loop>
       <question id="last" name="fine" type="boolean"><say>Sum <value of="read[0].result.twice"/></say></question>
       <end id="e" outcome="done"/>`,
    ),
    part,
  );

  it('give params, take results, and keep answers with their items in nested loops', () => {
    const dialog = new Dialog(whole);
    dialog.answer({ chosen: ['a', 'b'] });
    for (const reading of [1, 2, 3, 4]) dialog.answer({ reading });
    expect(words(dialog.view.step?.questions[0]?.text)).toBe('Sum 6');
    expect(dialog.view.answers.at(-1)).toMatchObject({ visit: 'houses#1[h2]/each#1[b]/ask#1/q-reading#1', value: 4 });
    dialog.back('which');
    dialog.answer({ chosen: ['b'] });
    expect(dialog.view.answers.slice(1).map(({ value }) => value)).toEqual([2, 4]);
    expect(words(dialog.view.step?.questions[0]?.text)).toBe('Sum 8');
  });
});

describe('what happens while a step waits', () => {
  const script = (head: string) =>
    programOf(
      scriptOf(
        `${question('a', 'integer')}${question('b')}${end}
         <info id="other"><say>Other way</say><next to="e"/></info>
         <escalate id="human" queue="billing"><say>An agent takes over.</say><note>Be kind.</note></escalate>
         <question id="c" name="c" type="text"><say>For the agent</say><next to="e"/></question>`,
        head,
      ),
    );
  const customer = { channel: 'web' };

  it('is handled by the script, else as usual', () => {
    const handled = script(
      '<on event="no-match" if="session.attempt >= 3" to="other"/><on event="paid" to="e"/><on event="wants-human" to="human"/>',
    );
    const dialog = new Dialog(handled, {}, customer);
    expect(dialog.answer({ a: 'x' }).step).toMatchObject({ id: 'q-a', attempt: 2 });
    expect(dialog.answer({ a: 'y' }).step?.id).toBe('other');
    expect(dialog.back().step?.id).toBe('q-a');
    expect(dialog.signal('paid').outcome).toBe('done');
    expect(new Dialog(handled, {}, customer).signal('hang-up').outcome).toBe('hung-up');
    expect(new Dialog(handled, {}, customer).signal('time-out').step).toMatchObject({
      id: 'q-a',
      attempt: 2,
      errors: [],
    });
  });

  it('waits for an agent, who goes on with all that was said', () => {
    const dialog = new Dialog(script('<on event="wants-human" to="human"/><on event="x" to="other"/>'), {}, customer);
    dialog.answer({ a: 7 });
    const waiting = dialog.signal('wants-human');
    expect(waiting).toMatchObject({ step: { id: 'human', kind: 'escalate' }, handover: { queue: 'billing' } });
    expect(JSON.stringify(waiting)).not.toContain('Be kind');
    expect(dialog.answer({}).step?.id).toBe('human');
    const taken = dialog.resume({ channel: 'agent', by: 'anna' });
    expect(taken).toMatchObject({ step: { id: 'c' }, handover: null, channel: 'agent' });
    expect(taken.answers.map(({ value }) => value)).toEqual([7]);
    // The customer looks on, and sees no note and no agent's text.
    expect(view(dialog.state, 'web')).toMatchObject({ channel: 'web', step: { id: 'c' } });
    expect(dialog.answer({ c: 'ok' }).outcome).toBe('done');
  });

  it('hands over the step itself where the script says nothing', () => {
    const dialog = new Dialog(script('<on event="go" to="human"/><on event="x" to="other"/>'), {}, customer);
    expect(dialog.signal('wants-human')).toMatchObject({ step: { id: 'q-a' }, handover: { queue: null } });
    expect(dialog.resume({ channel: 'agent', by: 'anna' })).toMatchObject({ step: { id: 'q-a' }, handover: null });
  });

  it('switches the language in the middle', () => {
    const two = programOf(
      scriptOf(
        '<question id="a" name="a" type="text"><say>One?</say><say xml:lang="nl">Een?</say></question><question id="b" name="b" type="text"><say>Two?</say><say count="2">Really?</say><say xml:lang="nl">Twee?</say><check expr="b = \'x\'"><say>No</say><say xml:lang="nl">Nee</say></check></question><end id="e" outcome="done"/>',
      ),
    );
    const dialog = new Dialog(two, {}, customer);
    dialog.answer({ a: '1' });
    expect(words(dialog.answer({ b: 'y' }).step?.questions[0]?.text)).toBe('Really?');
    const dutch = dialog.resume({ language: 'nl' });
    expect(words(dutch.step?.questions[0]?.text)).toBe('Twee?');
    expect(dutch.step?.questions[0]?.errors).toEqual(['Nee']);
    expect(dutch.answers[0]?.label).toBe('Een?');
  });
});

describe('actions', () => {
  const undo = '<undo do="ledger.cancel"><arg name="receipt" expr="booked.receipt"/></undo>';
  const booking = (inner: string, more = '') =>
    programOf(
      scriptOf(`<question id="a" name="amount" type="text"><say>How much?</say><next to="skip" if="amount = 'none'"/></question>
        <action id="book" do="ledger.book" into="booked" ${more}><arg name="amount" expr="amount"/>${inner}<fail to="bad"/></action>
        <question id="b" name="fine" type="boolean"><say>Receipt <value of="booked.receipt"/></say></question>${end}
        <info id="skip"><say>Nothing</say></info><end id="no" outcome="none"/><end id="bad" outcome="failed"/>`),
    );
  const ledger = () => {
    const standing = new Map<string, string>();
    let receipts = 0;
    return {
      standing,
      act: ({ method, arguments: given }: { method: string; arguments: Record<string, unknown> }) => {
        if (method === 'ledger.cancel') {
          standing.delete(String(given['receipt']));
          return { ok: true, result: {} } as const;
        }
        const receipt = `R${++receipts}`;
        standing.set(receipt, String(given['amount']));
        return { ok: true, result: { receipt } } as const;
      },
    };
  };

  it('are taken back before they are done again with other arguments', () => {
    const world = ledger();
    const dialog = new Dialog(booking(undo), world);
    dialog.answer({ amount: '5' });
    dialog.back();
    dialog.answer({ amount: '5' });
    expect(dialog.calls).toHaveLength(1);
    dialog.back();
    dialog.answer({ amount: '8' });
    expect(dialog.calls.map(({ method, arguments: given }) => [method, given])).toEqual([
      ['ledger.book', { amount: '5' }],
      ['ledger.cancel', { receipt: 'R1' }],
      ['ledger.book', { amount: '8' }],
    ]);
    expect([...world.standing.values()]).toEqual(['8']);
  });

  it('are taken back when the path can no longer come by', () => {
    const world = ledger();
    const dialog = new Dialog(booking(undo), world);
    dialog.answer({ amount: '5' });
    dialog.back();
    expect(world.standing.size).toBe(1);
    expect(dialog.answer({ amount: 'none' }).step?.id).toBe('skip');
    expect(world.standing.size).toBe(0);
    dialog.back();
    dialog.answer({ amount: '5' });
    expect([...world.standing]).toEqual([['R2', '5']]);
  });

  it('take the fail way when they cannot be taken back, and are not done beside what stands', () => {
    const world = ledger();
    const dialog = new Dialog(booking(undo), {
      act: (call) => (call.kind === 'undo' ? { ok: false, code: 'X', message: 'too late' } : world.act(call)),
    });
    dialog.answer({ amount: '5' });
    dialog.back();
    expect(dialog.answer({ amount: '8' }).outcome).toBe('failed');
    expect([...world.standing.values()]).toEqual(['5']);
  });

  it('with a barrier close the way back', () => {
    const dialog = new Dialog(booking('', 'barrier="yes"'), ledger());
    expect(dialog.answer({ amount: '5' }).canGoBack).toBe(false);
    expect(dialog.back().step?.id).toBe('b');
    expect(dialog.back('a').step?.id).toBe('b');
  });

  it('of mode async are ordered once and waited for by nobody', () => {
    const async = programOf(
      scriptOf(
        `${question('a')}<action id="mail" do="ledger.book" mode="async"><arg name="amount" expr="a"/></action>${question('b')}${end}`,
      ),
    );
    const dialog = new Dialog(async);
    expect(dialog.answer({ a: '1' }).step?.id).toBe('q-b');
    dialog.back();
    expect(dialog.answer({ a: '1' }).step?.id).toBe('q-b');
    expect(dialog.calls).toHaveLength(1);
    const { seq } = dialog.view;
    const [order] = dialog.state.facts.orders.values();
    if (order === undefined) throw new Error('it was ordered');
    const { visit, input } = order;
    dialog.take([{ type: 'acted', at: order.at, visit, input, outcome: { ok: true, result: null }, kind: 'async' }]);
    // The customer's view is not stale because something was done in the background.
    expect(dialog.view.seq).toBe(seq);
  });
});

describe('types of questions', () => {
  const all = programOf(
    scriptOf(`<form id="f"><say>All</say>${question('at', 'time')}
      <question id="q-sc" name="sc" type="scale" min="0" max="10"><say>How likely?</say></question>
      ${question('home', 'address')}
      <question id="q-photo" name="photo" type="file" accept="image/*"><say>Photo</say></question>
      ${question('sign', 'signature')}
      <question id="q-who" name="who" type="reference" object="Customer" where="segment = 'household'"><say>Who?</say>
        <check expr="who.email &lt;> null"><say>No mail</say></check></question></form>
      <info id="i"><say><value of="at"/> <value of="sc"/> <value of="home.city"/> <value of="photo.name"/> <value of="sign"/> <value of="who.name"/></say></info>
      ${end}`),
  );
  const given = {
    at: '9:05',
    sc: 10,
    home: 'Kerkstraat 1, 7411 AB Deventer',
    photo: { id: 'f1', name: 'meter.jpg', type: 'image/jpeg', size: 3 },
    sign: { name: 'Ann', strokes: 'M0 0L10 10' },
    who: 'C1',
  };
  const world = (email: string | null) => ({
    find: () => [recordOf('Customer', 'C1', { customerNo: 'C1', name: 'Ann', email, segment: 'household' })],
  });

  it('are read, kept and put into texts', () => {
    const dialog = new Dialog(all, world('a@b.nl'), { channel: 'web' });
    expect(words(dialog.answer(given).step?.text)).toBe('09:05 10 Deventer meter.jpg Ann Ann');
  });

  it('put the step again where the chosen object is not there or does not do', () => {
    expect(new Dialog(all, {}).answer(given).step?.questions[5]?.errors).toEqual(['We do not find that.']);
    const refused = new Dialog(all, world(null)).answer(given);
    expect(refused.step?.questions[5]).toMatchObject({ errors: ['No mail'], value: 'C1' });
  });

  it('refuse what is not of their kind', () => {
    const wrong = new Dialog(all, {}).answer({
      at: '25:00',
      sc: 11,
      home: 'nowhere',
      photo: { ...given.photo, type: 'text/html' },
      sign: { name: 'Ann', strokes: '<script>' },
    });
    expect(wrong.step?.questions.slice(0, 5).map(({ errors }) => errors.length)).toEqual([1, 1, 1, 1, 1]);
  });

  it('of a form are put one after the other on chat, with the same answers in the end', () => {
    const form = programOf(
      scriptOf(`<form id="f"><say>Two things.</say>${question('a', 'integer')}${question('b', 'integer')}
        <check expr="a &lt; b"><say>The first is lower.</say></check></form>${end}`),
    );
    const dialog = new Dialog(form, {}, { channel: 'chat' });
    expect(dialog.view.step?.questions.map(({ name }) => name)).toEqual(['a']);
    dialog.answer({ a: 'x' });
    expect(dialog.view.step?.questions[0]?.errors).toHaveLength(1);
    dialog.answer({ a: 5 });
    expect(dialog.view.step?.questions.map(({ name }) => name)).toEqual(['b']);
    const refused = dialog.answer({ b: 4 });
    expect(refused.step).toMatchObject({ errors: ['The first is lower.'], questions: [{ name: 'a' }] });
    dialog.answer({ a: 5 });
    expect(dialog.answer({ b: 6 }).outcome).toBe('done');
    expect(dialog.view.answers.map(({ value }) => value)).toEqual([5, 6]);
  });
});
