import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { StepUsage, View } from './contract.js';
import { answer, house, messageId } from './dialog.test.support.js';
import { administrator, agent, as, type House, supervisor, visitor } from './house.test.support.js';

const minute = 60_000;

/** A round over items, a jump back, a script that is called, and a step that only the second version has. */
const script = (
  version: string,
  more = '',
) => `<script id="survey" version="${version}" xml:lang="en" channels="agent web">
  <on event="skip" to="last"/>
  <section id="s">
    <question id="first" name="amount" type="integer" required="yes"><say>How much?</say>
      <check expr="amount &lt; 5"><say>Too much.</say></check></question>
    <loop id="each" over="['x', 'y']" as="item">
      <question id="item" name="likes" type="boolean" required="yes"><say><value of="item"/>?</say>
        <next if="amount = 3" to="last"/></question>
    </loop>${more}
    <call id="inner" script="detail"/>
    <question id="last" name="again" type="boolean" required="yes"><say>Again?</say><next if="again" to="first"/></question>
    <end id="done" outcome="done"/>
  </section></script>`;
const detail = `<script id="detail" version="7" xml:lang="en" channels="none"><section id="s">
  <info id="why"><say>Why?</say></info><end id="back" outcome="told"/></section></script>`;
const added = '<info id="added"><say>New.</say></info>';

/** What the funnel should say, kept by watching views alone. */
class Watch {
  readonly #steps = new Map<string, Omit<StepUsage, 'duration'> & { times: number[] }>();

  of(version: string, step: string) {
    const key = `${version} ${step}`;
    const made = this.#steps.get(key) ?? {
      step,
      visits: 0,
      answered: 0,
      back: 0,
      otherwise: 0,
      dropped: 0,
      waiting: 0,
      refusals: 0,
      corrections: 0,
      times: [],
    };
    this.#steps.set(key, made);
    return made;
  }

  list(version: string) {
    return [...this.#steps]
      .filter(([key]) => key.startsWith(`${version} `))
      .map(([, { times, ...step }]) => {
        const sum = times.reduce((total, time) => total + time, 0);
        return { ...step, duration: times.length === 0 ? null : Math.round(sum / times.length) };
      })
      .sort(byStep);
  }
}

const byStep = (a: { step: string }, b: { step: string }) => (a.step < b.step ? -1 : 1);

const Move = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('answer' as const), value: fc.nat(6) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('back', 'skip', 'pause', 'migrate', 'view'), value: fc.constant(0) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('hang-up'), value: fc.constant(0) }) },
);

it('the use of a script is right across loops, jumps, called scripts and versions, and never negative', {
  timeout: 60_000,
}, async () => {
  const at = await house(undefined, { 'scripts/survey.xml': script('1'), 'scripts/detail.xml': detail });
  const watch = new Watch();
  let runs = 0;
  const play = async (moves: { kind: string; value: number }[]): Promise<void> => {
    at.save({ 'scripts/survey.xml': script('1'), 'scripts/detail.xml': detail });
    let view: View = await as(agent, () => at.scripts.start({ script: 'survey', channel: 'agent' }));
    at.save({ 'scripts/survey.xml': script('2', added), 'scripts/detail.xml': detail });
    let version = '1';
    let since = at.clock.now();
    const answers = new Map<string, string>();
    const put = () => {
      since = at.clock.now();
      if (view.step !== null) watch.of(view.step.id === 'why' ? '7' : version, view.step.id).visits += 1;
    };
    put();
    for (const { kind, value } of moves) {
      if (view.step === null) break;
      await at.clock.advance(minute);
      const here = watch.of(view.step.id === 'why' ? '7' : version, view.step.id);
      const before = view;
      const to = { session: view.session, seq: view.seq, messageId: messageId() };
      if (kind === 'answer') {
        const given = Object.fromEntries(
          view.step.questions.map(({ name, type }) => [name, type === 'boolean' ? value % 2 === 0 : value]),
        );
        view = await as(agent, () => answer(at, before, given));
        if (view.step?.questions.some(({ errors }) => errors.length > 0)) here.refusals += 1;
        else {
          const visit = view.answers.findLast(({ step }) => step === before.step?.id)?.visit ?? '';
          const earlier = answers.get(visit);
          if (earlier !== undefined && earlier !== JSON.stringify(given)) here.corrections += 1;
          answers.set(visit, JSON.stringify(given));
          here.answered += 1;
          here.times.push(at.clock.now() - since);
          put();
        }
      } else if (kind === 'back' && view.canGoBack) {
        view = await as(agent, () => at.scripts.back(to));
        here.back += 1;
        here.times.push(at.clock.now() - since);
        put();
      } else if (kind === 'skip' || kind === 'hang-up') {
        view = await as(agent, () => at.scripts.signal({ ...to, event: kind }));
        here[kind === 'skip' ? 'otherwise' : 'dropped'] += 1;
        here.times.push(at.clock.now() - since);
        put();
      } else if (kind === 'pause') {
        await as(agent, () => at.scripts.pause(to));
        await at.clock.advance(10 * minute);
        since += 10 * minute;
        view = await as(agent, () => at.scripts.resume({ session: view.session, messageId: messageId() }));
      } else if (kind === 'migrate' && version === '1') {
        ({ view } = await as(agent, () => at.scripts.migrate({ ...to, dryRun: false })));
        version = '2';
        here.otherwise += 1;
        here.times.push(at.clock.now() - since);
        put();
      }
    }
    if (view.step !== null) watch.of(view.step.id === 'why' ? '7' : version, view.step.id).waiting += 1;
    await check(at, watch, ++runs);
  };
  await fc.assert(fc.asyncProperty(fc.array(Move, { maxLength: 14 }), play), { numRuns: 12, endOnFailure: true });
});

