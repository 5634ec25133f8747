/** Milliseconds that a batch should take: so long does whoever waits for the database wait. */
const TURN = 12;
const LEAST = 50;
const MOST = 400;

/** Rows of the first batch of a pass. */
export const FIRST_BATCH = 100;

/**
 * Rows of the next batch, by how long the last one took. Pure.
 *
 * @param took milliseconds
 * @example
 * batchSize(100, 40); // 70
 */
export function batchSize(rows: number, took: number): number {
  const fits = Math.round((rows * TURN) / Math.max(1, took));
  const next = Math.min(Math.max(fits, Math.round(rows * 0.7)), Math.round(rows * 1.3) + 1);
  return Math.min(Math.max(next, LEAST), MOST);
}
