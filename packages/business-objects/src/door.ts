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
 * Whoever stands at the door of the business objects: brings values into one form, turns records away, keeps what it must know of those
 * that went in. Everything happens inside the unit of work of the change, so that it is undone with it.
 */
export interface Door {
  /** Values in the form they are stored in, and what is wrong with them; comes before the check against the model. Pure. */
  normalise(
    object: string,
    values: Values,
  ): { values: Record<string, unknown>; violations: { attribute: string; message: string }[] };
  /** Throws to turn a record away; what it gives, `stored` gets back. */
  admit(entry: Entry): Promise<unknown>;
  /** After a record was created, changed or deleted. */
  stored(change: Change, admission: unknown): Promise<void>;
}
