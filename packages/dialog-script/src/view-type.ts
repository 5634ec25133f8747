import type { QuestionType } from './program.js';

/** A run of a text. Renderers never interpret markup in it. */
export interface TextRun {
  text: string;
  kind: 'plain' | 'em' | 'value' | 'break';
}

/** One question as a renderer needs it. */
export interface QuestionView {
  name: string;
  text: TextRun[];
  type: QuestionType;
  required: boolean;
  options: { value: string; text: TextRun[] }[];
  /** Ends of a scale. */
  min?: number | undefined;
  max?: number | undefined;
  /** Media types of a file. */
  accept?: string[] | undefined;
  /** The business object that a reference searches. */
  object?: string | undefined;
  /** Present value: the answer given before, else the default. */
  value: unknown;
  /** What is wrong with the last answer, in the customer's language. */
  errors: string[];
  warnings: string[];
}

/** What a channel shows of a running session. Neutral: desktop, web, chat and telephone only render it. */
export interface View {
  session: string;
  /** Number of the last event; an answer must name it, a stale one is refused. */
  seq: number;
  script: string;
  title: string;
  section: string | null;
  channel: string;
  language: string;
  step: {
    id: string;
    kind: 'info' | 'question' | 'form' | 'escalate';
    text: TextRun[];
    /** For the agent alone; absent on every other channel. */
    notes?: TextRun[][] | undefined;
    questions: QuestionView[];
    errors: string[];
    /** After so many milliseconds without an answer the channel signals time-out. */
    timeout?: number | undefined;
    /** How often the step was put. */
    attempt: number;
  } | null;
  /** Answers on the path so far. Sensitive ones are masked. */
  answers: { step: string; visit: string; name: string; label: string; value: unknown; display: string }[];
  canGoBack: boolean;
  /** From 0 to 1, an estimate. */
  progress: number;
  /** An agent is waited for; the queue the script names for it. */
  handover: { queue: string | null } | null;
  /** Nobody answers until it is resumed. */
  paused: boolean;
  /** Set at the end. */
  outcome: string | null;
  /** Texts shown at the end and messages of failed actions. */
  messages: TextRun[][];
}
