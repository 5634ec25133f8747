import { VirtualClock } from '@caruso/service-manager/contract';
import { expect, it } from 'vitest';
import { Mutex } from './mutex.js';

const late = (holder: string): Error => new Error(`held by ${holder}`);

it('gives turns in the order of asking', async () => {
  const mutex = new Mutex(new VirtualClock());
  const order: string[] = [];
  const first = await mutex.acquire('first', 1000, late);
  const others = ['second', 'third'].map(async (label) => {
    const release = await mutex.acquire(label, 1000, late);
    order.push(label);
    release();
  });
  expect([mutex.holder, mutex.waiting]).toEqual(['first', 2]);
  first();
  await Promise.all(others);
  expect(order).toEqual(['second', 'third']);
  expect([mutex.holder, mutex.waiting]).toEqual([undefined, 0]);
});

it('gives up after the limit, naming the holder, and leaves no gap for those behind', async () => {
  const clock = new VirtualClock();
  const mutex = new Mutex(clock);
  const first = await mutex.acquire('first', 1000, late);
  const impatient = mutex.acquire('impatient', 1000, late).catch((error: Error) => error.message);
  const patient = mutex.acquire('patient', 5000, late);
  await clock.advance(1000);
  expect(await impatient).toBe('held by first');
  first();
  (await patient)();
  expect(mutex.holder).toBeUndefined();
  expect(clock.pending).toBe(0);
});

it('takes a second release of the same turn for none', async () => {
  const mutex = new Mutex(new VirtualClock());
  const first = await mutex.acquire('first', 1000, late);
  const second = mutex.acquire('second', 1000, late);
  first();
  first();
  await second;
  expect(mutex.holder).toBe('second');
});
