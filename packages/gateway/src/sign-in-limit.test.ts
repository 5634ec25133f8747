import { describe, expect, test } from 'vitest';
import { SignInLimit } from './sign-in-limit.js';

const MINUTE = 60_000;

describe('attempts to sign in', () => {
  test('are free for who knows the password', () => {
    const limit = new SignInLimit();
    for (let at = 0; at < 1000; at += 1) {
      expect(limit.admit('anna', '10.0.0.1', at)).toBeUndefined();
      limit.succeeded('anna', '10.0.0.1');
    }
  });

  test('of one user from one address stop after ten in a minute', () => {
    const limit = new SignInLimit();
    for (let at = 0; at < 10; at += 1) expect(limit.admit('anna', '10.0.0.1', 1000)).toBeUndefined();
    expect(limit.admit('anna', '10.0.0.1', 21_000)).toBe(40);
    expect(limit.admit('anna', '10.0.0.2', 21_000)).toBeUndefined();
    expect(limit.admit('ben', '10.0.0.1', 21_000)).toBeUndefined();
    expect(limit.admit('anna', '10.0.0.1', 1000 + MINUTE)).toBeUndefined();
  });

  test('from one address stop, whatever the names', () => {
    const limit = new SignInLimit();
    for (let at = 0; at < 60; at += 1) expect(limit.admit(`user${at}`, '10.0.0.1', 0)).toBeUndefined();
    expect(limit.admit('another', '10.0.0.1', 0)).toBe(300);
  });

  test('of one user stop, however many addresses they come from', () => {
    const limit = new SignInLimit();
    for (let at = 0; at < 100; at += 1) expect(limit.admit('anna', `10.0.1.${at}`, 0)).toBeUndefined();
    expect(limit.admit('anna', '10.0.2.1', 0)).toBe(900);
  });
});
