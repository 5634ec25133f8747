import { phrasesOf } from './phrases.js';
import { plainText } from './text.js';
import type { QuestionView, TextRun, View } from './view-type.js';

/** What a person can say or type instead of an answer. */
interface PromptWords {
  back: string[];
  human: string[];
  /** Leaves a question without an answer. */
  skip: string[];
  choose: string;
  optional: string;
  press: (digit: number, option: string) => string;
  yesNo: string;
  scale: (min: number, max: number) => string;
  ended: string;
  waiting: string;
  unsuited: string;
}

const byLanguage: Readonly<Record<string, PromptWords>> = {
  en: {
    back: ['back'],
    human: ['agent', 'human', 'person', 'help'],
    skip: ['skip', '-'],
    choose: 'Type a number or the words.',
    optional: 'Type "skip" to leave it out.',
    press: (digit, option) => `For ${option}, press ${digit}.`,
    yesNo: 'For yes, press 1. For no, press 2.',
    scale: (min, max) => `Choose a number from ${min} to ${max}.`,
    ended: 'Thank you.',
    waiting: 'One moment, please: you are put through to a person.',
    unsuited: 'I need a person for this.',
  },
  nl: {
    back: ['terug'],
    human: ['medewerker', 'mens', 'persoon', 'help'],
    skip: ['overslaan', 'sla over', '-'],
    choose: 'Typ een nummer of de woorden.',
    optional: 'Typ "overslaan" om niet te antwoorden.',
    press: (digit, option) => `Voor ${option}, toets ${digit}.`,
    yesNo: 'Voor ja, toets 1. Voor nee, toets 2.',
    scale: (min, max) => `Kies een getal van ${min} tot ${max}.`,
    ended: 'Dank u wel.',
    waiting: 'Een ogenblik: u wordt doorverbonden met een medewerker.',
    unsuited: 'Hiervoor heb ik een medewerker nodig.',
  },
  de: {
    back: ['zurück'],
    human: ['mitarbeiter', 'mensch', 'person', 'hilfe'],
    skip: ['überspringen', 'weiter', '-'],
    choose: 'Geben Sie eine Nummer oder die Wörter ein.',
    optional: 'Mit „überspringen“ lassen Sie es aus.',
    press: (digit, option) => `Für ${option} drücken Sie ${digit}.`,
    yesNo: 'Für Ja drücken Sie 1. Für Nein drücken Sie 2.',
    scale: (min, max) => `Wählen Sie eine Zahl von ${min} bis ${max}.`,
    ended: 'Vielen Dank.',
    waiting: 'Einen Moment bitte: Sie werden mit einem Menschen verbunden.',
    unsuited: 'Dafür brauche ich einen Menschen.',
  },
  fr: {
    back: ['retour'],
    human: ['conseiller', 'personne', 'humain', 'aide'],
    skip: ['passer', '-'],
    choose: 'Tapez un numéro ou les mots.',
    optional: 'Tapez « passer » pour ne pas répondre.',
    press: (digit, option) => `Pour ${option}, tapez ${digit}.`,
    yesNo: 'Pour oui, tapez 1. Pour non, tapez 2.',
    scale: (min, max) => `Choisissez un nombre de ${min} à ${max}.`,
    ended: 'Merci.',
    waiting: 'Un instant : nous vous mettons en relation avec une personne.',
    unsuited: "J'ai besoin d'une personne pour cela.",
  },
};

function wordsOf(language: string): PromptWords {
  return byLanguage[language.split('-')[0]?.toLowerCase() ?? ''] ?? (byLanguage['en'] as PromptWords);
}

/** Types of questions that a line of text cannot answer. */
const unsuited: readonly QuestionView['type'][] = ['file', 'signature', 'reference'];

/**
 * A view as text, to be spoken on the telephone or written in a chat: what is said, then what can be answered. On the telephone
 * a menu goes by digits; in a chat options are numbered. Put for a View of its own channel, where forms come question by
 * question and values are in words.
 *
 * @example
 * promptOf(view(state, 'voice')) // 'Which card is it? For debit card, press 1. For credit card, press 2.'
 */
