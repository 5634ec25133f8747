import { expect, test } from 'vitest';
import { Turns } from './turns.js';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('a burst is worked on in order, a share of it in each turn', async () => {
  const turns = new Turns();
  const done: number[] = [];
  for (let n = 0; n < 80; n++) turns.take(() => done.push(n));
  expect(done).toHaveLength(32);
  await turn();
  expect(done).toHaveLength(64);
  // Comes behind what still waits.
  turns.take(() => done.push(80));
  await turn();
  await turn();
  expect(done).toEqual(Array.from({ length: 81 }, (_, n) => n));
});

test('what comes alone is worked on at once', async () => {
  const turns = new Turns();
  let done = 0;
  for (let n = 0; n < 3; n++) {
    turns.take(() => (done += 1));
    expect(done).toBe(n + 1);
    await turn();
  }
});
