import type { ValueType } from './value-type.js';

/** A function that an expression may call beside the built-in ones; a built-in name cannot be taken over. */
export interface SchemaFunction {
  args: ValueType[];
  returns: ValueType;
  /** Receives and returns wire values (see the README), synchronously. */
  call: (...args: unknown[]) => unknown;
}

/** What an expression may name: its variables, the attributes of the objects they hold, extra functions. */
export interface Schema {
  variables: Record<string, ValueType>;
  objects?: Record<string, Record<string, ValueType>>;
  functions?: Record<string, SchemaFunction>;
}
