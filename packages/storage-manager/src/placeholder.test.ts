import { expect, test } from 'vitest';
import { nativeText } from './placeholder.js';

test('values get places in their order', () => {
  expect(nativeText('select ? where a = ?', (index) => `$${index + 1}`)).toBe('select $1 where a = $2');
  expect(nativeText('select ? where a = ?', () => '?')).toBe('select ? where a = ?');
});

test('escaped question marks and backslashes are those of names', () => {
  expect(nativeText('select "a\\?" where "b\\\\" = ? and "c\\\\\\?" = ?', (index) => `$${index + 1}`)).toBe(
    'select "a?" where "b\\" = $1 and "c\\?" = $2',
  );
});
