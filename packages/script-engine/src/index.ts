/** Dialog scripts: the component, and the pure core it runs on. */
export { checkDeclarations } from './check.js';
export { type CompileOptions, compileScript } from './compile.js';
export type { MethodShape } from './compiler-context.js';
export { scriptEngine as default } from './component.js';
export type { Fault } from './fault.js';
export type { Setting } from './format-value.js';
export type { Program, Question, Section, Step, WaitingStep } from './program.js';
export { read, type ScriptDocument } from './read.js';
export { decideAnswer, decideBack, replay, view } from './session.js';
export type { FrozenRecord, SessionEvent } from './session-event.js';
export { dtdFile } from './validator.js';
export type { SessionState } from './view.js';
