/** Dialog scripts: the language, its compiler and the pure engine. */
export { readAnswer, takes } from './answer.js';
export { type CompileOptions, compileScript, signatureOf } from './compile.js';
export type { MethodShape, Signature } from './compiler-context.js';
export { dtdText } from './dtd-text.js';
export { type Drawing, type DrawnLine, type DrawnStep, type DrawnWay, drawingOf } from './editing/drawing.js';
export { type Change, type Edit, planEdit, textAt } from './editing/edit.js';
export { holds } from './editing/insertion.js';
export { type OutlineNode, outlineOf } from './editing/outline.js';
export { inverted, type Splice, spliced } from './editing/splice.js';
export { type AttributeWord, type ElementWord, vocabulary } from './editing/vocabulary.js';
export { type Exploration, explore } from './explore.js';
export { factKey } from './facts.js';
export { type Fault, Positions } from './fault.js';
export type { Setting } from './format-value.js';
export { type CompiledScript, callsOf, compileScripts, type ScriptSource } from './link.js';
export type { Need } from './path.js';
export { baseOf } from './phrases.js';
export {
  type Program,
  type Question,
  type QuestionType,
  type Section,
  type Span,
  type Step,
  type WaitingStep,
  waits,
} from './program.js';
export { promptOf, type Reply, replyOf } from './prompt.js';
export { read, type ScriptDocument } from './read.js';
export { freeze } from './record.js';
export { attributesRead, nameOfNeed, type Rehearsal, type Rehearsed, recordedCase, rehearse } from './rehearsal.js';
export { Scope } from './scope.js';
export {
  decideAnswer,
  decideBack,
  decidePause,
  decideResume,
  decideSignal,
  isBehindBarrier,
  type Message,
  referenceAsked,
} from './session.js';
export {
  type ActionOutcome,
  canonical,
  type FrozenRecord,
  type SessionEvent,
  stepOf,
  type Turn,
} from './session-event.js';
export { type Case, type Move, runCase, Simulation } from './simulate.js';
export { replay, SessionState } from './state.js';
export { mask, plainText, showText } from './text.js';
export { Trail } from './trail.js';
export { view } from './view.js';
export type { QuestionView, TextRun, View } from './view-type.js';
export { type Way, waysOf } from './ways.js';
export { isLanguage } from './wording-compiler.js';
