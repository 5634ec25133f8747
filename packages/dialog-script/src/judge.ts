import { readAnswer } from './answer.js';
import { phrasesOf } from './phrases.js';
import type { Check, Question, WaitingStep } from './program.js';
import type { Scope } from './scope.js';
import { type Audience, offeredOptions, plainText, showText } from './text.js';

/** What was found of the answers to one step. */
export interface Judgement {
  /** Values in the form of expressions, by question name; null where left empty. */
  values: Record<string, unknown>;
  /** By question name. */
  errors: Record<string, string[]>;
  warnings: Record<string, string[]>;
  /** Of the step as a whole. */
  stepErrors: string[];
  stepWarnings: string[];
}

export function isRefused({ errors, stepErrors }: Judgement): boolean {
  return stepErrors.length > 0 || Object.keys(errors).length > 0;
}

/** All warnings of a judgement in one list, to see whether they were given before. */
export function warningsOf({ warnings, stepWarnings }: Judgement): string[] {
  return [
    ...Object.entries(warnings).flatMap(([name, list]) => list.map((text) => `${name}:${text}`)),
    ...stepWarnings,
  ];
}

/** The questions of a step that are put, as far as is known before it. */
export function askedQuestions(step: WaitingStep, scope: Scope): Question[] {
  return step.questions.filter(({ condition }) => scope.holds(condition));
}

/**
 * Holds answers against what the step asks: type, options, required, checks. The scope is left with the answers set, the
 * questions not put being null.
 */
export function judge(
  step: WaitingStep,
  given: Readonly<Record<string, unknown>>,
  scope: Scope,
  audience: Audience,
  attempt = 1,
): Judgement {
  const phrases = phrasesOf(audience.language);
  const judgement: Judgement = { values: {}, errors: {}, warnings: {}, stepErrors: [], stepWarnings: [] };
  const asked = askedQuestions(step, scope);
  const usable = new Set<string>();

  for (const question of asked) {
    const choice = question.type === 'one' || question.type === 'many';
    const options = choice ? offeredOptions(question, audience, scope).map(({ value }) => value) : [];
    const raw = Object.hasOwn(given, question.name) ? given[question.name] : undefined;
    const read = readAnswer(question.type, raw, options, audience.setting.currency);
    judgement.values[question.name] = read.kind === 'value' ? read.value : null;
    if (read.kind === 'value') usable.add(question.name);
    else if (read.kind === 'wrong') judgement.errors[question.name] = [phrases[read.why]];
    else if (question.required) judgement.errors[question.name] = [phrases.required];
  }
  for (const name of Object.keys(given)) {
    if (!asked.some((question) => question.name === name)) judgement.stepErrors.push(`${phrases.unknown} ${name}`);
  }
  for (const question of step.questions) scope.set(question.name, judgement.values[question.name] ?? null);

  for (const question of asked) {
    if (!usable.has(question.name)) continue;
    for (const check of question.checks) {
      const text = failing(check, scope, audience, attempt);
      if (text === undefined) continue;
      const list = check.level === 'warn' ? judgement.warnings : judgement.errors;
      list[question.name] = [...(list[question.name] ?? []), text];
    }
  }
  // What spans several questions is looked at once each of them is right by itself.
  if (!isRefused(judgement)) {
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
