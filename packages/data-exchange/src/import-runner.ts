import {
  CarusoError,
  type Clock,
  type Log,
  type Principal,
  systemPrincipal,
  withinCall,
} from '@caruso/service-manager/contract';
import type { StorageApi } from '@caruso/storage-manager/contract';
import { batchSize, FIRST_BATCH } from './batch-size.js';
import { checking } from './checking.js';
import type { ImportState, RowState } from './contract.js';
import type { ImportBook, ImportRecord } from './import-book.js';
import type { ImportRow, ImportRows, Outcome } from './import-rows.js';
import { running } from './running.js';
import { outcome, problemsOf, type Step, type Work } from './step.js';
import { undoing } from './undoing.js';

/** Milliseconds between two notes of how far an import is. */
const PROGRESS = 300;
/** Turns of the event loop between two batches: what others wait for may take several. */
const TURNS = 8;
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
 * Works through the rows of imports in the background, one import after the other, batch by batch, each as large as others can wait for.
 * What a batch stores and what became of its rows are one unit of work: after `kill -9` it goes on with the first row that is not settled.
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
      if (record.state === 'checking') await this.#forget(id);
      const work = await this.#parts.work(record);
      const counts = await this.#parts.rows.counts(id);
      const pass = { id, state: record.state, end: plan.end, step: plan.make(work), work, counts };
      await this.#pass(pass);
    });
  }

  /** A check begins anew: what it knew of the rows before is not stored. */
  async #forget(id: string): Promise<void> {
    const { storage, rows, book } = this.#parts;
    await storage.unitOfWork(
      async () => {
        await rows.forget(id);
        await book.update(id, { settled: 0, counts: await rows.counts(id) });
      },
      { alone: true },
    );
  }

  async #pass(pass: Pass): Promise<void> {
    const { book, rows, clock } = this.#parts;
    const { id, step, state } = pass;
    let size = FIRST_BATCH;
    let from: number | undefined;
    let noted = clock.now();
    while (!this.#stopped) {
      const begun = clock.now();
      const batch = await rows.next(id, step.from, size, { from, descending: step.descending });
      // Halted, or told otherwise, in the meantime.
      if ((await book.find(id))?.state !== state) break;
      if (batch.length === 0) {
        await book.update(id, { ...progress(pass), state: pass.end, problem: null });
        return;
      }
      await this.#take(pass, batch);
      from = batch.at(-1)?.line;
      const now = clock.now();
      size = batchSize(batch.length, now - begun);
      if (now - noted >= PROGRESS) {
        await book.update(id, progress(pass));
        noted = now;
      }
      await breath();
    }
    await book.update(id, progress(pass));
  }

  /** Settles a batch; rows that fail in the database, and take it with them, are found by halving it. */
  async #take(pass: Pass, batch: readonly ImportRow[]): Promise<void> {
    try {
      await this.#settle(pass, batch, (rows) => pass.step.take(rows));
    } catch (error) {
      if (!concernsRow(error)) throw error;
      const [row] = batch;
      if (batch.length > 1) {
        const half = Math.ceil(batch.length / 2);
        await this.#take(pass, batch.slice(0, half));
        await this.#take(pass, batch.slice(half));
      } else if (row !== undefined) {
        const problems = problemsOf(pass.work.converter, error);
        const failed = outcome(pass.step.failed, { record: row.record, before: row.before, problems });
        await this.#settle(pass, batch, async () => [failed]);
      }
    }
  }

  /** What a batch stores and what became of its rows are one unit of work. */
  async #settle(
    { id, counts }: Pass,
    batch: readonly ImportRow[],
    take: (rows: readonly ImportRow[]) => Promise<Outcome[]>,
  ): Promise<void> {
    const { storage, rows } = this.#parts;
    const settled = await storage.unitOfWork(
      async () => {
        const outcomes = await take(batch);
        const pairs = batch.map((row, at): [ImportRow, Outcome] => {
          const each = outcomes[at];
          if (each === undefined) throw new Error(`unreachable: nothing became of line ${row.line}`);
          return [row, each];
        });
        await rows.settle(id, pairs);
        return pairs;
      },
      { alone: true },
    );
    for (const [row, { state }] of settled) {
      counts[row.state] = Math.max(0, (counts[row.state] ?? 0) - 1);
      counts[state] = (counts[state] ?? 0) + 1;
    }
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

/** One pass over the rows of one import. */
interface Pass {
  id: string;
  state: ImportState;
  /** The state when it is over. */
  end: ImportState;
  step: Step;
  work: Work;
  /** Of the rows as they are now. */
  counts: Partial<Record<RowState, number>>;
}

function progress({ step, counts }: Pass): Pick<ImportRecord, 'counts' | 'settled'> {
  return { counts: { ...counts }, settled: step.to.reduce((sum, state) => sum + (counts[state] ?? 0), 0) };
}

/** What a single row may be guilty of; everything else is trouble of the house, and ends the pass for now. */
function concernsRow(error: unknown): error is CarusoError {
  return error instanceof CarusoError && (error.status ?? 500) < 500;
}

/** Lets everything else that waits in this process go first. */
async function breath(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
}
