import type { Session } from './adapter.js';
import type { Database } from './database.js';
import type { Turn } from './mutex.js';
import type { SharedTransaction } from './shared-transaction.js';

/** One database's part in a unit of work. */
export interface Part {
  database: Database;
  session: Session;
  /** Statements of one connection run one after the other. */
  last: Promise<unknown>;
  wrote: boolean;
  /** It lies in the transaction that this unit of work shares, by itself between savepoints, or as its beginning. */
  shared: false | 'savepoint' | 'beginning';
}

/** A unit of work on its way. */
export interface Work {
  label: string;
  /** Shares its transaction with nobody. */
  alone: boolean;
  ended: boolean;
  /** Why it can no longer commit. */
  broken: unknown;
  writes: number;
  /** Of databases that it has for itself. */
  turns: Map<string, Promise<Turn<SharedTransaction>>>;
  parts: Map<string, Promise<Part>>;
  transaction: Promise<SharedTransaction> | undefined;
  afterCommit: (() => void)[];
}

export const isMain = ({ database }: { database: Database }): boolean => database.name === 'main';

/** Main with the journal comes last: what fails before it leaves no event of what did not happen. */
export function inOrder<T extends { database: Database }>(parts: Iterable<T>): T[] {
  return [...parts].sort((a, b) => Number(isMain(a)) - Number(isMain(b)));
}

/** The parts that began, after their last statement; nothing more is taken. */
export async function settled(work: Work): Promise<Part[]> {
  work.ended = true;
  const begun = await Promise.allSettled(work.parts.values());
  const parts = begun.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  for (const part of parts) await part.last;
  return parts;
}
