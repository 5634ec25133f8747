/**
 * What can be wrong with a legacy system, as seen by the wrapper round it:
 *
 * - `down`: nobody listens; the file is gone
 * - `hangs`: takes the request and never answers
 * - `fails`: answers HTTP 500; the file cannot be read
 * - `page`: answers with a page for people where data should be
 * - `lies`: the right form with values of wrong types
 * - `truncates`: half an answer that looks complete
 * - `cuts`: the connection breaks in the middle of the answer
 * - `floods`: an answer without end; a file larger than any memory
 * - `drips`: an answer that comes a byte at a time; a file that is still being written
 */
export type Disorder = 'down' | 'hangs' | 'fails' | 'page' | 'lies' | 'truncates' | 'cuts' | 'floods' | 'drips';

/** What a legacy system has seen of a wrapper. */
export interface Traffic {
  /** Requests since it was started. */
  arrived: number;
  /** Requests not answered yet whose sender still waits: method, path, and for how many milliseconds. */
  open: readonly string[];
  /** Bytes answered since the last `disturb`. */
  sent: number;
}

/** A real legacy system that a test can put out of order. */
export interface LegacySystem {
  /** What the wrapper's configuration names: a URL, a folder. Stays the same whatever happens to the system. */
  readonly address: string;
  /** The disorders it can be put into. */
  readonly disorders: readonly Disorder[];
  /** Puts it out of order, until `restore`. */
  disturb(disorder: Disorder): Promise<void>;
  restore(): Promise<void>;
  /** What it has seen; undefined where nothing can be seen, as with files. */
  traffic(): Traffic | undefined;
  close(): Promise<void>;
}
