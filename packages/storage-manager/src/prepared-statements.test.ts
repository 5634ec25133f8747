import SQLite from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import { PreparedStatements } from './prepared-statements.js';

const connection = new SQLite(':memory:');
afterEach(() => connection.exec('drop table if exists t'));

test('the same text is prepared once', () => {
  const statements = new PreparedStatements(connection);
  expect(statements.of('select ? as a')).toBe(statements.of('select ? as a'));
});

test('the least recently used goes first', () => {
  const statements = new PreparedStatements(connection, 2);
  const first = statements.of('select 1');
  const second = statements.of('select 2');
  statements.of('select 1');
  statements.of('select 3');
  expect(statements.size).toBe(2);
  expect(statements.of('select 1')).toBe(first);
  expect(statements.of('select 2')).not.toBe(second);
});

test('a kept statement sees tables as they are now', () => {
  const statements = new PreparedStatements(connection);
  connection.exec('create table t (a); insert into t values (1)');
  const read = () => statements.of('select * from t').all([]);
  expect(read()).toEqual([{ a: 1 }]);
  connection.exec('alter table t add column b default 2');
  expect(read()).toEqual([{ a: 1, b: 2 }]);
  connection.exec('drop table t; create table t (z, y, x); insert into t values (7, 8, 9)');
  expect(read()).toEqual([{ z: 7, y: 8, x: 9 }]);
});

test('names may hold question marks', () => {
  connection.exec('create table t ("really?"); insert into t values (1), (2)');
  const statements = new PreparedStatements(connection);
  const statement = statements.of('select "really\\?" as a from t where "really\\?" = ?');
  expect(statement.all([2])).toEqual([{ a: 2 }]);
});