async function check(at: House, watch: Watch, runs: number): Promise<void> {
  const usage = await as(supervisor, () => at.scripts.usage({ script: 'survey' }));
  const inner = await as(supervisor, () => at.scripts.usage({ script: 'detail' }));
  let sessions = 0;
  for (const version of [...usage.versions, ...inner.versions]) {
    expect(version.steps.toSorted(byStep)).toEqual(watch.list(version.version));
    for (const step of version.steps) {
      const { visits, answered, back, otherwise, dropped, waiting } = step;
      expect(answered + back + otherwise + dropped + waiting).toBe(visits);
      for (const figure of Object.values(step))
        if (typeof figure === 'number') expect(figure).toBeGreaterThanOrEqual(0);
    }
    const ended = version.outcomes.reduce((sum, outcome) => sum + outcome.sessions, 0);
    expect(ended + version.dropped + version.waiting).toBe(version.sessions);
    sessions += version.sessions;
  }
  expect(sessions).toBe(runs);
}

it('silence for a day is drop-off at the step it stands at; rights, versions, channels and times narrow what is seen', async () => {
  const at = await house(undefined, { 'scripts/survey.xml': script('1'), 'scripts/detail.xml': detail });
  const view = await as(visitor, () => at.scripts.start({ script: 'survey', channel: 'web' }));
  await as(visitor, () => answer(at, view, { amount: 9 }));
  const first = async (asked: Partial<Parameters<House['scripts']['usage']>[0]> = {}) => {
    const { versions } = await as(administrator, () => at.scripts.usage({ script: 'survey', ...asked }));
    return versions[0]?.steps[0];
  };
  expect(await first()).toMatchObject({ step: 'first', visits: 1, waiting: 1, dropped: 0, refusals: 1 });
  await at.clock.advance(25 * 60 * minute);
  expect(await first()).toMatchObject({ visits: 1, waiting: 0, dropped: 1, duration: null });
  expect(await first({ silence: 48 })).toMatchObject({ waiting: 1 });
  expect(await first({ channel: 'agent' })).toBeUndefined();
  expect(await first({ version: '2' })).toBeUndefined();
  expect(await first({ until: '2026-03-02T09:00:00.000Z' })).toBeUndefined();
  expect(await first({ from: '2026-03-02T09:00:00.000Z', until: '2026-03-03T09:00:00.000Z' })).toMatchObject({
    visits: 1,
  });
  await expect(as(agent, () => at.scripts.usage({ script: 'survey' }))).rejects.toMatchObject({
    code: 'ACCESS_DENIED',
  });
});
