import { CarusoError } from '@caruso/service-manager/contract';
import { expect, it } from 'vitest';
import { CUSTOMERS, onEachDatabase } from './customer-care.test.support.js';

/** What opens doors in SQL, in templates, in full-text languages, in objects of JavaScript. */
const ATTACKS = [
  `'; drop table customer; --`,
  `' or '1'='1`,
  `" or ""="`,
  '` or 1=1 -- ',
  `x') union select secret from customer --`,
  `\\'; delete from customer; #`,
  `1; attach database 'x' as y`,
  `\u00bf'; select pg_sleep(9); --`,
  '${7*7} {{7*7}} #{7*7} :name $1 ?? ? @p1',
  'NEAR("a" "b") OR * AND (a:b) NOT',
  `%_\\%'`,
  'c0, (select secret from customer limit 1)',
  '__proto__',
  'constructor.prototype',
  '../../etc/passwd',
  '-name; select 1',
  'name desc, secret',
  'a'.repeat(200),
];

const REFUSALS =
  /^(?:WHERE_INVALID|PARAMETER_INVALID|ATTRIBUTE_UNKNOWN|ATTRIBUTE_UNSUITABLE|RELATION_UNKNOWN|OBJECT_UNKNOWN|KEY_INVALID|CURSOR_INVALID|RECORD_NOT_FOUND|VALIDATION_FAILED|SEARCH_INVALID)$/;

onEachDatabase('attacks', 'populated', (house) => {
  /** An answer, or a refusal in words of ours; whatever the database itself says would be a way through. */
  const survived = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof CarusoError && REFUSALS.test(error.code)) return undefined;
      // zod, where the form of a query alone is wrong
      if (error instanceof Error && error.name === 'ZodError') return undefined;
      throw error;
    }
  };
  it.each(ATTACKS)('in filters, orders, relations, searches, keys and figures do nothing: %j', async (attack) => {
    const object = 'Customer';
    const find = (query: object) => survived(() => house.objects.find({ object, ...query }));
    const literal = JSON.stringify(attack);
    // As a value it is a text like any other: nobody is called so.
    for (const query of [{ where: 'name = given', params: { given: attack } }, { where: `name = ${literal}` }])
      expect((await find(query))?.records ?? []).toEqual([]);
    expect((await find({ search: attack }))?.records ?? []).toEqual([]);
    for (const query of [
      { where: attack },
      { where: `name = '${attack}'` },
      { where: 'name = given', params: { [attack]: 1 } },
      { sort: [attack] },
      { include: [attack] },
      { include: [`cases.${attack}`] },
      { after: attack },
      { after: Buffer.from(JSON.stringify({ q: attack, v: [attack] })).toString('base64url') },
    ]) {
      const found = await find(query);
      // Where it is an expression after all, it is one of ours over what may be seen.
      for (const record of found?.records ?? []) expect(record.object).toBe(object);
    }
    const key = attack;
    await survived(() => house.objects.get({ object, key }));
    await survived(() => house.objects.find({ object: attack }));
    await survived(() => house.objects.related({ object, key: 'C001', relation: attack }));
    await survived(() => house.objects.history({ object, key }));
    const measured = await survived(() =>
      house.objects.aggregate({ object, measures: [{ name: attack, kind: 'count' }] }),
    );
    expect(Object.values(measured?.rows[0]?.measures ?? { n: CUSTOMERS.length })).toEqual([CUSTOMERS.length]);
    for (const figures of [
      { by: [attack], measures: [{ name: 'n', kind: 'count' as const }] },
      { measures: [{ name: 'n', kind: 'sum' as const, of: attack }] },
      { measures: [{ name: 'n', kind: 'count' as const, where: attack }] },
    ])
      await survived(() => house.objects.aggregate({ object, ...figures }));
    expect((await house.objects.find({ object })).records).toHaveLength(CUSTOMERS.length);
  });

  it('as values are stored as they are', async () => {
    for (const [index, attack] of ATTACKS.entries()) {
      const values = { customerNo: `C${500 + index}`, name: attack.slice(0, 100) };
      const made = await house.objects.create({ object: 'Customer', values });
      expect(made.values['name']).toBe(values.name);
      const changed = await house.objects.update({ object: 'Customer', key: made.key, values: { region: attack } });
      expect(changed.values['region']).toBe(attack);
      const found = await house.keys({ object: 'Customer', where: 'region = given', params: { given: attack } });
      expect(found).toEqual([made.key]);
    }
    expect(await house.keys({ object: 'Customer' })).toHaveLength(CUSTOMERS.length + ATTACKS.length);
  });

  it('by depth and length are refused before a database hears of them', async () => {
    const deep = [
      `${'('.repeat(500)}name = 'x'${')'.repeat(500)}`,
      `${'not '.repeat(480)}active`,
      `${'-'.repeat(500)}score > 1`,
      `${'cases.exists(c, '.repeat(100)}true${')'.repeat(100)}`,
      `name = ${"'a' + ".repeat(300)}'b'`,
      `${'[['.repeat(250)}${']]'.repeat(250)} = 1`,
    ];
    for (const where of deep) {
      expect(where.length).toBeLessThan(2000);
      const refused = house.objects.find({ object: 'Customer', where });
      await expect(refused).rejects.toMatchObject({ code: 'WHERE_INVALID', status: 400 });
    }
    const long = house.objects.find({ object: 'Customer', where: `name = '${'x'.repeat(3000)}'` });
    await expect(long).rejects.toThrow('2000');
  });
});
