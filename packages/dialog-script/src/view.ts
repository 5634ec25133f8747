import { asksInTurn, filling } from './filling.js';
import { remainingQuestions } from './graph.js';
import { askedQuestions, isRefused, type Judgement } from './judge.js';
import type { Answered, Path, Present } from './path.js';
import { baseOf, phrasesOf } from './phrases.js';
import { outermost } from './place.js';
import type { Program, Question, Wording } from './program.js';
import type { Scope } from './scope.js';
import { judgeAt } from './session.js';
import type { SessionState } from './state.js';
import { type Audience, isFixed, mask, offeredOptions, plainText, showAnswer, showText, showWording } from './text.js';
import type { QuestionView, TextRun, View } from './view-type.js';

/**
 * What a channel shows of a session; without one, of whoever goes on with it. Pure: the same session gives the same view.
 *
 * @example
 * view(state, 'voice', 'nl').step?.text
 */
export function view(state: SessionState, channel?: string, language?: string): View {
  const { program, facts, path, setting } = state;
  const audience: Audience = {
    channel: channel ?? facts.turn.channel,
    language: language ?? facts.turn.language,
    setting,
  };
  const { present, end } = path;
  const place = present?.place ?? path.place;
  const here = present?.step ?? end;
  const section = here === undefined ? undefined : place.program.sections[here.section];
  const title = plainText(showText(program.titles, audience, place.scope));
  return {
    session: state.id,
    seq: facts.seq,
    script: program.id,
    title: title === '' ? program.id : title,
    section:
      section === undefined || section.titles.length === 0
        ? null
        : plainText(showText(section.titles, audience, place.scope)),
    channel: audience.channel,
    language: audience.language,
    step: present === undefined ? null : stepView(state, present, audience),
    answers: answersOf(path, audience),
    canGoBack: end === undefined && path.answered.length > path.barrier,
    progress: progressOf(program, path),
    handover: handoverOf(state),
    paused: facts.paused && end === undefined,
    outcome: end?.outcome ?? null,
    messages: messagesOf(path, audience),
  };
}

function handoverOf({ facts, path }: SessionState): View['handover'] {
  const { present } = path;
  if (present === undefined) return null;
  if (present.step.kind === 'escalate') return { queue: present.step.queue ?? null };
  return facts.handover === present.visit ? { queue: null } : null;
}

function stepView(state: SessionState, present: Present, audience: Audience): NonNullable<View['step']> {
  const { facts } = state;
  const { step, visit, attempt, place } = present;
  const { scope } = place;
  const turn = asksInTurn(audience.channel) ? filling(state, present) : undefined;
  const asked = turn === undefined ? askedQuestions(step, scope) : [turn.question];
  // Texts are made before refused answers are looked at: they tell what is known, not what was mistyped.
  const single = step.kind === 'question' ? asked[0] : undefined;
  const says = single?.says ?? (turn === undefined || turn.first ? step.says : []);
  const notes =
    step.kind === 'form'
      ? step.notes.concat(asked.flatMap((question) => question.notes))
      : (single?.notes ?? step.notes);
  const shownNotes = audience.channel === 'agent' ? notesOf(notes, audience, scope) : [];
  const kept = facts.left.get(visit);
  const given = kept?.kind === 'answered' ? kept.answers : undefined;
  const refused = facts.refused?.visit === visit && facts.refused.signal === undefined ? facts.refused : undefined;
  const judged = judgementOf(state, present, refused, audience);
  const timeout = single?.timeout ?? step.timeout;
  return {
    id: step.id,
    kind: step.kind,
    text: showText(says, audience, scope, attempt),
    ...(shownNotes.length === 0 ? {} : { notes: shownNotes }),
    questions: asked.map((question) =>
      questionView(question, { audience, scope, attempt, judged, given: refused?.answers ?? given }),
    ),
    errors: judged === undefined ? [] : [...judged.stepErrors, ...judged.stepWarnings],
    ...(timeout === undefined ? {} : { timeout }),
    attempt,
  };
}

