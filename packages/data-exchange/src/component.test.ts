import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ada, anna, type House, house, sam, sue } from './house.test.support.js';

let at: House;
beforeEach(async () => {
  at = await house();
});
afterEach(() => at.stop());

const HEAD = 'Customer number;Naam;email;city;since;worth;segment\n';
const customers = async () =>
  (await at.objects.find({ object: 'Customer', sort: ['customerNo'], limit: 500 })).records.map(({ values }) => values);
const rowsOf = async (id: string) =>
  (await at.as(sam, () => at.imports.rows({ import: id, limit: 200 }))).rows.map(
    ({ line, state, record, problems }) => [
      line,
      state,
      record,
      ...problems.map(({ column, message }) => `${column ?? ''}: ${message}`),
    ],
  );

describe('an import', () => {
  it('suggests where the columns go, and stores what they hold', async () => {
    const sent = await at.send(`${HEAD}C1;EVA BAKKER;Eva@X.NL;Delft;2026-01-31;"1.234,50";Business\nC2;Bob;;;;;\n`);
    expect(sent).toMatchObject({
      state: 'read',
      rows: 2,
      by: 'sam',
      mapping: {
        'Customer number': { attribute: 'customerNo' },
        Naam: { attribute: 'name' },
        city: { attribute: 'city' },
      },
    });
    const done = await at.pass('run', sent.import);
    expect(done).toMatchObject({ state: 'done', counts: { created: 2 } });
    expect(await customers()).toMatchObject([
      {
        customerNo: 'C1',
        name: 'Eva Bakker',
        email: 'Eva@x.nl',
        since: '2026-01-31',
        worth: { amount: '1234.50', currency: 'EUR' },
        segment: 'business',
      },
      { customerNo: 'C2', name: 'Bob', email: null, segment: 'household' },
    ]);
    const [event] = await at.journal.read({ types: ['Customer.created'], limit: 1 });
    expect(event?.actor).toEqual({ kind: 'user', id: 'sam' });
  });

  it('tries every row first, and tells faults by line and column, records there are and duplicates', async () => {
    await at.objects.create({ object: 'Customer', values: { customerNo: 'C1', name: 'Ada', email: 'ada@x.nl' } });
    await at.objects.create({ object: 'Customer', values: { customerNo: 'C5', name: 'Karel Prins', city: 'Ede' } });
    const { import: id } = await at.send(
      `${HEAD}C10;Eva;eva@x.nl;;;;\nX;;no mail;;31-31-2026;many;other\nC1;Ada;;;;;\nC11;Twin;ADA@X.NL;;;;\nC12;Karel Prinz;;Ede;;;\nC13;Eva again;eva@x.nl;;;;\n`,
    );
    const checked = await at.pass('check', id);
    expect(checked).toMatchObject({ state: 'checked', counts: { sound: 1, faulty: 2, perhaps: 1, same: 2 } });
    expect(await rowsOf(id)).toEqual([
      [2, 'sound', null],
      [
        3,
        'faulty',
        null,
        "since: '31-31-2026' is no day, YYYY-MM-DD",
        "worth: 'many' is no amount of money",
        'Customer number: should match C[0-9]+',
        'Naam: is required',
        'email: should be a mail address',
        'segment: should be one of household, business',
      ],
      [4, 'faulty', null, 'Customer number: is taken already'],
      [5, 'same', 'C1', ": agrees in email with the record 'C1'"],
      [6, 'perhaps', 'C5', ": agrees in name, city with the record 'C5'"],
      [7, 'same', null, ': agrees in email with line 2'],
    ]);
    expect(await customers()).toHaveLength(2);
  });

  it('changes records that are there by the attributes it matches by, and takes everything back', async () => {
    const old = { customerNo: 'C1', name: 'Ada', email: 'ada@x.nl', city: 'Delft', secret: 'pin' };
    await at.objects.create({ object: 'Customer', values: old });
    const { import: id } = await at.send(
      'email;city;customerNo;name\nada@x.nl;Ede;C1;\nbob@x.nl;Ede;C2;Bob\ncy@x.nl;Ede;C3;Cy\n',
    );
    const mapping = Object.fromEntries(
      ['email', 'city', 'customerNo', 'name'].map((attribute) => [attribute, { attribute }]),
    );
    await at.as(sam, () => at.imports.map({ import: id, mapping, options: { match: ['email'] }, saveAs: 'web shop' }));
    expect((await at.pass('check', id)).counts).toMatchObject({ match: 1, sound: 2 });
    expect((await at.pass('run', id)).counts).toMatchObject({ updated: 1, created: 2 });
    expect(await customers()).toMatchObject([{ ...old, city: 'Ede' }, { customerNo: 'C2' }, { customerNo: 'C3' }]);

    await at.objects.update({ object: 'Customer', key: 'C3', values: { city: 'Gouda' } });
    expect((await at.pass('undo', id)).counts).toMatchObject({ undone: 2, left: 1 });
    expect(await customers()).toMatchObject([old, { customerNo: 'C3', city: 'Gouda' }]);
    expect(await rowsOf(id)).toContainEqual([4, 'left', 'C3', ': was changed since']);

    const next = await at.send('email;city;customerNo;name\ndee@x.nl;Ede;C4;Dee\n');
    const mapped = await at.as(sam, () => at.imports.map({ import: next.import, saved: 'web shop' }));
    expect(mapped).toMatchObject({ mapping, options: { match: ['email'] } });
  });

  it('finds what was saved under the name that an object had before', async () => {
    const { import: id } = await at.send('Who;customerNo\nBob;C2\n');
    const mapping = { Who: { attribute: 'name' }, customerNo: { attribute: 'customerNo' } };
    await at.as(sam, () => at.imports.map({ import: id, mapping, options: { match: [] }, saveAs: 'fair' }));
    await at.pass('run', id);
    await at.rename('Client');
    expect(await at.pass('undo', id)).toMatchObject({ object: 'Client', counts: { undone: 1 } });
    const saved = async () => (await at.as(sam, () => at.imports.mappings({ object: 'Client' }))).mappings;
    expect(await saved()).toMatchObject([{ name: 'fair', mapping }]);
    const file = { object: 'Client', fileName: 'clients.csv' };
    const next = await at.as(sam, () =>
      at.files.receive(file, Readable.from([Buffer.from('Who;customerNo\nCy;C3\n')])),
    );
    await at.settled(next.import);
    expect(await at.as(sam, () => at.imports.map({ import: next.import, saved: 'fair' }))).toMatchObject({ mapping });
    const newer = { ...mapping, Who: { attribute: 'city' } };
    await at.as(sam, () => at.imports.map({ import: next.import, mapping: newer, saveAs: 'fair' }));
    expect(await saved()).toMatchObject([{ name: 'fair', mapping: newer }]);
  });

  it.each([
    ['skip', { skipped: 1 }, 'Delft', 1],
    ['update', { updated: 1 }, 'Ede', 1],
  ] as const)('does with a duplicate what it is told: %s', async (duplicates, counts, city, count) => {
    await at.objects.create({
      object: 'Customer',
      values: { customerNo: 'C1', name: 'Ada', email: 'ada@x.nl', city: 'Delft' },
    });
    const { import: id, mapping } = await at.send('customerNo;name;email;city\nC2;Ada;ADA@X.NL;Ede\n');
    await at.as(sam, () => at.imports.map({ import: id, mapping, options: { duplicates } }));
    expect((await at.pass('run', id)).counts).toMatchObject(counts);
    const there = await customers();
    expect(there).toHaveLength(count);
    expect(there[0]).toMatchObject({ customerNo: 'C1', city });
  });

  it('takes rows that are one record one after the other, and all of them back', async () => {
    const { import: id, mapping } = await at.send(
      'customerNo;name;city\nC1;Ada;Delft\nC2;Bob;Ede\nC1;Ada;Gouda\nC1;Ada;Gouda\nC1;Adah;\n',
    );
    await at.as(sam, () => at.imports.map({ import: id, mapping, options: { match: ['customerNo'] } }));
    expect((await at.pass('check', id)).counts).toMatchObject({ sound: 2, match: 3 });
    expect(await rowsOf(id)).toContainEqual([6, 'match', null, ': is the record of line 2']);
    expect((await at.pass('run', id)).counts).toMatchObject({ created: 2, updated: 2, skipped: 1 });
    expect(await customers()).toMatchObject([{ customerNo: 'C1', name: 'Adah', city: 'Gouda' }, { customerNo: 'C2' }]);
    const events = await at.journal.read({ types: ['Customer.*'] });
    expect(events.map(({ type, subject }) => [type, subject?.key])).toEqual([
      ['Customer.created', 'C1'],
      ['Customer.created', 'C2'],
      ['Customer.updated', 'C1'],
      ['Customer.updated', 'C1'],
    ]);
    expect((await at.pass('undo', id)).counts).toMatchObject({ undone: 4, skipped: 1 });
    expect(await customers()).toEqual([]);
  });

  it.each([
    [
      'skip',
      { created: 2, skipped: 2 },
      [
        ['C1', 'Delft'],
        ['C3', 'Ede'],
      ],
    ],
    [
      'update',
      { created: 2, updated: 2 },
      [
        ['C1', 'Gouda'],
        ['C3', 'Ede'],
      ],
    ],
    // The mail address is unique: told to be stored all the same, the database has the last word.
    [
      'create',
      { created: 2, faulty: 2 },
      [
        ['C1', 'Delft'],
        ['C3', 'Ede'],
      ],
    ],
  ] as const)('holds rows of a file against each other: %s', async (duplicates, counts, stored) => {
    const { import: id, mapping } = await at.send(
      'customerNo;name;email;city\nC1;Ada;ada@x.nl;Delft\nC2;Ada;ADA@X.NL;Ede\nC3;Eva;eva@x.nl;Ede\nC4;A.;ada@x.nl;Gouda\n'.replace(
        'ADA@X.NL',
        'ada@X.NL',
      ),
    );
    await at.as(sam, () => at.imports.map({ import: id, mapping, options: { duplicates } }));
    const checked = duplicates === 'create' ? { sound: 2, faulty: 2 } : { sound: 2, same: 2 };
    expect((await at.pass('check', id)).counts).toMatchObject(checked);
    expect((await at.pass('run', id)).counts).toMatchObject(counts);
    expect((await customers()).map(({ customerNo, city }) => [customerNo, city])).toEqual(stored);
    expect((await at.pass('undo', id)).counts).toMatchObject({
      undone: counts.created + ('updated' in counts ? 2 : 0),
    });
    expect(await customers()).toEqual([]);
  });

  it('puts rows of a file that perhaps are one on the list, with both their keys', async () => {
    const { import: id } = await at.send('customerNo;name;city\nC1;Karel Prins;Ede\nC2;Karel Prinz;Ede\n');
    await at.pass('run', id);
    const { records } = await at.objects.find({ object: 'DuplicateReview' });
    expect(records.map(({ values }) => values)).toMatchObject([{ first: 'C2', second: 'C1', band: 'perhaps' }]);
    await at.pass('undo', id);
    expect((await at.objects.find({ object: 'DuplicateReview' })).records).toEqual([]);
  });

  it('keeps what the database refuses, row by row, and stores the rest', async () => {
    // The model cannot see this one coming: it is a rule of the database.
    await at.storage.query('main', (knex) =>
      knex.raw(
        `create trigger picky before insert on customer when new.city = 'Nowhere' begin select raise(abort, 'no such city'); end`,
      ),
    );
    const lines = Array.from({ length: 60 }, (_, n) => `C${n};Name ${n};${n === 30 ? 'Nowhere' : 'Ede'}\n`).join('');
    const { import: id } = await at.send(`customerNo;name;city\n${lines}`);
    const done = await at.pass('run', id);
    expect(done.counts).toMatchObject({ created: 59 });
    expect(await customers()).toHaveLength(59);
    expect(done.counts.refused).toBe(1);
    expect((await rowsOf(id)).find(([, state]) => state === 'refused')).toEqual([
      32,
      'refused',
      null,
      expect.stringContaining('a constraint does not hold'),
    ]);
  });

  it('looks references up by another attribute', async () => {
    await at.objects.create({ object: 'Customer', values: { customerNo: 'C1', name: 'Ada', email: 'ada@x.nl' } });
    const { import: id } = await at.send('no;name;friend\nC2;Bob;ada@x.nl\nC3;Cy;nobody@x.nl\n');
    const mapping = {
      no: { attribute: 'customerNo' },
      name: { attribute: 'name' },
      friend: { attribute: 'referredBy', by: 'email' },
    };
    await at.as(sam, () => at.imports.map({ import: id, mapping }));
    await at.pass('run', id);
    expect(await rowsOf(id)).toEqual([
      [2, 'created', 'C2'],
      [3, 'refused', null, "friend: no Customer has the email 'nobody@x.nl'"],
    ]);
    expect(await customers()).toContainEqual(expect.objectContaining({ customerNo: 'C2', referredBy: 'C1' }));
  });

  it('takes what looks like SQL, a formula or a script for text', async () => {
    const evil = [
      `Robert'); drop table customer;--`,
      '=cmd|/c calc',
      '<script>alert(1)</script>',
      '${7*7}',
      "' or '1'='1",
    ];
    const quoted = evil.map((text, n) => `C${n};"${text}";"${text}"\n`).join('');
    const { import: id, mapping } = await at.send(`customerNo;name;city\n${quoted}`);
    await at.as(sam, () => at.imports.map({ import: id, mapping, options: { match: ['city'] } }));
    await at.pass('check', id);
    expect((await at.pass('run', id)).counts).toMatchObject({ created: evil.length });
    expect((await customers()).map(({ city }) => city)).toEqual(evil);
    const again = await at.send(
      (await at.export({ format: 'csv', columns: ['customerNo', 'name', 'city'] })).toString(),
    );
    await at.as(sam, () => at.imports.map({ import: again.import, options: { match: ['city'] } }));
    expect((await at.pass('run', again.import)).counts).toMatchObject({ skipped: evil.length });
  });

  it('can be halted, and goes on', async () => {
    const lines = Array.from({ length: 400 }, (_, n) => `C${n};Name ${n}\n`).join('');
    const { import: id } = await at.send(`customerNo;name\n${lines}`);
    await at.as(sam, () => at.imports.run({ import: id }));
    await at.as(sam, () => at.imports.halt({ import: id }));
    const halted = await at.settled(id);
    expect(halted.state).toBe('halted');
    expect((await at.pass('run', id)).counts).toMatchObject({ created: 400 });
  });

  it('refuses a mapping that leads nowhere, and passes that do not fit its state', async () => {
    const { import: id } = await at.send('a;b\n1;2\n');
    const map = (mapping: Record<string, { attribute: string; by?: string }>) =>
      at.as(sam, () => at.imports.map({ import: id, mapping, options: { match: ['city'] } }));
    await expect(
      map({ a: { attribute: 'nmae' }, b: { attribute: 'orders' }, c: { attribute: 'secret' } }),
    ).rejects.toMatchObject({
      code: 'MAPPING_INVALID',
      details: [
        { column: 'a', message: "leads to 'nmae', which Customer does not have" },
        { column: 'b', message: "leads to 'orders', which cannot be written" },
        { column: 'c', message: 'is no column of the file' },
        { column: 'c', message: "leads to 'secret', which Customer does not have" },
        { column: 'city', message: 'is to be matched by, but no column leads to it' },
      ],
    });
    await expect(at.as(sam, () => at.imports.run({ import: id }))).rejects.toMatchObject({ code: 'MAPPING_INVALID' });
    await expect(at.as(sam, () => at.imports.undo({ import: id }))).rejects.toMatchObject({ code: 'IMPORT_STATE' });
  });

  it('belongs to who sent it, and is nothing for who may not create', async () => {
    const { import: id } = await at.send('customerNo;name\nC1;Ada\n');
    await expect(at.as(sue, () => at.imports.rows({ import: id }))).rejects.toMatchObject({ code: 'IMPORT_UNKNOWN' });
    expect((await at.as(sue, () => at.imports.list({}))).imports).toEqual([]);
    expect((await at.as(ada, () => at.imports.list({}))).imports).toHaveLength(1);
    expect((await at.as(sue, () => at.objects.find({ object: 'Import' }))).records).toEqual([]);
    await expect(at.send('a\n1\n', 'a.csv', anna)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });

  it('that cannot be read says where, and a file of another kind is refused', async () => {
    expect(await at.send('a;b\n1;"2\n')).toMatchObject({
      state: 'unreadable',
      problem: expect.stringContaining('quotation mark'),
    });
    expect(await at.send('[{"name": "A\0"}, \0 nonsense', 'a.json')).toMatchObject({
      state: 'unreadable',
      problem: expect.stringContaining('record'),
    });
    await expect(at.send('x', 'virus.exe')).rejects.toMatchObject({ code: 'FORMAT_UNKNOWN', status: 415 });
  });

  it('keeps rows that no database could hold, and shows them with line and column', async () => {
    const { import: id } = await at.send(
      `customerNo;name;city\nC1;A\0da;Ede\nC2;${'x'.repeat(100_000)};Ede\nC3;Eva;Ede\n`,
    );
    expect((await at.pass('run', id)).counts).toMatchObject({ refused: 2, created: 1 });
    expect(await rowsOf(id)).toContainEqual([2, 'refused', null, 'name: holds characters that cannot be stored']);
    expect(await rowsOf(id)).toContainEqual([3, 'refused', null, expect.stringMatching(/^name: is longer than \d+/)]);
    const { rows } = await at.as(sam, () => at.imports.rows({ import: id, states: ['refused'] }));
    expect(rows[0]?.cells).toEqual({ customerNo: 'C1', name: 'A\0da', city: 'Ede' });
  });

  it('gives back its rows with what is said of them, to be corrected and sent again', async () => {
    const { import: id } = await at.send('customerNo;name;city\nC1;;Ede\nC2;Eva;=1+1\nX3;Bob;Ede\n');
    await at.pass('run', id);
    const file = await at.as(sam, async () => {
      const { fileName, bytes } = await at.files.rows(id, ['refused']);
      const parts: Uint8Array[] = [];
      for await (const part of bytes) parts.push(part);
      return { fileName, text: Buffer.concat(parts).toString() };
    });
    expect(file).toEqual({
      fileName: 'customers-rows.csv',
      text:
        '\ufeffcustomerNo;name;city;line;state;problems\r\nC1;;Ede;2;refused;name: is required\r\n' +
        'X3;Bob;Ede;4;refused;customerNo: should match C[0-9]+\r\n',
    });
    await expect(at.as(sue, () => at.files.rows(id))).rejects.toMatchObject({ code: 'IMPORT_UNKNOWN' });
    const again = await at.send(file.text.replace('C1;;', 'C1;Ada;').replace('X3', 'C3'));
    expect((await at.pass('run', again.import)).counts).toMatchObject({ created: 2 });
  });

  it('that is too large is cut off, not stored', async () => {
    const small = await house('sqlite::memory:', { limit: 0.01 });
    try {
      const endless = Readable.from(
        (function* () {
          for (;;) yield Buffer.alloc(1000, 'a');
        })(),
      );
      const sending = small.as(sam, () => small.files.receive({ object: 'Customer', fileName: 'big.csv' }, endless));
      await expect(sending).rejects.toMatchObject({ code: 'UPLOAD_TOO_LARGE', status: 413 });
      endless.destroy();
    } finally {
      await small.stop();
    }
  });
});

describe('an import in a front office that is stopped', () => {
  it('goes on where it was when it starts again', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'caruso-exchange-'));
    const main = `sqlite:${path.join(folder, 'main.db')}`;
    try {
      const lines = Array.from({ length: 500 }, (_, n) => `C${n};Name ${n}\n`).join('');
      let small = await house(main);
      const { import: id } = await small.send(`customerNo;name\n${lines}`);
      await small.as(sam, () => small.imports.run({ import: id }));
      await small.stop();
      small = await house(main);
      try {
        expect(await small.settled(id)).toMatchObject({ state: 'done', counts: { created: 500 }, settled: 500 });
      } finally {
        await small.stop();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
