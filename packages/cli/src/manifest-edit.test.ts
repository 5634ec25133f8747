import { describe, expect, it } from 'vitest';
import { newManifest, withDatabaseEntry } from './manifest-edit.js';

const address = { url: 'sqlite:/x/erp.db', name: 'erp', written: 'sqlite:../erp.db' };

describe('withDatabaseEntry', () => {
  it('adds the database and keeps comments and order', () => {
    const text =
      '# ours\ncaruso: 1\nname: shop # the name\ndatabases:\n  main: sqlite:./a.db   # own\ncomponents: {}\n';
    expect(withDatabaseEntry(text, address)).toBe(
      '# ours\ncaruso: 1\nname: shop # the name\ndatabases:\n  main: sqlite:./a.db # own\n  erp: { url: sqlite:../erp.db, managed: false }\ncomponents: {}\n',
    );
  });

  it('leaves a database of that name alone, and begins the list where there is none', () => {
    const text = 'caruso: 1\ndatabases: { erp: postgres://h/d }\n';
    expect(withDatabaseEntry(text, address)).toBe(text);
    expect(withDatabaseEntry('caruso: 1\n', address)).toBe(
      'caruso: 1\ndatabases:\n  erp: { url: sqlite:../erp.db, managed: false }\n',
    );
  });
});

describe('newManifest', () => {
  it('names the front office and both databases', () => {
    expect(newManifest('old-shop', address)).toContain('name: Old Shop\n');
    expect(newManifest('old-shop', address)).toContain('  main: sqlite:./data/main.db');
  });
});