/** What was wrong with the answers last refused, or with those given before that do not fit any more. */
function judgementOf(
  state: SessionState,
  present: Present,
  refused: { at: string; answers: Record<string, unknown> } | undefined,
  audience: Audience,
): Judgement | undefined {
  const { facts } = state;
  const kept = facts.left.get(present.visit);
  const looked = refused ?? (present.unfit && kept?.kind === 'answered' ? kept : undefined);
  if (looked === undefined) return undefined;
  const turn = asksInTurn(audience.channel) ? filling(state, present) : undefined;
  const names = Object.keys(looked.answers);
  const alone = turn !== undefined && names.every((name) => name === turn.name);
  const step = alone ? { questions: [turn.question], checks: [] } : present.step;
  const judged = judgeAt(state, present, step, looked.answers, looked.at, audience);
  return refused === undefined && !isRefused(judged) ? undefined : judged;
}

function questionView(
  question: Question,
  {
    audience,
    scope,
    attempt,
    judged,
    given,
  }: {
    audience: Audience;
    scope: Scope;
    attempt: number;
    judged: Judgement | undefined;
    given: Record<string, unknown> | undefined;
  },
): QuestionView {
  const { name, type, required, reference } = question;
  const preset = question.default === undefined ? null : scope.evaluate(question.default);
  return {
    name,
    type,
    required,
    text: showText(question.says, audience, scope, attempt),
    options: offeredOptions(question, audience, scope),
    ...(type === 'scale' ? { min: question.min, max: question.max } : {}),
    ...(type === 'file' ? { accept: [...question.accept] } : {}),
    ...(reference === undefined ? {} : { object: reference.record.object }),
    value: valueShown(question, given, preset),
    errors: judged?.errors[name] ?? [],
    warnings: judged?.warnings[name] ?? [],
  };
}

function valueShown(question: Question, given: Record<string, unknown> | undefined, preset: unknown): unknown {
  if (question.sensitive) return null;
  if (given !== undefined && Object.hasOwn(given, question.name)) return given[question.name] ?? null;
  return preset;
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
  const key = `${audience.channel} ${audience.language}`;
  const list: View['answers'] = [];
  let repeated = false;
  for (const entry of path.answered) {
    repeated ||= entry.count > 1;
    list.push(...rowsOf(entry, audience, key));
  }
  if (!repeated) return list;
  // Asked again on the same path, the last answer is the one that counts.
  const latest = new Map<string, View['answers'][number]>();
  for (const row of list) {
    const id = `${row.visit.slice(0, row.visit.lastIndexOf('/') + 1)}${row.name}`;
    latest.delete(id);
    latest.set(id, row);
  }
  return [...latest.values()];
}

function rowsOf(entry: Answered, audience: Audience, key: string): View['answers'] {
  if (entry.rows?.audience === key) return entry.rows.list;
  const { step, values, visit } = entry;
  const { scope } = entry.place;
  const list: View['answers'] = [];
  let fixed = true;
  for (const question of step.questions) {
    if (!Object.hasOwn(values, question.name)) continue;
    fixed &&= isFixed(question.says) && question.optionsFrom === undefined && question.reference === undefined;
    fixed &&= question.options.every(({ says, condition }) => condition === undefined && isFixed(says));
    const value = values[question.name] ?? null;
    const shown = question.reference === undefined ? value : scope.get(question.name);
    list.push({
      step: step.id,
      visit,
      name: question.name,
      label: plainText(showText(question.says, audience, scope)),
      value: question.sensitive ? null : value,
      display: value === null ? '' : question.sensitive ? mask : showAnswer(question, shown, audience, scope),
    });
  }
  if (fixed) entry.rows = { audience: key, list };
  return list;
}

function messagesOf(path: Path, audience: Audience): TextRun[][] {
  const messages = path.messages.map(({ wordings, error, scope }): TextRun[] => {
    const text = showText(wordings, audience, scope);
    const said: TextRun[] = text.length > 0 ? text : [{ kind: 'plain', text: phrasesOf(audience.language).failed }];
    // The cause is for those who can do something about it.
    if (error === undefined || audience.channel !== 'agent') return said;
    return [...said, { kind: 'break', text: '\n' }, { kind: 'value', text: error }];
  });
  const last = path.end === undefined ? [] : showText(path.end.says, audience, path.place.scope);
  return last.length === 0 ? messages : [...messages, last];
}

function progressOf(program: Program, path: Path): number {
  if (path.end !== undefined) return 1;
  if (path.present === undefined) return 0;
  const done = path.answered.length;
  const at = outermost(path.present.place, path.present.index).index;
  const remaining = remainingQuestions(program.steps)[at] ?? 1;
  return Math.round((done / (done + Math.max(remaining, 1))) * 100) / 100;
}
