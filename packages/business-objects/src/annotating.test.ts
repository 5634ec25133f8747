import { Readable } from 'node:stream';
import { beforeAll, expect, it } from 'vitest';
import { agent, as, onEachDatabase, user } from './customer-care.test.support.js';

const MODEL = {
  'case.yaml': `object: Case
notes: true
attachments: { largest: 1 MB, types: [image/*, application/pdf] }
attributes:
  no: { type: integer, key: true }
  region: text
rights:
  agent: { read: all, write: all }
  chief: all
  reader: { read: all }
  regional: { read: "region = user.region", write: [region] }
`,
  'plain.yaml': 'object: Plain\nattributes:\n  no: { type: integer, key: true }\n',
};
const chief = user('carla', ['chief']);
const reader = user('rob', ['reader']);
const south = user('sue', ['regional'], { region: 'south' });
const place = { object: 'Case', key: '1' };

onEachDatabase('what people add to records', MODEL, (house) => {
  beforeAll(async () => {
    if (house.objects === undefined) return;
    await house.objects.create({ object: 'Case', values: { no: 1, region: 'north' } });
    await house.objects.create({ object: 'Case', values: { no: 2, region: 'south' } });
  });
  const note = (text: string, who = agent, at = place) => as(who, () => house.objects.addNote({ ...at, text }));
  const texts = async (who = agent, at = place) =>
    (await as(who, () => house.objects.notes(at))).notes.map(({ text, by }) => [text, by.name]);
  const attach = (content: Buffer | Readable, more: object = {}, who = agent) =>
    as(who, () =>
      house.attachments.attach(
        { ...place, name: 'C:\\photos\\meter.png', type: 'image/png', ...more },
        content instanceof Readable ? content : Readable.from([content]),
      ),
    );
  const bytesOf = async (attachment: string, who = agent) => {
    const { bytes, ...rest } = await as(who, () => house.attachments.open({ ...place, attachment }));
    const parts: Uint8Array[] = [];
    for await (const part of bytes) parts.push(part);
    return { ...rest, content: Buffer.concat(parts) };
  };

  it('notes are written and removed with the rights of the record', async () => {
    const mine = await note(' no one at home, é😀 ');
    await note('called back', chief);
    expect(await texts(reader)).toEqual([
      ['called back', 'carla'],
      ['no one at home, é😀', 'anna'],
    ]);
    await expect(note('x', reader)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    await expect(note('x', south)).rejects.toMatchObject({ code: 'RECORD_NOT_FOUND' });
    await expect(texts(south)).rejects.toMatchObject({ code: 'RECORD_NOT_FOUND' });
    await note('seen', south, { object: 'Case', key: '2' });
    const remove = (who: typeof agent, id: string) => as(who, () => house.objects.removeNote({ ...place, note: id }));
    const [theirs] = (await as(agent, () => house.objects.notes(place))).notes;
    await expect(remove(agent, theirs?.id ?? '')).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    expect(await remove(chief, mine.id)).toEqual({ removed: true });
    await expect(remove(chief, mine.id)).rejects.toMatchObject({ code: 'ANNOTATION_MISSING', status: 404 });
    await expect(note('x', agent, { object: 'Plain', key: '1' })).rejects.toMatchObject({ code: 'RECORD_NOT_FOUND' });
    const { events } = await as(agent, () => house.objects.history(place));
    expect(events.map(({ type }) => type)).toEqual(['Case.noteRemoved', 'Case.noted', 'Case.noted', 'Case.created']);
    expect(JSON.stringify(await house.journal.read())).not.toContain('at home');
  });

  it('files come and go in parts, byte for byte', async () => {
    const content = Buffer.alloc(700_000, 'meter \u00ff');
    const whole = await attach(
      Readable.from([content.subarray(0, 3), content.subarray(3, 600_000), content.subarray(600_000)]),
    );
    expect(whole).toMatchObject({ name: 'meter.png', type: 'image/png', size: 700_000, by: { name: 'anna' } });
    const read = await bytesOf(whole.id, reader);
    expect(read.content.equals(content)).toBe(true);
    const empty = await attach(Buffer.alloc(0));
    expect((await bytesOf(empty.id)).content).toHaveLength(0);
    const { attachments } = await as(reader, () => house.objects.attachments(place));
    expect(attachments.map(({ size }) => size).sort()).toEqual([0, 700_000]);
    await expect(bytesOf(whole.id, south)).rejects.toMatchObject({ code: 'RECORD_NOT_FOUND' });
    await expect(
      as(agent, () => house.attachments.open({ object: 'Case', key: '2', attachment: whole.id })),
    ).rejects.toMatchObject({ code: 'ANNOTATION_MISSING' });
    await as(agent, () => house.objects.detach({ ...place, attachment: whole.id }));
    await expect(bytesOf(whole.id)).rejects.toMatchObject({ code: 'ANNOTATION_MISSING' });
  });

  it('files that are too large, of another type, broken off or of who may not are refused, and leave nothing', async () => {
    const { attachments: before } = await as(agent, () => house.objects.attachments(place));
    await expect(attach(Buffer.from('x'), { announced: 2_000_000_000 })).rejects.toMatchObject({
      code: 'ATTACHMENT_TOO_LARGE',
      status: 413,
    });
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(100_000);
      })(),
    );
    await expect(attach(endless)).rejects.toMatchObject({ code: 'ATTACHMENT_TOO_LARGE' });
    await expect(attach(Buffer.from('x'), { type: 'text/html' })).rejects.toMatchObject({
      code: 'ATTACHMENT_TYPE',
      status: 415,
    });
    await expect(attach(Buffer.from('x'), {}, reader)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    await expect(attach(Buffer.from('x'), {}, south)).rejects.toMatchObject({ code: 'RECORD_NOT_FOUND' });
    const broken = Readable.from(
      (async function* () {
        yield Buffer.alloc(300_000);
        throw new Error('gone');
      })(),
    );
    await expect(attach(broken)).rejects.toThrow('gone');
    expect((await as(agent, () => house.objects.attachments(place))).attachments).toEqual(before);
    const left = await house.storage.query<object[]>('main', (knex) =>
      knex('caruso_attachment_part').select('attachment'),
    );
    expect(left).toEqual([]);
  });

  it('goes with an object that is renamed', async () => {
    const renamed = { 'ticket.yaml': MODEL['case.yaml'].replace('object: Case', 'object: Ticket\nwas: Case') };
    expect(await house.reload(renamed)).toEqual([]);
    expect((await texts(agent, { object: 'Ticket', key: '1' })).length).toBeGreaterThan(0);
    await house.reload({ ...MODEL, 'case.yaml': `${MODEL['case.yaml']}was: Ticket\n` });
    expect((await texts()).length).toBeGreaterThan(0);
  });

  it('goes with a record that is deleted, and into the one that it is merged with', async () => {
    const kept = { object: 'Case', key: '2' };
    await attach(Buffer.from('x'));
    const adopted = await house.storage.unitOfWork(() => house.model.adopt('Case', '1', '2'));
    expect(adopted.length).toBeGreaterThan(1);
    expect(await texts(agent, place)).toEqual([]);
    expect((await texts(agent, kept)).length).toBeGreaterThan(1);
    await as(chief, () => house.objects.delete(kept));
    const rows = ['caruso_note', 'caruso_attachment', 'caruso_attachment_part'].map((table) =>
      house.storage.query<object[]>('main', (knex) => knex(table).select()),
    );
    expect((await Promise.all(rows)).flat()).toEqual([]);
  });
});
