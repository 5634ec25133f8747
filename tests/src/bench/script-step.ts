import { compileScript, decideAnswer, read, replay, type SessionEvent, view } from '@caruso/dialog-script';
import { type Figure, figure, rates } from './figure.js';

const questions = 20;
const setting = { locale: 'en-GB', timezone: 'Europe/Amsterdam', currency: 'EUR' };
const at = '2026-01-05T09:00:00.000Z';

/** Steps a second of a script of 20 questions with a branch, against a hand-written function that asks the same. */
export function scriptStep(): Figure[] {
  const { program, faults } = compileScript(read(source(), 'bench.xml'), {
    schema: { objects: {} },
    methods: [],
  });
  if (program === undefined) throw new Error(JSON.stringify(faults));
  const begin: SessionEvent = {
    type: 'started',
    at,
    channel: 'agent',
    language: 'en',
    params: {},
    starter: 'bench',
    interaction: null,
  };

  const run = () => {
    const path: string[] = [];
    let state = replay(program, 'bench', [begin], setting);
    for (;;) {
      const shown = view(state);
      if (shown.step === null) return path;
      path.push(shown.step.id);
      const [event] = decideAnswer(state, answerTo(shown.step.id), { message: `m${state.seq}`, at });
      if (event === undefined) throw new Error(`nothing waits at ${shown.step.id}`);
      state = state.advance(event);
    }
  };
  const ours = run();
  const theirs = handWritten();
  if (ours.join() !== theirs.join())
    throw new Error(`the two ways ask different things: ${ours.join()} and ${theirs.join()}`);
  const measured = rates(
    () => void run(),
    () => void handWritten(),
    300,
    5,
  );
  return [
    figure({
      name: 'script-step',
      ours: measured.ours * ours.length,
      against: { 'a hand-written function': measured.reference * ours.length },
      unit: '1/s',
      what: `steps a second over a script of ${questions} questions, each step judging the answer, walking on and making the view (the function keeps its place, knows no way back and no view)`,
    }),
  ];
}

function answerTo(step: string): Record<string, unknown> {
  const number = Number(step.slice(1));
  return { [`a${number}`]: number % 3 === 0 ? number : number * 2 };
}

function handWritten(): string[] {
  const path: string[] = [];
  const answers: Record<string, unknown> = {};
  for (let step = 1; step <= questions; ) {
    path.push(`q${step}`);
    const given = answerTo(`q${step}`)[`a${step}`];
    if (typeof given !== 'number' || !Number.isInteger(given)) throw new Error('not a whole number');
    answers[`a${step}`] = given;
    step = step % 5 === 0 && given > step ? step + 2 : step + 1;
  }
  return path;
}

function source(): string {
  const steps = Array.from({ length: questions }, (_, index) => {
    const step = index + 1;
    const jump = step % 5 === 0 && step + 2 <= questions ? `<next if="a${step} &gt; ${step}" to="q${step + 2}"/>` : '';
    return `    <question id="q${step}" name="a${step}" type="integer" required="yes"><say>Question ${step}?</say>${jump}</question>`;
  });
  return `<?xml version="1.0"?>
<!DOCTYPE script SYSTEM "dialog-script.dtd">
<script id="bench" version="1" xml:lang="en" channels="agent">
  <section id="all">
${steps.join('\n')}
    <end id="done" outcome="done"/>
  </section>
</script>
`;
}
