import type { Facts } from './facts.js';
import type { Setting } from './format-value.js';
import { remainingQuestions } from './graph.js';
import { askedQuestions, type Judgement, judge } from './judge.js';
import type { Path } from './path.js';
import { baseOf, phrasesOf } from './phrases.js';
import type { Program, Question, Wording } from './program.js';
import type { Scope } from './scope.js';
import { type Audience, mask, offeredOptions, plainText, showAnswer, showText, showWording } from './text.js';
import type { QuestionView, TextRun, View } from './view-type.js';

/** A session as far as a view needs it. */
export interface SessionState {
  id: string;
  seq: number;
  program: Program;
  facts: Facts;
  path: Path;
}

/** What a channel shows of a session. Pure: the same session gives the same view. */
export function viewOf(state: SessionState, channel: string, language: string, setting: Setting): View {
  const { program, facts } = state;
  const path: Path = { ...state.path, scope: state.path.scope.fork() };
  const audience: Audience = { channel, language, setting };
  const { present, scope } = path;
  const here = present ?? (path.end === undefined ? undefined : { index: program.steps.indexOf(path.end) });
  const section = here === undefined ? undefined : program.sections[program.steps[here.index]?.section ?? 0];
  const title = plainText(showText(program.titles, audience, scope));
  return {
    session: state.id,
    seq: state.seq,
    script: program.id,
    title: title === '' ? program.id : title,
    section:
      section === undefined || section.titles.length === 0
        ? null
        : plainText(showText(section.titles, audience, scope)),
    channel,
    language,
    // The last thing made: putting the step judges refused answers, which the scope then holds.
    answers: answersOf(path, audience),
    messages: messagesOf(path, audience),
    canGoBack: path.end === undefined && path.answered.length > 0,
    progress: progressOf(program, path),
    outcome: path.end?.outcome ?? null,
    step: stepView(facts, path, audience),
  };
}

function stepView(facts: Facts, path: Path, audience: Audience): View['step'] {
  const { present, scope } = path;
  if (present === undefined) return null;
  const { step, visit, attempt } = present;
  const asked = askedQuestions(step, scope);
  // Texts are made before refused answers are looked at: they tell what is known, not what was mistyped.
  const single = step.kind === 'question' ? asked[0] : undefined;
  const text = showText(single?.says ?? step.says, audience, scope, attempt);
  const notes = (single?.notes ?? step.notes).concat(
    step.kind === 'form' ? asked.flatMap((question) => question.notes) : [],
  );
  const shown = asked.map((question) => ({
    question,
    text: showText(question.says, audience, scope, attempt),
    options: offeredOptions(question, audience, scope),
    preset: question.default === undefined ? null : scope.evaluate(question.default),
  }));
  const shownNotes = audience.channel === 'agent' ? notesOf(notes, audience, scope) : undefined;
  const kept = facts.answers.get(visit)?.answers;
  const refused = facts.refused?.visit === visit ? facts.refused : undefined;
  const judgement = refused === undefined ? undefined : judgeAgain(refused, path, audience);
  return {
    id: step.id,
    kind: step.kind,
    text,
    ...(shownNotes === undefined || shownNotes.length === 0 ? {} : { notes: shownNotes }),
    questions: shown.map(({ question, preset, ...rest }): QuestionView => {
      const given = refused?.answers ?? kept;
      return {
        name: question.name,
        type: question.type,
        required: question.required,
        ...rest,
        value: valueShown(question, given, preset),
        errors: judgement?.errors[question.name] ?? [],
        warnings: judgement?.warnings[question.name] ?? [],
      };
    }),
    errors: judgement === undefined ? [] : [...judgement.stepErrors, ...judgement.stepWarnings],
  };
}

function valueShown(question: Question, given: Record<string, unknown> | undefined, preset: unknown): unknown {
  if (question.sensitive) return null;
  if (given !== undefined && Object.hasOwn(given, question.name)) return given[question.name] ?? null;
  return preset;
}

function judgeAgain(refused: NonNullable<Facts['refused']>, path: Path, audience: Audience): Judgement | undefined {
  if (path.present === undefined) return undefined;
  path.scope.at = refused.at;
  return judge(path.present.step, refused.answers, path.scope, audience, path.present.attempt);
}

function notesOf(notes: readonly Wording[], audience: Audience, scope: Scope): TextRun[][] {
  const fitting = notes.filter(({ condition }) => scope.holds(condition));
  const inLanguage = fitting.filter(({ language }) => baseOf(language) === baseOf(audience.language));
  // Better a note in the script's language than none.
  const chosen =
    inLanguage.length > 0 ? inLanguage : fitting.filter(({ language }) => language === scope.program.language);
  return chosen.map((note) => showWording(note, audience, scope));
}

function answersOf(path: Path, audience: Audience): View['answers'] {
  const latest = new Map<string, View['answers'][number]>();
  for (const { step, values } of path.answered) {
    for (const question of step.questions) {
      if (!Object.hasOwn(values, question.name)) continue;
      const value = values[question.name] ?? null;
      const display = question.sensitive ? mask : showAnswer(question, value, audience, path.scope);
      // Asked again on the same path, the last answer is the one that counts.
      latest.delete(question.name);
      latest.set(question.name, {
        step: step.id,
        name: question.name,
        label: plainText(showText(question.says, audience, path.scope)),
        value: question.sensitive ? null : value,
        display: value === null ? '' : display,
      });
    }
  }
  return [...latest.values()];
}

function messagesOf(path: Path, audience: Audience): TextRun[][] {
  const messages = path.messages.map(({ wordings, error }): TextRun[] => {
    const text = showText(wordings, audience, path.scope);
    const said: TextRun[] = text.length > 0 ? text : [{ kind: 'plain', text: phrasesOf(audience.language).failed }];
    // The cause is for those who can do something about it.
    if (error === undefined || audience.channel !== 'agent') return said;
    return [...said, { kind: 'break', text: '\n' }, { kind: 'value', text: error }];
  });
  const last = path.end === undefined ? [] : showText(path.end.says, audience, path.scope);
  return last.length === 0 ? messages : [...messages, last];
}

function progressOf(program: Program, path: Path): number {
  if (path.end !== undefined) return 1;
  if (path.present === undefined) return 0;
  const done = path.answered.length;
  const remaining = remainingQuestions(program.steps)[path.present.index] ?? 1;
  return Math.round((done / (done + Math.max(remaining, 1))) * 100) / 100;
}
