import type { Principal } from '@caruso/service-manager/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, house, MODEL } from './house.test.support.js';

const administrator: Principal = { kind: 'user', id: 'ada', name: 'Ada', roles: ['administrator'] };
const inDelft: Principal = {
  kind: 'user',
  id: 'dirk',
  name: 'Dirk',
  roles: ['supervisor'],
  attributes: { city: 'Delft' },
};

describe('who decides on duplicates', () => {
  let at: House;
  let number = 0;

  beforeAll(async () => {
    const regional = MODEL['model/customer.yaml'].replace(
      'supervisor: all',
      'supervisor: { read: "city = user.city", write: all, create: true, delete: true }',
    );
    at = await house(
      { main: 'sqlite::memory:', billing: 'sqlite::memory:' },
      { ...MODEL, 'model/customer.yaml': regional },
    );
  });
  afterAll(() => at?.stop());

  const pair = async (name: string, city: string) => {
    const create = (values: Record<string, unknown>) =>
      at.objects.create({ object: 'Customer', values: { customerNo: `D${++number}`, city, ...values } });
    return { kept: await create({ name }), other: await create({ name: `${name}s` }) };
  };
  const told = async (who: Principal) => {
    const { reviews } = await at.as(who, () => at.quality.reviews({}));
    return reviews.map(({ first, second }) => [first.display, second.display]);
  };
  const merges = (who: Principal) => at.as(who, () => at.quality.merges({}));

  it('is told of the pairs whose records are theirs to see, by the names these have now', async () => {
    const own = await pair('Eva Jans', 'Delft');
    await pair('Frans Pool', 'Breda');
    expect(await told(inDelft)).toEqual([['Eva Janss', 'Eva Jans']]);
    expect(await told(administrator)).toEqual(
      expect.arrayContaining([
        ['Eva Janss', 'Eva Jans'],
        ['Frans Pools', 'Frans Pool'],
      ]),
    );
    await at.objects.update({ object: 'Customer', key: own.kept.key, values: { name: 'Eva Jansz' } });
    expect(await told(inDelft)).toEqual([['Eva Janss', 'Eva Jansz']]);
    const { reviews } = await at.as(administrator, () => at.quality.reviews({ limit: 1 }));
    expect(reviews).toHaveLength(1);
  });

  it('reads neither list as it is, and decides on no pair that is not theirs to see', async () => {
    await pair('Greet Boon', 'Breda');
    for (const object of ['DuplicateReview', 'RecordMerge'])
      for (const who of [inDelft, administrator])
        await expect(at.as(who, () => at.objects.find({ object }))).rejects.toMatchObject({ status: 403 });
    const { reviews } = await at.as(administrator, () => at.quality.reviews({}));
    const hidden = reviews.find(({ second }) => second.display === 'Greet Boon');
    const dismissing = { review: hidden?.review ?? '' };
    await expect(at.as(inDelft, () => at.quality.dismiss(dismissing))).rejects.toMatchObject({
      code: 'REVIEW_UNKNOWN',
    });
    await at.as(administrator, () => at.quality.dismiss(dismissing));
    expect((await told(administrator)).flat()).not.toContain('Greet Boon');
  });

  it('parts only what is theirs to see and to change', async () => {
    const { kept, other } = await pair('Huub Knol', 'Breda');
    const { merge } = await at.as(administrator, () =>
      at.quality.merge({ object: 'Customer', keep: kept.key, other: other.key }),
    );
    expect((await merges(inDelft)).merges).toEqual([]);
    expect((await merges(administrator)).merges).toMatchObject([
      { merge, object: 'Customer', kept: { key: kept.key, display: 'Huub Knols' }, dropped: 'Huub Knols', by: 'ada' },
    ]);
    await expect(at.as(inDelft, () => at.quality.unmerge({ merge }))).rejects.toMatchObject({ code: 'MERGE_UNKNOWN' });
    const reader: Principal = { ...inDelft, id: 'rea', attributes: { city: 'Breda' } };
    await at.as(reader, () => at.quality.unmerge({ merge }));
    expect((await merges(administrator)).merges).toEqual([]);
  });
});
