import type { Expression, ValueType } from '@caruso/expressions';

/** How a value is written into a text. */
export type Format = 'text' | 'integer' | 'decimal' | 'money' | 'percent' | 'date' | 'time' | 'datetime';

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
}

export type QuestionType =
  | 'text'
  | 'integer'
  | 'decimal'
  | 'money'
  | 'date'
  | 'boolean'
  | 'one'
  | 'many'
  | 'email'
  | 'phone';

export interface Option {
  value: string;
  condition: Expression | undefined;
  says: readonly Wording[];
}

export interface Check {
  expression: Expression;
  level: 'error' | 'warn';
  says: readonly Wording[];
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
}

export interface Fail {
  to: number;
  says: readonly Wording[];
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
  fail: Fail;
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
}

interface StepBase {
  /** `set` steps, which have none of their own, are numbered. */
  id: string;
  section: number;
  condition: Expression | undefined;
}

/** A step that waits for a person: `info` without questions, `question` with one, `form` with several. */
export interface WaitingStep extends StepBase {
  kind: 'info' | 'question' | 'form';
  says: readonly Wording[];
  notes: readonly Wording[];
  questions: readonly Question[];
  checks: readonly Check[];
  next: readonly Next[];
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
  /** The condition as `objects.find` takes it, the script's values replaced by names of parameters. */
  where: string;
  bindings: readonly { name: string; expression: Expression }[];
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

export interface EndStep extends StepBase {
  kind: 'end';
  outcome: string;
  says: readonly Wording[];
}

export type Step = WaitingStep | ChooseStep | SetStep | LookupStep | ActionStep | EndStep;

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
  params: readonly { name: string; type: ValueType; default: Expression | undefined }[];
  vars: readonly { name: string; type: ValueType; first: Expression | undefined }[];
  names: ReadonlyMap<string, Name>;
  sections: readonly Section[];
  steps: readonly Step[];
  questions: ReadonlyMap<string, Question>;
}

export function waits(step: Step | undefined): step is WaitingStep {
  return step?.kind === 'info' || step?.kind === 'question' || step?.kind === 'form';
}
