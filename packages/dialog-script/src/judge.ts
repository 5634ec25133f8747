import { readAnswer } from './answer.js';
import { phrasesOf } from './phrases.js';
import type { Check, Question, WaitingStep } from './program.js';
import type { Scope } from './scope.js';
import type { FrozenRecord } from './session-event.js';
import { type Audience, offeredOptions, plainText, showText } from './text.js';

/** What was found of the answers to one step. */
export interface Judgement {
  /** Values as they are kept, by question name; null where left empty. A reference is kept by its key. */
  values: Record<string, unknown>;
  /** By question name. */
  errors: Record<string, string[]>;
  warnings: Record<string, string[]>;
  /** Of the step as a whole. */
  stepErrors: string[];
  stepWarnings: string[];
}

/** The object a reference names; null where there is none, undefined where nobody looked yet. */
export type Find = (question: Question, key: string) => FrozenRecord | null | undefined;

export function isRefused({ errors, stepErrors }: Judgement): boolean {
  if (stepErrors.length > 0) return true;
  for (const _ in errors) return true;
  return false;
}

/** All warnings of a judgement in one list, to see whether they were given before. */
export function warningsOf({ warnings, stepWarnings }: Judgement): string[] {
  return [
    ...Object.entries(warnings).flatMap(([name, list]) => list.map((text) => `${name}:${text}`)),
    ...stepWarnings,
  ];
}

/** The questions of a step that are put, as far as is known before it. */
export function askedQuestions(step: Pick<WaitingStep, 'questions'>, scope: Scope): readonly Question[] {
  if (step.questions.every(({ condition }) => condition === undefined)) return step.questions;
  return step.questions.filter(({ condition }) => scope.holds(condition));
}

/**
 * Holds answers against what the step asks: type, options, required, checks. The scope is left with the answers set, the
 * questions not put being null.
 */
export function judge(
  step: Pick<WaitingStep, 'questions' | 'checks'>,
  given: Readonly<Record<string, unknown>>,
  scope: Scope,
  audience: Audience,
  attempt = 1,
  find: Find = () => undefined,
): Judgement {
  const phrases = phrasesOf(audience.language);
  const judgement: Judgement = { values: {}, errors: {}, warnings: {}, stepErrors: [], stepWarnings: [] };
  const asked = askedQuestions(step, scope);
  const usable: Question[] = [];
  const shown: Record<string, unknown> = {};

  for (const question of asked) {
    const choice = question.type === 'one' || question.type === 'many';
    const options = choice ? offeredOptions(question, audience, scope).map(({ value }) => value) : [];
    const raw = Object.hasOwn(given, question.name) ? given[question.name] : undefined;
    const read = readAnswer(question, raw, options, audience.setting.currency);
    const value = read.kind === 'value' ? read.value : null;
    judgement.values[question.name] = value;
    shown[question.name] = value;
    if (read.kind === 'wrong') judgement.errors[question.name] = [phrases[read.why]];
    else if (read.kind === 'empty') {
      if (question.required) judgement.errors[question.name] = [phrases.required];
    } else if (question.type === 'reference') {
      const found = find(question, String(value));
      shown[question.name] = found ?? null;
      if (found === null) judgement.errors[question.name] = [phrases.reference];
      else if (found !== undefined) usable.push(question);
    } else usable.push(question);
  }
  for (const name of Object.keys(given)) {
    if (!asked.some((question) => question.name === name)) judgement.stepErrors.push(`${phrases.unknown} ${name}`);
  }
  for (const { name } of step.questions) scope.set(name, shown[name] ?? null);

  for (const question of usable) {
    for (const check of question.checks) {
      const text = failing(check, scope, audience, attempt);
      if (text === undefined) continue;
      const list = check.level === 'warn' ? judgement.warnings : judgement.errors;
      list[question.name] = [...(list[question.name] ?? []), text];
    }
  }
  // What spans several questions is looked at once each of them is right by itself.
  if (step.checks.length > 0 && !isRefused(judgement)) {
    for (const check of step.checks) {
      const text = failing(check, scope, audience, attempt);
      if (text !== undefined) (check.level === 'warn' ? judgement.stepWarnings : judgement.stepErrors).push(text);
    }
  }
  return judgement;
}

/** What is said when the check does not hold. A check that cannot be decided (a null in it) does not hold. */
function failing(check: Check, scope: Scope, audience: Audience, attempt: number): string | undefined {
  return scope.holds(check.expression) ? undefined : plainText(showText(check.says, audience, scope, attempt));
}
