import type { Expression } from '@caruso/expressions';
import { formatValue, type Setting } from './format-value.js';
import { baseOf } from './phrases.js';
import type { Format, Program, Question, Wording } from './program.js';
import type { Scope } from './scope.js';
import { spokenValue } from './spoken.js';
import type { TextRun } from './view-type.js';

/** For whom a text is made. */
export interface Audience {
  channel: string;
  language: string;
  setting: Setting;
}

/** Stands for what may not be shown. */
export const mask = '••••••';

/** The wording that fits best: language before condition before attempt before channel before the order in the file. */
function chooseWording(
  wordings: readonly Wording[],
  audience: Audience,
  scope: Scope,
  attempt: number,
): Wording | undefined {
  let best: Wording | undefined;
  let bestRank = -1;
  for (const wording of wordings) {
    if (wording.channels.length > 0 && !wording.channels.includes(audience.channel)) continue;
    if (wording.count > attempt || !scope.holds(wording.condition)) continue;
    const rank =
      languageRank(wording.language, audience.language, scope.program.language) * 10_000 +
      (wording.condition === undefined ? 0 : 1000) +
      (wording.count > 1 ? wording.count * 10 : 0) +
      (wording.channels.length > 0 ? 1 : 0);
    if (rank > bestRank) {
      best = wording;
      bestRank = rank;
    }
  }
  return best;
}

/** The very language, the same without region, the script's own, any. */
function languageRank(has: string, wanted: string, own: string): number {
  if (has.toLowerCase() === wanted.toLowerCase()) return 3;
  if (baseOf(has) === baseOf(wanted)) return 2;
  return has === own ? 1 : 0;
}

/** Shows the best wording of a text. Values become runs of their own and are never read as markup. */
export function showText(wordings: readonly Wording[], audience: Audience, scope: Scope, attempt = 1): TextRun[] {
  const wording = chooseWording(wordings, audience, scope, attempt);
  return wording === undefined ? [] : showWording(wording, audience, scope);
}

export function showWording(wording: Wording, audience: Audience, scope: Scope): TextRun[] {
  return wording.pieces.map((piece): TextRun => {
    if (piece.kind === 'break') return { kind: 'break', text: '\n' };
    if (piece.kind !== 'value') return { kind: piece.kind, text: piece.text };
    if (isSensitive(scope.program, piece.expression)) return { kind: 'value', text: mask };
    const value = scope.evaluate(piece.expression);
    const question = piece.question === undefined ? undefined : scope.program.questions.get(piece.question);
    const text =
      question === undefined
        ? written(value, piece.format, audience)
        : showAnswer(question, value, audience, scope, piece.format);
    return { kind: 'value', text };
  });
}

/** A value as the channel gives it: in words on the telephone. */
function written(value: unknown, format: Format, { channel, language, setting }: Audience): string {
  return (channel === 'voice' ? spokenValue : formatValue)(value, format, language, setting);
}

export function plainText(runs: readonly TextRun[]): string {
  return runs.map(({ text }) => text).join('');
}

/** Whether a text is the same whatever is known: no values, no conditions. */
export function isFixed(wordings: readonly Wording[]): boolean {
  let fixed = fixedTexts.get(wordings);
  if (fixed === undefined) {
    fixed = wordings.every(
      ({ condition, pieces }) => condition === undefined && pieces.every(({ kind }) => kind !== 'value'),
    );
    fixedTexts.set(wordings, fixed);
  }
  return fixed;
}

const fixedTexts = new WeakMap<readonly Wording[], boolean>();

/** An answer as people read it: a choice by the words of its option. */
export function showAnswer(
  question: Question,
  value: unknown,
  audience: Audience,
  scope: Scope,
  format: Format = answerFormat(question),
): string {
  if (question.type !== 'one' && question.type !== 'many') {
    return written(value, format, audience);
  }
  const chosen = Array.isArray(value) ? value : value === null || value === undefined ? [] : [value];
  const offered = offeredOptions(question, audience, scope);
  return chosen
    .map((one) =>
      plainText(offered.find((option) => option.value === one)?.text ?? [{ kind: 'value', text: String(one) }]),
    )
    .join(', ');
}

function answerFormat(question: Question): Format {
  switch (question.type) {
    case 'integer':
    case 'decimal':
    case 'money':
    case 'date':
      return question.type;
    default:
      return 'text';
  }
}

/** The options a question has here and now. */
export function offeredOptions(
  question: Question,
  audience: Audience,
  scope: Scope,
): { value: string; text: TextRun[] }[] {
  const fixed = question.options
    .filter(({ condition }) => scope.holds(condition))
    .map(({ value, says }) => ({ value, text: showText(says, audience, scope) }));
  if (question.optionsFrom === undefined) return fixed;
  const list = scope.evaluate(question.optionsFrom);
  const found = Array.isArray(list) ? list : [];
  return [...fixed, ...found.map((item) => ({ value: optionValue(item), text: [optionText(item)] }))];
}

function optionValue(item: unknown): string {
  return typeof item === 'object' && item !== null && '$key' in item ? String(item.$key) : String(item);
}

function optionText(item: unknown): TextRun {
  const text = typeof item === 'object' && item !== null && '$display' in item ? String(item.$display) : String(item);
  return { kind: 'value', text };
}

/** Whether an expression reads an answer that is masked. */
function isSensitive(program: Program, expression: Expression): boolean {
  return expression.dependencies.some((path) => {
    const parts = path.split('.');
    const name = parts[0] === 'answers' ? parts[1] : parts[0];
    return name !== undefined && program.questions.get(name)?.sensitive === true;
  });
}
