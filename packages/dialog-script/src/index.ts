/** Dialog scripts: the language, its compiler and the pure engine. */
export { readAnswer } from './answer.js';
export { type CompileOptions, compileScript } from './compile.js';
export type { MethodShape } from './compiler-context.js';
export { dtdText } from './dtd-text.js';
export { type Fault, Positions } from './fault.js';
export type { Setting } from './format-value.js';
export type { Need } from './path.js';
export { baseOf } from './phrases.js';
export {
  type Program,
  type Question,
  type QuestionType,
  type Section,
  type Step,
  type WaitingStep,
  waits,
} from './program.js';
export { read, type ScriptDocument } from './read.js';
export { freeze } from './record.js';
export { Scope } from './scope.js';
export { decideAnswer, decideBack, replay, view } from './session.js';
export { type ActionOutcome, canonical, type FrozenRecord, type SessionEvent, stepOf } from './session-event.js';
export { mask, plainText, showText } from './text.js';
export type { SessionState } from './view.js';
export type { QuestionView, TextRun, View } from './view-type.js';
export { isLanguage } from './wording-compiler.js';
