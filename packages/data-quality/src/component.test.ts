import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { agent, databases, type House, house, MODEL, partner, supervisor } from './house.test.support.js';

describe.each(databases)('data quality on $name', ({ open }) => {
  let at: House;
  let close: (() => Promise<void>) | undefined;
  let number = 0;

  beforeAll(async () => {
    const urls = await open();
    if (urls === undefined) return;
    at = await house(urls);
    close = urls.close;
  });
  afterAll(async () => {
    await at?.stop();
    await close?.();
  });
  beforeEach((test) => {
    if (close === undefined) test.skip();
  });

  const create = (values: Record<string, unknown>, more: object = {}) =>
    at.objects.create({ object: 'Customer', values: { customerNo: `C${++number}`, ...values }, ...more });
  const reviewsOf = async (key: string) =>
    (
      await at.objects.find({ object: 'DuplicateReview', where: 'first = k or second = k', params: { k: key } })
    ).records.map(({ values }) => values);

  describe('at the door', () => {
    it('brings values into the one form the model declares', async () => {
      const { values } = await create({ name: ' EVA   BAKKER', email: ' Eva@Example.ORG', phone: '020 794 1234' });
      expect(values).toMatchObject({ name: 'Eva Bakker', email: 'Eva@example.org', phone: '+31207941234' });
    });

    it('refuses a telephone number that cannot exist, with all other faults', async () => {
      await expect(create({ phone: '12', city: 7 })).rejects.toMatchObject({
        code: 'VALIDATION_FAILED',
        details: [
          { attribute: 'phone', message: expect.stringContaining('one of NL') },
          { attribute: 'name', message: 'is required' },
          { attribute: 'city', message: 'should be text' },
        ],
      });
    });

    it('turns away a record that is the same, and names the one there is', async () => {
      const there = await create({ name: 'Frits Smit', phone: '010 412 3456' });
      await expect(create({ name: 'frits  smidt', phone: '+31 10 4123456' })).rejects.toMatchObject({
        code: 'DUPLICATE_FOUND',
        status: 409,
        details: { duplicates: [{ key: there.key, display: 'Frits Smit', band: 'same', agree: ['name', 'phone'] }] },
      });
    });

    it('stores it anyway where it is told to, and puts the pair on the list', async () => {
      const there = await create({ name: 'Gerda Mulder', phone: '010 412 3457' });
      const twin = await create({ name: 'Gerda Mulder', phone: '0104123457' }, { anyway: true });
      expect(await reviewsOf(twin.key)).toMatchObject([
        { first: twin.key, second: there.key, band: 'same', state: 'open' },
      ]);
    });

    it('stores what is perhaps the same, and puts the pair on the list', async () => {
      const there = await create({ name: 'Hendrik Vos', city: 'Gouda' });
      const near = await create({ name: 'Hendrick Vos', city: 'Gouda' });
      expect(await reviewsOf(near.key)).toMatchObject([{ second: there.key, band: 'perhaps', agree: 'name, city' }]);
      const events = await at.journal.read({ types: ['DuplicateReview.created'], limit: 1, descending: true });
      expect(events[0]?.changes[0]?.after).toMatchObject({ first: near.key });
    });

    it('looks at changes as well, but not at those of other attributes', async () => {
      await create({ name: 'Ineke Bos', email: 'ineke@x.nl', phone: '010 412 3460' });
      const other = await create({ name: 'Somebody Else', phone: '010 412 3460' });
      const change = (values: Record<string, unknown>) =>
        at.objects.update({ object: 'Customer', key: other.key, values });
      await expect(change({ name: 'Ineke Boss' })).rejects.toMatchObject({ code: 'DUPLICATE_FOUND' });
      expect((await change({ since: '2020-01-01' })).values['name']).toBe('Somebody Else');
    });

    it('does not tell of records that the user may not see', async () => {
      await create({ name: 'Jaap Kok', phone: '010 412 3470', city: 'Leiden' });
      const entered = at.as(partner, () => create({ name: 'Jaap Kok', phone: '010 412 3470', city: 'Delft' }));
      await expect(entered).rejects.toMatchObject({
        code: 'DUPLICATE_FOUND',
        message: expect.not.stringContaining('Jaap'),
        details: { duplicates: [{ key: null, display: null, agree: [] }] },
      });
    });

    it('forgets a record that is deleted, and one whose change was rolled back', async () => {
      const gone = await create({ name: 'Karel Prins', email: 'karel@x.nl' });
      await at.objects.delete({ object: 'Customer', key: gone.key });
      const undone = at.storage.unitOfWork(async () => {
        await create({ name: 'Karel Prins', email: 'karel@x.nl' });
        throw new Error('no');
      });
      await expect(undone).rejects.toThrow('no');
      await create({ name: 'Karel Prins', email: 'karel@x.nl' });
    });

    it('lets one of two through that are entered at the same time', async () => {
      const both = await Promise.allSettled([
        create({ name: 'Lena Maas', phone: '010 412 3480' }),
        create({ name: 'Lena Maas', phone: '010 412 3480' }),
      ]);
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    });

    it('tells before anything is stored what would happen', async () => {
      const there = await create({ name: 'Mia Dekker', email: 'mia@x.nl' });
      const asked = { object: 'Customer', values: { name: 'mia dekker', email: 'MIA@x.nl', phone: '9' } };
      const told = await at.as(agent, () => at.quality.check(asked));
      expect(told).toMatchObject({
        values: { name: 'Mia Dekker' },
        duplicates: [{ key: there.key, band: 'same', agree: ['email'] }],
      });
      expect(told.violations.map(({ attribute }) => attribute)).toEqual(['phone', 'customerNo']);
    });
  });

  describe('merging', () => {
    const pair = async () => {
      const own = { phone: `+3110412${4000 + number}`, city: `Breda ${number}` };
      const kept = await create({
        name: 'Noor Jong',
        ...own,
        since: '2022-01-01',
        secret: 'pin',
      });
      const other = await create(
        {
          name: 'Noortje de Jong',
          ...own,
          email: `noor${number}@x.nl`,
          since: '2019-01-01',
          referredBy: kept.key,
        },
        { anyway: true },
      );
      const of = { customer: other.key };
      const oneCase = await at.objects.create({ object: 'Case', values: { ...of, subject: 'no gas' } });
      await at.objects.create({ object: 'Membership', values: { ...of, club: 'gold', level: '2' } });
      await at.objects.create({ object: 'Membership', values: { ...of, club: 'silver' } });
      await at.objects.create({ object: 'Membership', values: { customer: kept.key, club: 'silver', level: '1' } });
      await at.objects.create({ object: 'Invoice', values: { ...of, number } });
      const visit = { id: `visit ${number}`, customer: other.key };
      await at.storage.unitOfWork(() => at.model.write('scribe', 'create', 'Visit', visit));
      const friend = await create({ name: `Olga ${number}`, referredBy: other.key });
      return { kept, other, oneCase, friend, invoice: String(number - 1) };
    };
    const referring = async (key: string) => {
      const found: Record<string, number> = {};
      for (const object of ['Case', 'Membership', 'Invoice', 'Visit'])
        found[object] = (await at.objects.find({ object, where: 'customer = k', params: { k: key } })).records.length;
      found['Customer'] = (
        await at.objects.find({ object: 'Customer', where: 'referredBy = k', params: { k: key } })
      ).records.length;
      return found;
    };
    const whole = (key: string) => at.objects.get({ object: 'Customer', key });

    it('shows both sides and what would come of them', async () => {
      const { kept, other } = await pair();
      const asked = { object: 'Customer', keep: kept.key, other: other.key, take: { city: 'other' as const } };
      const { attributes, related } = await at.as(supervisor, () => at.quality.compare(asked));
      expect(related).toEqual({ Case: 1, Customer: 1, Invoice: 1, Membership: 2, Visit: 1 });
      const from = Object.fromEntries(attributes.map(({ name, from: side }) => [name, side]));
      expect(from).toEqual({
        customerNo: 'kept',
        name: 'other',
        email: 'other',
        phone: 'kept',
        city: 'other',
        since: 'other',
        secret: 'kept',
        referredBy: 'other',
      });
    });

    it('moves what refers to the other record, lets values survive by field, and is undone', async () => {
      const { kept, other, friend } = await pair();
      const before = await whole(other.key);
      const asked = { object: 'Customer', keep: kept.key, other: other.key };
      const { merge, moved } = await at.as(supervisor, () => at.quality.merge(asked));
      expect(moved).toBe(6);
      expect(await whole(other.key)).toBeNull();
      const merged = await whole(kept.key);
      expect(merged?.values).toMatchObject({
        name: 'Noortje de Jong',
        email: before?.values['email'],
        phone: before?.values['phone'],
        since: '2019-01-01',
        secret: 'pin',
        referredBy: null,
        openCases: 1,
      });
      expect(await referring(kept.key)).toEqual({ Case: 1, Membership: 2, Invoice: 1, Visit: 1, Customer: 1 });
      expect(await reviewsOf(kept.key)).toMatchObject([{ state: 'merged', decidedBy: 'sam' }]);
      const history = await at.objects.history({ object: 'Customer', key: kept.key });
      expect(history.events.map(({ type }) => type)).toContain('Customer.merged');
      expect(JSON.stringify(await at.journal.read({ types: ['Customer.merged'] }))).not.toContain('pin');

      // Changed in the meantime: this stays as it is.
      await at.objects.update({ object: 'Customer', key: kept.key, values: { city: 'Tilburg' } });
      await at.objects.update({ object: 'Customer', key: friend.key, values: { referredBy: null } });
      const { left } = await at.as(supervisor, () => at.quality.unmerge({ merge }));
      expect(left).toEqual([{ object: 'Customer', key: friend.key, reason: 'referredBy was changed since' }]);
      expect((await whole(other.key))?.values).toEqual(before?.values);
      expect((await whole(kept.key))?.values).toMatchObject({ name: 'Noor Jong', email: null, city: 'Tilburg' });
      expect(await referring(other.key)).toEqual({ Case: 1, Membership: 2, Invoice: 1, Visit: 1, Customer: 0 });
      expect(await referring(kept.key)).toMatchObject({ Membership: 1 });
      expect(await reviewsOf(other.key)).toMatchObject([{ state: 'open', decidedBy: null }]);
      await expect(at.as(supervisor, () => at.quality.unmerge({ merge }))).rejects.toMatchObject({
        code: 'MERGE_UNKNOWN',
      });
    });

    it('moves links without doubling them, and parts them again', async () => {
      const { kept, other, friend } = await pair();
      for (const [object, names] of [
        ['Interest', ['solar', 'wind', 'gas']],
        ['Club', ['chess', 'rowing']],
      ] as const)
        for (const name of names)
          if ((await at.objects.get({ object, key: name })) === null)
            await at.objects.create({ object, values: { name } });
      const link = (key: string, relation: string, keys: string[]) =>
        at.objects.link({ object: 'Customer', key, relation, keys });
      await link(kept.key, 'interests', ['solar', 'wind']);
      await link(other.key, 'interests', ['wind', 'gas']);
      await link(kept.key, 'clubs', ['chess']);
      await link(other.key, 'clubs', ['chess', 'rowing']);
      await link(other.key, 'friends', [kept.key, friend.key]);
      await link(kept.key, 'friends', [friend.key]);
      await link(friend.key, 'friends', [other.key]);
      const linked = async (key: string) => {
        const found: Record<string, string[]> = {};
        for (const relation of ['interests', 'clubs', 'friends'])
          found[relation] = (await at.objects.related({ object: 'Customer', key, relation })).records.map(
            (each) => each.key,
          );
        return found;
      };
      const before = { kept: await linked(kept.key), other: await linked(other.key), friend: await linked(friend.key) };
      const asked = { object: 'Customer', keep: kept.key, other: other.key };
      const { related } = await at.as(supervisor, () => at.quality.compare({ ...asked, take: {} }));
      expect(related).toMatchObject({ Interest: 2, Joining: 2 });
      const { merge } = await at.as(supervisor, () => at.quality.merge(asked));
      expect(await linked(kept.key)).toEqual({
        interests: ['gas', 'solar', 'wind'],
        clubs: ['chess', 'rowing'],
        friends: [friend.key],
      });
      expect(await linked(friend.key)).toMatchObject({ friends: [kept.key] });
      const joined = await at.objects.find({ object: 'Joining', where: 'customer = k', params: { k: kept.key } });
      expect(joined.records).toHaveLength(2);
      const { left } = await at.as(supervisor, () => at.quality.unmerge({ merge }));
      expect(left).toEqual([]);
      expect({
        kept: await linked(kept.key),
        other: await linked(other.key),
        friend: await linked(friend.key),
      }).toEqual(before);
    });

    it('moves however many records refer to it, with its notes and files, and parts all of them again', async () => {
      const { kept, other } = await pair();
      const many = 3500;
      const key = (n: number) => `many-${other.key}-${n}`;
      await at.storage.insertRows('main', {
        table: 'case',
        columns: ['id', 'customer', 'subject', 'caruso_version'],
        rows: Array.from({ length: many }, (_, n) => [key(n), other.key, `Case ${n}`, 1]),
      });
      const note = (customer: string, text: string) =>
        at.as(supervisor, () => at.objects.addNote({ object: 'Customer', key: customer, text }));
      const notes = async (customer: string) =>
        (await at.as(supervisor, () => at.objects.notes({ object: 'Customer', key: customer }))).notes
          .map(({ text }) => text)
          .sort();
      await note(kept.key, 'of the one');
      await note(other.key, 'of the other');
      const before = await referring(other.key);
      const cases = async (customer: string) => {
        const rows = await at.storage.query<{ n: number }[]>('main', (knex) =>
          knex('case').where({ customer }).count('* as n'),
        );
        return Number(rows[0]?.n);
      };
      const all = await cases(other.key);

      const asked = { object: 'Customer', keep: kept.key, other: other.key };
      const { merge, moved } = await at.as(supervisor, () => at.quality.merge(asked));
      expect(moved).toBeGreaterThan(many);
      expect(await cases(other.key)).toBe(0);
      expect(await notes(kept.key)).toEqual(['of the one', 'of the other']);
      await note(kept.key, 'since');
      await at.objects.update({ object: 'Case', key: key(3400), values: { customer: (await pair()).kept.key } });

      const { left } = await at.as(supervisor, () => at.quality.unmerge({ merge }));
      expect(left).toEqual([{ object: 'Case', key: key(3400), reason: 'customer was changed since' }]);
      expect(await cases(other.key)).toBe(all - 1);
      expect(await referring(other.key)).toEqual(before);
      expect(await notes(other.key)).toEqual(['of the other']);
      expect(await notes(kept.key)).toEqual(['of the one', 'since']);
      expect(await at.storage.query('main', (knex) => knex('caruso_merge_move').where({ merge }))).toEqual([]);
    });

    it('is refused to who may not delete, and leaves everything as it was', async () => {
      const { kept, other } = await pair();
      const asked = { object: 'Customer', keep: kept.key, other: other.key };
      await expect(at.as(agent, () => at.quality.merge(asked))).rejects.toMatchObject({ code: 'MERGE_IMPOSSIBLE' });
      const itself = { object: 'Customer', keep: kept.key, other: kept.key };
      await expect(at.as(supervisor, () => at.quality.merge(itself))).rejects.toMatchObject({
        code: 'MERGE_IMPOSSIBLE',
      });
      expect(await whole(other.key)).not.toBeNull();
      expect(await referring(other.key)).toMatchObject({ Case: 1 });
    });

    it('lets what waited with the record that went wait with the one that was kept', async () => {
      const kept = await create({ name: 'Quinten Ras', city: 'Ede', phone: '010 412 3500' });
      const other = await create({ name: 'Quinten Ras', city: 'Ede', phone: '0104123500' }, { anyway: true });
      const third = await create({ name: 'Quintin Ras', city: 'Ede' });
      await at.as(supervisor, () => at.quality.merge({ object: 'Customer', keep: kept.key, other: other.key }));
      expect(await reviewsOf(third.key)).toMatchObject([{ state: 'open' }]);
      const [waiting] = await reviewsOf(third.key);
      expect([waiting?.['first'], waiting?.['second']].sort()).toEqual([kept.key, third.key].sort());
    });
  });

  it('does not ask again of two records that somebody decided are different', async () => {
    const one = await create({ name: 'Rik Tol', city: 'Best' });
    const two = await create({ name: 'Rick Tol', city: 'Best' });
    const [review] = await reviewsOf(two.key);
    await at.as(supervisor, () => at.quality.dismiss({ review: String(review?.['id']) }));
    await at.objects.update({ object: 'Customer', key: one.key, values: { name: 'Rikk Tol' } });
    expect(await reviewsOf(two.key)).toMatchObject([{ state: 'different', decidedBy: 'sam' }]);
  });
});

describe('an index', () => {
  const plain = {
    ...MODEL,
    'model/customer.yaml': MODEL['model/customer.yaml'].replace(/duplicates:[^]*?(?=rights:)/, ''),
  };

  it('is built for records that were there before their duplicates were declared', async () => {
    const at = await house({ main: 'sqlite::memory:', billing: 'sqlite::memory:' }, plain);
    try {
      for (let n = 0; n < 450; n++)
        await at.objects.create({
          object: 'Customer',
          values: { customerNo: `C${n}`, name: `Name ${n}`, phone: `+3110412${3000 + n}` },
        });
      at.update(MODEL);
      await expect.poll(async () => at.manager.services.tree().every(({ state }) => state === 'active')).toBe(true);
      const twin = { object: 'Customer', values: { customerNo: 'X', name: 'Name 449', phone: '+31104123449' } };
      await expect.poll(() => at.quality.check(twin).then(({ duplicates }) => duplicates[0]?.key)).toBe('C449');
      await expect(at.objects.create(twin)).rejects.toMatchObject({ code: 'DUPLICATE_FOUND' });
    } finally {
      await at.stop();
    }
  });
});
