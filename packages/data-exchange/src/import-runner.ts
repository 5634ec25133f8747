import {
  CarusoError,
  type Clock,
  type Log,
  type Principal,
  systemPrincipal,
  withinCall,
} from '@caruso/service-manager/contract';
import type { StorageApi } from '@caruso/storage-manager/contract';
import type { ImportState, RowState } from './contract.js';
import type { ImportBook, ImportRecord } from './import-book.js';
import type { ImportRow, ImportRows, Outcome } from './import-rows.js';
import { checking, problemsOf, running, type Step, undoing, type Work } from './import-steps.js';

/** Rows of one unit of work: so few that whoever waits for the database has his turn soon. */
const BATCH = 40;
/** Milliseconds after which a database that failed is tried again. */
const RETRY = 10_000;

const STEPS: Partial<Record<ImportState, { make: (work: Work) => Step; end: ImportState; house: boolean }>> = {
  checking: { make: checking, end: 'checked', house: false },
  running: { make: running, end: 'done', house: false },
  undoing: { make: undoing, end: 'undone', house: true },
};

export interface RunnerParts {
  storage: StorageApi;
  book: ImportBook;
  rows: ImportRows;
  clock: Clock;
  log: Log;
  /** What an import works with, for who runs it. */
  work: (record: ImportRecord) => Promise<Work>;
}

/**
 * Works through the rows of imports in the background, one import after the other, batch by batch. What a batch stores, what became of its
 * rows, and how far the import is are one unit of work: after `kill -9` it goes on with the first row that is not settled.
 */
export class ImportRunner {
  readonly #parts: RunnerParts;
  #turn: Promise<unknown> = Promise.resolve();
  #stopped = false;
  readonly #retries = new Set<() => void>();

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  /** Takes an import up as soon as those before it are done. */
  start(id: string): void {
    const { log } = this.#parts;
    this.#turn = this.#turn
      .then(() => withinCall({ id: `import ${id}`, principal: systemPrincipal }, () => this.#work(id)))
      .catch((error: unknown) => {
        log.error({ import: id, error }, 'an import waits; it is tried again');
        return this.#later(id, error);
      });
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    let seen: unknown;
    while (seen !== this.#turn) {
      seen = this.#turn;
      await this.#turn;
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const cancel of this.#retries) cancel();
    await this.#turn;
  }

  async #work(id: string): Promise<void> {
    const { book } = this.#parts;
    const record = await book.find(id);
    const plan = record === undefined ? undefined : STEPS[record.state];
    if (record === undefined || plan === undefined || this.#stopped) return;
    const who: Principal = plan.house ? { ...systemPrincipal, id: record.principal.id } : record.principal;
    // A call of its own: whoever began it does not wait for its end.
    await withinCall({ id: `import ${id}`, principal: who }, async () => {
      if (record.state === 'checking') await this.#forget(record);
      const step = plan.make(await this.#parts.work(record));
      while (!this.#stopped && (await this.#batch(id, record.state, step, plan.end))) await breath();
    });
  }

  /** A check begins anew: what it knew of the rows before is not stored. */
  async #forget({ id }: ImportRecord): Promise<void> {
    const { storage, rows, book } = this.#parts;
    await storage.unitOfWork(async () => {
      await rows.forget(id);
      await book.update(id, { settled: 0, counts: await rows.counts(id) });
    });
  }

  /** False where nothing is left to do. */
  async #batch(id: string, state: ImportState, step: Step, end: ImportState): Promise<boolean> {
    const { storage, rows } = this.#parts;
    const batch = await rows.next(id, step.from, BATCH, step.descending);
    // Halted, or told otherwise, in the meantime.
    if ((await this.#parts.book.find(id))?.state !== state) return false;
    if (batch.length === 0) {
      await this.#parts.book.update(id, { state: end, counts: await rows.counts(id), problem: null });
      return false;
    }
    try {
      await storage.unitOfWork(() => this.#settle(id, batch, step));
    } catch (error) {
      if (!concernsRow(error)) throw error;
      for (const row of batch) await this.#alone(id, row, step);
    }
    return true;
  }

  /** A row that failed in the database, and took its batch with it, is found by taking each alone. */
  async #alone(id: string, row: ImportRow, step: Step): Promise<void> {
    const { storage } = this.#parts;
    try {
      await storage.unitOfWork(() => this.#settle(id, [row], step));
    } catch (error) {
      if (!concernsRow(error)) throw error;
      const problems = problemsOf(await this.#converter(id), error);
      const failed: Outcome = { state: step.failed, record: row.record, version: null, before: row.before, problems };
      await storage.unitOfWork(() => this.#note(id, [[row, failed]]));
    }
  }

  async #converter(id: string): Promise<Work['converter']> {
    const record = await this.#parts.book.find(id);
    if (record === undefined) throw new Error(`import ${id} is gone`);
    return (await this.#parts.work(record)).converter;
  }

  async #settle(id: string, batch: readonly ImportRow[], step: Step): Promise<void> {
    const outcomes: [ImportRow, Outcome][] = [];
    for (const row of batch) outcomes.push([row, await step.take(row)]);
    await this.#note(id, outcomes);
  }

  async #note(id: string, outcomes: readonly (readonly [ImportRow, Outcome])[]): Promise<void> {
    const { rows, book } = this.#parts;
    for (const [row, outcome] of outcomes) await rows.settle(id, row.line, outcome);
    const record = await book.find(id);
    const counts: Partial<Record<RowState, number>> = { ...record?.counts };
    for (const [row, { state }] of outcomes) {
      counts[row.state] = Math.max(0, (counts[row.state] ?? 0) - 1);
      counts[state] = (counts[state] ?? 0) + 1;
    }
    const settled = (record?.settled ?? 0) + outcomes.length;
    await book.update(id, { counts, settled });
  }

  async #later(id: string, error: unknown): Promise<void> {
    if (this.#stopped) return;
    const message = error instanceof Error ? error.message : String(error);
    await this.#parts.book.update(id, { problem: message.slice(0, 4000) }).catch(() => undefined);
    const cancel = this.#parts.clock.after(RETRY, () => {
      this.#retries.delete(cancel);
      this.start(id);
    });
    this.#retries.add(cancel);
  }
}

/** What a single row may be guilty of; everything else is trouble of the house, and ends the pass for now. */
function concernsRow(error: unknown): error is CarusoError {
  return error instanceof CarusoError && (error.status ?? 500) < 500;
}

/** Lets everything else that waits in this process go first. */
function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
