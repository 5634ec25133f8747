import { describe, expect, it } from 'vitest';
import { Dialog, programOf, recordOf, scriptOf, words } from './dialog.test.support.js';
import { promptOf, replyOf } from './prompt.js';
import { spokenValue } from './spoken.js';

const script = programOf(
  scriptOf(`<form id="f"><say>Your <em>meter</em>.</say>
      <question id="a" name="which" type="one" required="yes"><say>Which?</say><note>Secret hint</note>
        <option value="gas"><say>Gas</say></option><option value="power"><say>Electricity</say></option></question>
      <question id="b" name="readOn" type="date"><say>When?</say></question></form>
    <question id="c" name="sure" type="boolean" required="yes"><say>You read <value of="which"/> on <value of="readOn"/>, paying
      <value of="12.5" format="money"/>?</say><next to="e" if="sure"/></question>
    <info id="i"><say>Again then.</say><next to="f"/></info>
    <end id="e" outcome="done"><say>Bye.</say></end>`),
);

/** A whole dialog as a customer types or keys it. */
function talk(channel: string, ...lines: string[]): string[] {
  const dialog = new Dialog(script, {}, { channel });
  const said = [promptOf(dialog.view)];
  for (const line of lines) {
    const reply = replyOf(dialog.view, line);
    if (reply.kind === 'back') dialog.back();
    else if (reply.kind === 'human') dialog.signal('wants-human');
    else if (reply.kind === 'answer') dialog.answer(reply.answers);
    said.push(promptOf(dialog.view));
  }
  return said;
}

describe('a view as text', () => {
  it('is a menu by digits on the telephone, with numbers and days in words', () => {
    expect(talk('voice', '2', '01032026', '1')).toEqual([
      'Your meter. Which? For Gas, press 1. For Electricity, press 2.',
      'When?',
      'You read Electricity on Sunday the first of March 2026, paying twelve euros fifty? For yes, press 1. For no, press 2.',
      'Bye.',
    ]);
  });

  it('is a numbered list in a chat, and takes words as well as numbers', () => {
    expect(talk('chat', 'GAS', '1-3-2026', 'no', 'back')).toEqual([
      'Your meter.\nWhich?\n1. Gas\n2. Electricity\nType a number or the words.',
      'When?\nType "skip" to leave it out.',
      'You read Gas on 1 March 2026, paying €12.50?\nyes / no',
      'Again then.',
      'You read Gas on 1 March 2026, paying €12.50?\nyes / no',
    ]);
  });

  it('puts a refused question again with what was wrong', () => {
    expect(talk('chat', 'water').at(-1)).toContain('Please choose one of the options.\nYour meter.\nWhich?');
  });

  it('hands over to a person who is asked for', () => {
    expect(talk('chat', 'gas', 'agent').at(-1)).toContain('you are put through to a person');
    expect(talk('voice', '0').at(-1)).toContain('you are put through to a person');
  });

  it('never tells what is for the agent', () => {
    for (const channel of ['voice', 'chat']) expect(talk(channel, '1', '').join()).not.toContain('Secret');
  });
});

it('one trace has the same path and answers on all media', () => {
  const trace = [
    { which: 'gas', readOn: '2026-03-01' },
    { sure: false },
    {},
    { which: 'power', readOn: null },
    { sure: true },
  ];
  const run = (channel: string) => {
    const dialog = new Dialog(script, {}, { channel });
    for (const answers of trace) {
      if (channel === 'chat' || channel === 'voice') {
        const entries = Object.entries(answers);
        if (entries.length < 2) dialog.answer(answers);
        else for (const [name, value] of entries) dialog.answer({ [name]: value });
      } else dialog.answer(answers);
    }
    const path = dialog.state.path.answered.map(({ visit, values }) => [visit, values]);
    return { path, outcome: dialog.view.outcome };
  };
  const agent = run('agent');
  expect(agent.outcome).toBe('done');
  for (const channel of ['web', 'chat', 'voice']) expect(run(channel)).toEqual(agent);
});

describe('a value in words', () => {
  const setting = { locale: 'en-GB', timezone: 'Europe/Amsterdam', currency: 'EUR' };
  it.each([
    ['1234', 'integer', 'en', 'one thousand two hundred and thirty-four'],
    ['3.5', 'decimal', 'nl', 'drie komma vijf'],
    ['2026-03-02', 'date', 'en', 'Monday the second of March 2026'],
    ['2026-03-02', 'date', 'nl', 'maandag 2 maart 2026'],
    [{ amount: '2.00', currency: 'GBP' }, 'money', 'en', 'two British pounds'],
    ['09:05', 'time', 'en', 'nine oh five'],
    ['09:30', 'time', 'de', 'neun Uhr dreißig'],
    ['K42', 'spell', 'en', 'K four two'],
    [null, 'date', 'en', ''],
  ] as const)('%s as %s in %s', (value, format, language, said) => {
    expect(spokenValue(value, format, language, setting)).toBe(said);
  });
});

it('a question that a line of text cannot answer asks for a person', () => {
  const file = programOf(
    scriptOf('<question id="p" name="photo" type="file"><say>Photo?</say></question><end id="e" outcome="done"/>'),
  );
  const dialog = new Dialog(file, { find: () => [recordOf('Meter', 'M', {})] }, { channel: 'chat' });
  expect(replyOf(dialog.view, 'here').kind).toBe('unsuited');
  expect(words(dialog.view.step?.questions[0]?.text)).toBe('Photo?');
});
