import { VirtualClock } from '@caruso/service-manager/contract';
import { describe, expect, it } from 'vitest';
import { Mutex } from './mutex.js';

const late = (holder: string): Error => new Error(`held by ${holder}`);

it('gives turns in the order of asking', async () => {
  const mutex = new Mutex(new VirtualClock());
  const order: string[] = [];
  const first = await mutex.acquire('first', 1000, late);
  const others = ['second', 'third'].map(async (label) => {
    const turn = await mutex.acquire(label, 1000, late);
    order.push(label);
    turn.end();
  });
  expect([mutex.holder, mutex.waiting]).toEqual(['first', 2]);
  first.end();
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
  first.end();
  (await patient).end();
  expect(mutex.holder).toBeUndefined();
  expect(clock.pending).toBe(0);
});

it('takes a second release of the same turn for none', async () => {
  const mutex = new Mutex(new VirtualClock());
  const first = await mutex.acquire('first', 1000, late);
  const second = mutex.acquire('second', 1000, late);
  first.end();
  first.end();
  await second;
  expect(mutex.holder).toBe('second');
});

describe('a turn that is passed on', () => {
  const takes = (): boolean => true;

  it('goes to the next who waits, with what was left, if that one takes it', async () => {
    const mutex = new Mutex<string>(new VirtualClock());
    const first = await mutex.acquire('first', 1000, late);
    const second = mutex.acquire('second', 1000, late, (left) => left === 'letter');
    expect(first.pass('parcel')).toBe(false);
    expect(first.pass('letter')).toBe(true);
    expect((await second).left).toBe('letter');
    first.end();
    expect(mutex.holder).toBe('second');
  });

  it('is not taken past one who waits longer and takes nothing', async () => {
    const mutex = new Mutex<string>(new VirtualClock());
    const first = await mutex.acquire('first', 1000, late);
    const alone = mutex.acquire('alone', 1000, late);
    const sharing = mutex.acquire('sharing', 1000, late, takes);
    expect([first.pass('letter'), first.offer('letter')]).toEqual([false, false]);
    first.end();
    expect((await alone).left).toBeUndefined();
    (await alone).end();
    expect((await sharing).left).toBeUndefined();
  });

  it('lies open for the next who comes, until it is resumed', async () => {
    const clock = new VirtualClock();
    const mutex = new Mutex<string>(clock);
    const first = await mutex.acquire('first', 1000, late);
    expect([first.offer('letter'), mutex.holder]).toEqual([true, 'first']);
    const second = await mutex.acquire('second', 1000, late, takes);
    expect([second.left, mutex.holder, first.resume()]).toEqual(['letter', 'second', false]);
    expect(second.offer('letter')).toBe(true);
    const alone = mutex.acquire('alone', 1000, late);
    const behind = mutex.acquire('behind', 1000, late, takes);
    expect([mutex.holder, mutex.waiting, second.resume()]).toEqual(['second', 2, true]);
    second.end();
    (await alone).end();
    (await behind).end();
    expect([mutex.holder, clock.pending]).toEqual([undefined, 0]);
  });
});
