import type { Expression, Template } from '@caruso/expressions';

/** One consequence, ready to run: which method is called, with what. */
export interface Consequence {
  /** `set` and `remind` are about the subject of the event, which is added when they run. */
  kind: 'call' | 'set' | 'remind';
  /** One line for people: `call objects.update`, `set priority, due`, `remind role:supervisor`. */
  summary: string;
  method: string;
  /** Of `call` the whole input, of `set` the values, of `remind` text, to and at. */
  input: Template;
}

/** A policy, compiled and checked against the model. */
export interface Policy {
  name: string;
  file: string;
  /** Types of events; empty for a scheduled one. */
  on: string[];
  /** Object the events are about, and the name expressions give it. */
  subject: { object: string; variable: string } | undefined;
  /** Cron pattern of a scheduled one. */
  every: string | undefined;
  condition: Expression | undefined;
  consequences: Consequence[];
  /** Paths from the subject that must be loaded before anything is evaluated. */
  dependencies: string[];
}

/** `MeterReading` is `meterReading` in expressions. */
export function variableOf(object: string): string {
  return object.slice(0, 1).toLowerCase() + object.slice(1);
}
