import type { Expression, ValueType } from '@caruso/expressions';

/** How a value is written into a text. */
export type Format =
  | 'text'
  | 'integer'
  | 'decimal'
  | 'money'
  | 'percent'
  | 'date'
  | 'weekday'
  | 'time'
  | 'datetime'
  | 'spell';

/** Where an element stands in the script's text: from its `<` to what follows it. */
export interface Span {
  from: number;
  to: number;
}

/** A piece of a text: words, a line break, or a value put in when it is shown. */
export type Piece =
  | { kind: 'plain' | 'em'; text: string }
  | { kind: 'break' }
  | {
      kind: 'value';
      expression: Expression;
      format: Format;
      /** The question whose answer it is, so that an option is written as it was offered. */
      question: string | undefined;
    };

/** One wording of a text, with where it fits. */
export interface Wording {
  language: string;
  channels: readonly string[];
  /** From this attempt on; 1 where the script says nothing. */
  count: number;
  condition: Expression | undefined;
  pieces: readonly Piece[];
  span: Span;
}

export type QuestionType =
  | 'text'
  | 'integer'
  | 'decimal'
  | 'money'
  | 'date'
  | 'time'
  | 'boolean'
  | 'one'
  | 'many'
  | 'scale'
  | 'address'
  | 'phone'
  | 'email'
  | 'file'
  | 'signature'
  | 'reference';

export interface Option {
  value: string;
  condition: Expression | undefined;
  says: readonly Wording[];
  span: Span;
}

export interface Check {
  expression: Expression;
  level: 'error' | 'warn';
  says: readonly Wording[];
  span: Span;
}

/** Which business objects a question of type reference may be answered by. */
export interface Reference {
  record: RecordShape;
  where: Where;
}

/** A condition as `objects.find` takes it, the script's values replaced by names of parameters. */
export interface Where {
  text: string;
  bindings: readonly { name: string; expression: Expression }[];
}

export interface Question {
  id: string;
  name: string;
  type: QuestionType;
  required: boolean;
  sensitive: boolean;
  condition: Expression | undefined;
  default: Expression | undefined;
  options: readonly Option[];
  optionsFrom: Expression | undefined;
  says: readonly Wording[];
  notes: readonly Wording[];
  checks: readonly Check[];
  /** Ends of a scale. */
  min: number;
  max: number;
  /** Media types of a file; none means any. */
  accept: readonly string[];
  reference: Reference | undefined;
  /** Milliseconds. */
  timeout: number | undefined;
  span: Span;
}

export interface Fail {
  to: number;
  says: readonly Wording[];
}

/** A method that takes an action back. */
export interface Undo {
  method: string;
  idempotent: boolean;
  arguments: readonly Argument[];
}

export interface Argument {
  /** `values.kind` as `['values', 'kind']`. */
  path: readonly string[];
  expression: Expression;
}

export interface Action {
  id: string;
  method: string;
  /** May be sent again when it is not known whether it was done. */
  idempotent: boolean;
  arguments: readonly Argument[];
  into: string | undefined;
  /** Milliseconds. */
  timeout: number;
  condition: Expression | undefined;
  /** The dialog does not wait for its outcome. */
  async: boolean;
  /** How often it is tried again. */
  retry: number;
  barrier: boolean;
  undo: Undo | undefined;
  fail: Fail;
  span: Span;
  /** Where the result is a business object: attributes of it that lead to others, and to which. */
  record: RecordShape | undefined;
}

/** What is known of a business object that is frozen into a session. */
export interface RecordShape {
  object: string;
  references: Readonly<Record<string, string>>;
  /** Relations whose attributes the script uses, loaded with it. */
  include: readonly string[];
}

export interface Next {
  to: number;
  condition: Expression | undefined;
  actions: readonly Action[];
  span: Span;
}

/** What is done when something happens while a step waits. */
export interface Handler extends Next {
  event: string;
}

interface StepBase {
  /** `set` steps, which have none of their own, are numbered. */
  id: string;
  section: number;
  condition: Expression | undefined;
  span: Span;
}

/** A step that waits for a person: `info` and `escalate` without questions, `question` with one, `form` with several. */
export interface WaitingStep extends StepBase {
  kind: 'info' | 'question' | 'form' | 'escalate';
  says: readonly Wording[];
  notes: readonly Wording[];
  questions: readonly Question[];
  checks: readonly Check[];
  next: readonly Next[];
  /** Milliseconds. */
  timeout: number | undefined;
  /** Of an escalate. */
  queue: string | undefined;
}

interface ChooseStep extends StepBase {
  kind: 'choose';
  next: readonly Next[];
}

interface SetStep extends StepBase {
  kind: 'set';
  name: string;
  expression: Expression;
}

export interface LookupStep extends StepBase {
  kind: 'lookup';
  where: Where;
  many: boolean;
  sort: readonly string[];
  limit: number;
  into: string;
  fail: Fail | undefined;
  record: RecordShape;
}

interface ActionStep extends StepBase {
  kind: 'action';
  action: Action;
}

export interface CallStep extends StepBase {
  kind: 'call';
  script: string;
  arguments: readonly { name: string; expression: Expression }[];
  into: string | undefined;
  next: readonly Next[];
}

export interface LoopStep extends StepBase {
  kind: 'loop';
  over: Expression | undefined;
  as: string | undefined;
  while: Expression | undefined;
  max: number;
  into: string | undefined;
  /** Index of the `again` behind its last step. */
  end: number;
  /** Names its steps give values to. */
  names: readonly string[];
}

/** Stands behind the last step of a loop and leads back to it. */
interface AgainStep extends StepBase {
  kind: 'again';
  loop: number;
}

export interface EndStep extends StepBase {
  kind: 'end';
  outcome: string;
  says: readonly Wording[];
}

export type Step =
  | WaitingStep
  | ChooseStep
  | SetStep
  | LookupStep
  | ActionStep
  | CallStep
  | LoopStep
  | AgainStep
  | EndStep;

/** A named value of the script. */
export interface Name {
  kind: 'param' | 'var' | 'answer' | 'result';
  type: ValueType;
}

export interface Section {
  id: string;
  titles: readonly Wording[];
  /** Index of its first step. */
  first: number;
  span: Span;
}

export interface Param {
  name: string;
  type: ValueType;
  dir: 'in' | 'out' | 'inout';
  default: Expression | undefined;
}

/** A compiled script: immutable, free of state, shared by all its sessions. */
export interface Program {
  id: string;
  version: string;
  /** Of texts that name none. */
  language: string;
  channels: readonly string[];
  titles: readonly Wording[];
  descriptions: readonly Wording[];
  params: readonly Param[];
  vars: readonly { name: string; type: ValueType; first: Expression | undefined }[];
  names: ReadonlyMap<string, Name>;
  sections: readonly Section[];
  steps: readonly Step[];
  questions: ReadonlyMap<string, Question>;
  handlers: readonly Handler[];
  /** The scripts it calls, by id; complete once they are linked. */
  scripts: ReadonlyMap<string, Program>;
}

export function waits(step: Step | undefined): step is WaitingStep {
  switch (step?.kind) {
    case 'info':
    case 'question':
    case 'form':
    case 'escalate':
      return true;
    default:
      return false;
  }
}
