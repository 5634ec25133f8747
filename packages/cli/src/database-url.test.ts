import { describe, expect, it } from 'vitest';
import { readDatabaseUrl } from './database-url.js';

const read = (url: string, name?: string) => readDatabaseUrl(url, '/home/anna', '/home/anna/shop', name);

describe('readDatabaseUrl', () => {
  it('writes the path of an SQLite file as seen from the front office', () => {
    expect(read('sqlite:./northwind.db')).toEqual({
      url: 'sqlite:/home/anna/northwind.db',
      name: 'northwind',
      written: 'sqlite:../northwind.db',
    });
    expect(read('sqlite:shop/data/1 Old Shop.sqlite').written).toBe('sqlite:./data/1 Old Shop.sqlite');
    expect(read('sqlite:shop/data/1 Old Shop.sqlite').name).toBe('old-shop');
    expect(read('sqlite:///var/lib/erp.db')).toMatchObject({
      url: 'sqlite:/var/lib/erp.db',
      written: 'sqlite:/var/lib/erp.db',
    });
    expect(read('sqlite:./main.db').name).toBe('legacy');
  });

  it('never writes a password down', () => {
    expect(read('postgres://root@127.0.0.1:5432/test')).toMatchObject({
      name: 'test',
      written: 'postgres://root@127.0.0.1:5432/test',
    });
    expect(read('mariadb://u:geheim@db/old-erp').written).toBe('${OLD_ERP_URL}');
    const secret = read('postgres://u:geheim@db/old-erp');
    expect(secret).toMatchObject({ name: 'old-erp', written: '${OLD_ERP_URL}', variable: 'OLD_ERP_URL' });
  });

  it('refuses what is no address, without repeating its password', () => {
    for (const url of ['northwind.db', 'sqlite:', 'oracle://u:geheim@h/d', 'postgres://']) {
      try {
        read(url);
        expect.unreachable(url);
      } catch (error) {
        expect(String(error)).not.toContain('geheim');
        expect(error).toMatchObject({ code: 'DATABASE_URL_INVALID' });
      }
    }
  });
});
