import type { CarusoError } from '@caruso/service-manager/contract';
import type { Change } from '@caruso/storage-manager/contract';

type Values = Readonly<Record<string, unknown>>;

/** A record on its way in. */
export interface Entry {
  object: string;
  /** Null for a new record. */
  key: string | null;
  /** Stored values before; null for a new record. */
  before: Values | null;
  /** Checked values as they will be. */
  after: Values;
  /** Who enters it has been told of duplicates, and wants it stored nevertheless. */
  anyway: boolean;
}

/**
 * What becomes of an entry: turned away, let in with what `stored` gets back, or `later`: it depends on an entry before it, and is asked
 * for again once that one is in, or is not.
 */
export type Admission = { refused: CarusoError } | { admitted: unknown } | 'later';

/**
 * Whoever stands at the door of the business objects: brings values into one form, turns records away, keeps what it must know of those
 * that went in. Everything happens inside the unit of work of the change, so that it is undone with it. Records of one object come one
 * by one, or many at once.
 */
export interface Door {
  /** Values in the form they are stored in, and what is wrong with them; comes before the check against the model. Pure. */
  normalise(
    object: string,
    values: Values,
  ): { values: Record<string, unknown>; violations: { attribute: string; message: string }[] };
  /** An answer for each entry, in their order; the first is never `later`. */
  admit(entries: readonly Entry[]): Promise<Admission[]>;
  /** After records were created, changed or deleted. */
  stored(changes: readonly { change: Change; admitted: unknown }[]): Promise<void>;
}
