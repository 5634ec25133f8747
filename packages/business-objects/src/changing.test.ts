import { expect, it } from 'vitest';
import { MODEL, onEachDatabase } from './customer-care.test.support.js';

onEachDatabase('changing', 'populated', (house) => {
  it('changes one record, counts its version, refuses a stale one', async () => {
    const changed = await house.objects.update({
      object: 'Customer',
      key: 'C003',
      values: { name: 'Bob', balance: { amount: '0.01' } },
      version: '1',
    });
    expect(changed).toMatchObject({ version: '2', values: { name: 'Bob', balance: { amount: '0.01' } } });
    const stale = house.objects.update({ object: 'Customer', key: 'C003', values: { name: 'Rob' }, version: '1' });
    await expect(stale).rejects.toMatchObject({ code: 'VERSION_CONFLICT', details: { given: '1', current: '2' } });
    expect((await house.objects.update({ object: 'Customer', key: 'C003', values: { name: 'Bob' } })).version).toBe(
      '2',
    );
    await expect(
      house.objects.update({ object: 'Customer', key: 'C003', values: { customerNo: 'C005' } }),
    ).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    await expect(
      house.objects.update({ object: 'Customer', key: 'C999', values: { name: 'x' } }),
    ).rejects.toMatchObject({ code: 'RECORD_NOT_FOUND' });
    await expect(house.objects.get({ object: 'Invoice', key: '2026' })).rejects.toMatchObject({ code: 'KEY_INVALID' });
    const line = await house.objects.update({ object: 'InvoiceLine', key: '2026%7E1~1', values: { text: 'water' } });
    expect(line.values['text']).toBe('water');
  });

  it('journals each change with what was and what is, sensitive values masked', async () => {
    await house.objects.update({ object: 'Customer', key: 'C001', values: { secret: 'pin 2', region: 'north' } });
    const [event] = await house.journal.read({
      subject: { object: 'Customer', key: 'C001' },
      descending: true,
      limit: 1,
    });
    expect(event).toMatchObject({
      type: 'Customer.updated',
      data: { changed: ['secret'] },
      changes: [{ before: { secret: '***' }, after: { secret: '***', name: 'Ada' } }],
    });
    expect(JSON.stringify(await house.journal.read())).not.toContain('pin');
    const { events } = await house.objects.history({ object: 'Customer', key: 'C003' });
    expect(events.map(({ type }) => type)).toEqual(['Customer.updated', 'Customer.created']);
    expect(events[0]?.changed).toEqual([
      { attribute: 'name', before: 'bob', after: 'Bob' },
      {
        attribute: 'balance',
        before: { amount: '-3.10', currency: 'EUR' },
        after: { amount: '0.01', currency: 'EUR' },
      },
    ]);
  });

  it('rolls the change back with its event', async () => {
    const before = await house.journal.read();
    const failing = house.storage.unitOfWork(async () => {
      await house.objects.create({ object: 'Case', values: { customer: 'C001' } });
      throw new Error('later trouble');
    });
    await expect(failing).rejects.toThrow('later trouble');
    expect(await house.journal.read()).toHaveLength(before.length);
    expect((await house.objects.find({ object: 'Case' })).records).toHaveLength(3);
  });

  it('lets only the owner write what a component owns, and journals nothing for it', async () => {
    await expect(house.objects.create({ object: 'Note', values: { text: 'x' } })).rejects.toMatchObject({
      code: 'OBJECT_READ_ONLY',
    });
    await expect(house.model.write('other', 'create', 'Note', { text: 'x' })).rejects.toMatchObject({
      code: 'OWNER_MISMATCH',
    });
    const created = await house.model.write('scribe', 'create', 'Note', { text: 'first' });
    expect(created).toMatchObject({ object: 'Note', before: null, after: { id: created.key, text: 'first' } });
    const changed = await house.model.write('scribe', 'update', 'Note', { id: created.key, text: 'second' });
    expect(changed).toMatchObject({ before: { text: 'first' }, after: { text: 'second' } });
    expect(await house.model.load('Note', 'text = t', { t: 'second' })).toEqual([{ id: created.key, text: 'second' }]);
    await house.model.write('scribe', 'delete', 'Note', { id: created.key });
    expect(await house.model.load('Note', '')).toEqual([]);
    expect(await house.journal.read({ types: ['Note.*'] })).toEqual([]);
  });

  it('deletes one record, but none that others refer to', async () => {
    await expect(house.objects.delete({ object: 'Customer', key: 'C001' })).rejects.toMatchObject({
      code: 'CONSTRAINT_VIOLATED',
      status: 409,
    });
    expect(await house.objects.delete({ object: 'Customer', key: 'C004', version: '1' })).toEqual({ deleted: true });
    expect(await house.objects.get({ object: 'Customer', key: 'C004' })).toBeNull();
    await expect(house.objects.delete({ object: 'Customer', key: 'C004' })).rejects.toMatchObject({
      code: 'RECORD_NOT_FOUND',
    });
  });

  it('takes over another model while it runs, and adds its columns', async () => {
    const files = { ...MODEL, 'case.yaml': `${MODEL['case.yaml']}  mood: { type: text, default: calm }\n` };
    const seen: number[] = [];
    const stop = house.model.onChange(() => seen.push(house.model.version()));
    expect(await house.reload(files)).toEqual([]);
    stop();
    expect(seen).toEqual([2]);
    expect((await house.objects.find({ object: 'Case', where: "mood = 'calm'" })).records).toHaveLength(3);
  });
});
