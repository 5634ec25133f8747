import type { Io } from '../io.js';

/** What every command is given. */
export interface Invocation {
  io: Io;
  /** Machine-readable output on standard output, one JSON document (a line for `start` and `dev`). */
  json: boolean;
}
