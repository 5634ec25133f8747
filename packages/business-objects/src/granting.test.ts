import { expect, it } from 'vitest';
import { agent, as, north, onEachDatabase, user } from './customer-care.test.support.js';

onEachDatabase('rights', 'populated', (house) => {
  it('shows and changes only what the roles grant', async () => {
    await house.objects.update({ object: 'Customer', key: 'C001', values: { secret: 'pin 2' } });
    const seen = await as(agent, () => house.objects.get({ object: 'Customer', key: 'C001' }));
    expect(seen?.values).not.toHaveProperty('secret');
    const hidden = as(agent, () => house.objects.find({ object: 'Customer', where: "secret = 'pin 2'" }));
    await expect(hidden).rejects.toMatchObject({
      code: 'WHERE_INVALID',
      message: expect.stringContaining("unknown name 'secret'"),
    });
    await expect(as(agent, () => house.objects.find({ object: 'Customer', sort: ['secret'] }))).rejects.toMatchObject({
      code: 'ATTRIBUTE_UNKNOWN',
    });
    await expect(
      as(agent, () => house.objects.update({ object: 'Customer', key: 'C001', values: { balance: { amount: '1' } } })),
    ).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    await expect(as(agent, () => house.objects.delete({ object: 'Customer', key: 'C001' }))).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
    });
    await expect(as(user('v', ['public']), () => house.objects.find({ object: 'Customer' }))).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
    });
    const { objects } = await as(agent, () => house.objects.describe({ object: 'Customer' }));
    expect(objects[0]?.may).toEqual({ read: true, create: true, update: true, delete: false, everyRow: true });
    expect(objects[0]?.attributes.find(({ name }) => name === 'balance')?.readOnly).toBe(true);
    const { events } = await as(agent, () => house.objects.history({ object: 'Customer', key: 'C001' }));
    expect(JSON.stringify(events)).not.toContain('secret');
  });

  it('compiles row rights into every statement', async () => {
    const list = await as(north, () => house.objects.find({ object: 'Customer' }));
    expect(list.records.map(({ key }) => key)).toEqual(['C001', 'C003']);
    expect(list.records[0]?.values).not.toHaveProperty('yearValue');
    expect(await as(north, () => house.objects.get({ object: 'Customer', key: 'C002' }))).toBeNull();
    await expect(
      as(north, () => house.objects.update({ object: 'Customer', key: 'C002', values: { name: 'x' } })),
    ).rejects.toMatchObject({ code: 'RECORD_NOT_FOUND' });
    await expect(as(north, () => house.objects.history({ object: 'Customer', key: 'C002' }))).rejects.toMatchObject({
      code: 'RECORD_NOT_FOUND',
    });
    await expect(
      as(north, () =>
        house.objects.create({ object: 'Customer', values: { customerNo: 'C050', name: 'x', region: 'south' } }),
      ),
    ).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    expect(await house.objects.get({ object: 'Customer', key: 'C050' })).toBeNull();
    const count = await as(north, () =>
      house.objects.aggregate({ object: 'Customer', measures: [{ name: 'n', kind: 'count' }] }),
    );
    expect(count.rows).toEqual([{ by: {}, measures: { n: 2 } }]);
    const nowhere = user('lost', ['partner']);
    expect((await as(nowhere, () => house.objects.find({ object: 'Customer' }))).records).toEqual([]);
    const both = user('both', ['partner', 'agent'], { region: 'north' });
    expect((await as(both, () => house.objects.find({ object: 'Customer' }))).records).toHaveLength(4);
  });
});