export function promptOf(view: View): string {
  const words = wordsOf(view.language);
  const spoken = view.channel === 'voice';
  const parts = view.messages.map(oneLine);
  const { step } = view;
  if (step === null) return join(parts.length > 0 ? parts : [words.ended], spoken);
  parts.push(...step.errors, ...step.questions.flatMap(({ errors, warnings }) => [...errors, ...warnings]));
  const said = oneLine(step.text);
  if (said !== '') parts.push(said);
  for (const question of step.questions) {
    const asked = oneLine(question.text);
    if (asked !== said) parts.push(asked);
    parts.push(...menuOf(question, view, words, spoken));
    if (!spoken && !question.required && !unsuited.includes(question.type)) parts.push(words.optional);
  }
  if (view.handover !== null) parts.push(words.waiting);
  return join(
    parts.filter((part) => part !== ''),
    spoken,
  );
}

function menuOf(question: QuestionView, view: View, words: PromptWords, spoken: boolean): string[] {
  const { type, options, min = 1, max = 5 } = question;
  if (unsuited.includes(type)) return [words.unsuited];
  if (type === 'scale') return [words.scale(min, max)];
  if (type === 'boolean') {
    const { yes, no } = phrasesOf(view.language);
    return [spoken ? words.yesNo : `${yes} / ${no}`];
  }
  if (options.length === 0) return [];
  if (spoken) return options.map(({ text }, index) => words.press(index + 1, oneLine(text)));
  return [...options.map(({ text }, index) => `${index + 1}. ${oneLine(text)}`), words.choose];
}

function join(parts: readonly string[], spoken: boolean): string {
  return parts.join(spoken ? ' ' : '\n');
}

function oneLine(runs: readonly TextRun[]): string {
  return plainText(runs).replace(/\s+/g, ' ').trim();
}

/** What a line of text means at a view. */
export type Reply =
  | { kind: 'answer'; answers: Record<string, unknown> }
  | { kind: 'back' }
  | { kind: 'human' }
  /** The question cannot be answered by a line of text. */
  | { kind: 'unsuited' };

/**
 * Reads what was typed in a chat, or pressed and said on the telephone: the number or the words of an option, yes or no, a
 * value; or the wish to go back or to speak with a person. What fits nothing is an answer all the same: the script refuses it
 * in its own words.
 */
export function replyOf(view: View, line: string): Reply {
  const words = wordsOf(view.language);
  const typed = line.trim();
  const plain = typed.toLowerCase().replace(/[.!?]+$/, '');
  if (words.human.includes(plain) || (view.channel === 'voice' && plain === '0' && !takesZero(view)))
    return { kind: 'human' };
  if (view.canGoBack && (words.back.includes(plain) || plain === '*')) return { kind: 'back' };
  const question = view.step?.questions[0];
  if (question === undefined) return { kind: 'answer', answers: {} };
  if (unsuited.includes(question.type)) return { kind: 'unsuited' };
  const skipped = !question.required && view.channel !== 'voice' && words.skip.includes(plain);
  if (skipped) return { kind: 'answer', answers: { [question.name]: null } };
  return { kind: 'answer', answers: { [question.name]: valueOf(question, typed, view.channel === 'voice') } };
}

/** Where 0 is a value it does not call for a person. */
function takesZero({ step }: View): boolean {
  return step?.questions.some(({ type }) => !['boolean', 'one', 'many'].includes(type)) ?? false;
}

function valueOf({ type, options }: QuestionView, typed: string, spoken: boolean): unknown {
  if (typed === '') return null;
  const option = (word: string): string => {
    const plain = word.trim().toLowerCase();
    const numbered = /^\d{1,3}$/.test(plain) ? options[Number(plain) - 1] : undefined;
    const named = options.find(
      ({ value, text }) => value.toLowerCase() === plain || oneLine(text).toLowerCase() === plain,
    );
    return (named ?? numbered)?.value ?? word.trim();
  };
  if (type === 'one') return option(typed);
  if (type === 'many')
    return typed
      .split(/[,;#]|\s{2,}/)
      .filter((part) => part.trim() !== '')
      .map(option);
  if (type === 'boolean' && (spoken || /^[12]$/.test(typed)))
    return typed === '1' ? true : typed === '2' ? false : typed;
  if (type === 'date') return dayOf(typed);
  // On a keypad the star is the decimal mark.
  if (spoken && (type === 'decimal' || type === 'money')) return typed.replace('*', '.');
  return typed;
}

/** A day as people write it, 31-1-2026 or 31/01/2026, or key it in, 31012026, as ISO; anything else as it is. */
function dayOf(typed: string): string {
  const match = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$/.exec(typed) ?? /^(\d{2})(\d{2})(\d{4})$/.exec(typed);
  if (match === null) return typed;
  const [, day = '', month = '', year = ''] = match;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}
