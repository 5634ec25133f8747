import type { Batch, ModelApi, ObjectDescription } from '@caruso/business-objects/contract';
import type { Matching } from '@caruso/data-quality/contract';
import type { CarusoError, Client } from '@caruso/service-manager/contract';
import type { ImportOptions, RowState } from './contract.js';
import type { ImportRow, Outcome, Problem } from './import-rows.js';
import type { RowConverter } from './row-converter.js';

/** What one import works with. */
export interface Work {
  description: ObjectDescription;
  converter: RowConverter;
  options: ImportOptions;
  batch: Client<typeof Batch>;
  model: ModelApi;
  /** Undefined where no component of that contract runs, or no duplicates are declared. */
  matcher: ReturnType<Client<typeof Matching>['of']> | undefined;
  /** Versions of records that this import was taken back from, by key. */
  undone: () => Promise<Map<string, string>>;
}

/** One pass over the rows of an import. */
export interface Step {
  /** States of the rows it takes up, and those it leaves them in. */
  readonly from: readonly RowState[];
  readonly to: readonly RowState[];
  /** The last rows first. */
  readonly descending: boolean;
  /** What becomes of a row that fails on its own. */
  readonly failed: RowState;
  /** Inside a unit of work: an outcome for each row. What throws undoes them all; they are then taken in halves. */
  take(rows: readonly ImportRow[]): Promise<Outcome[]>;
}

export function outcome(state: RowState, more: Partial<Outcome> = {}): Outcome {
  return { state, record: null, version: null, before: null, problems: [], ...more };
}

/** A problem of a row as a whole. */
export function ofRow(message: string): Problem {
  return { column: null, message };
}

/** What is wrong with a row by an error that concerns it alone. */
export function problemsOf(converter: RowConverter, error: CarusoError): Problem[] {
  const violations = Array.isArray(error.details)
    ? (error.details as { attribute?: unknown; message?: unknown }[])
    : [];
  const told = violations.flatMap(({ attribute, message }) =>
    typeof attribute === 'string' && typeof message === 'string' ? [{ attribute, message }] : [],
  );
  return told.length > 0 ? placed(converter, told) : [ofRow(error.message)];
}

/** Violations of attributes at the columns they come from. */
export function placed(
  converter: RowConverter,
  violations: readonly { attribute: string; message: string }[],
): Problem[] {
  return violations.map(({ attribute, message }) => {
    const column = converter.columnOf(attribute);
    return { column, message: column === null ? `${attribute} ${message}` : message };
  });
}
