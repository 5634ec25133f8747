import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiClient } from '../support/api.js';
import { FrontOffice, removeFolder, runCaruso } from '../support/front-office.js';
import { type ImportStatus, importUntil, leadFolder, leads, sendLeads } from '../support/lead-import.js';

const countOf = async (client: ApiClient, object: string) => {
  const input = { object, measures: [{ name: 'all', kind: 'count' }] };
  const { rows } = await client.call<{ rows: { measures: { all: number } }[] }>('objects.aggregate', input);
  return rows[0]?.measures.all ?? 0;
};

describe('an import of many rows', () => {
  const folder = leadFolder();
  afterAll(() => removeFolder(folder));

  const rows = Number(process.env['CARUSO_TEST_IMPORT_ROWS'] ?? 50_000);
  const { file, twins } = leads(rows);

  test(
    'finds duplicates before anything is stored, lets others work meanwhile, outlives kill -9, and is taken back',
    async () => {
      let office = await FrontOffice.start(folder);
      try {
        let sam = await ApiClient.signedIn(office.url, 'sam', 'lumen-demo');
        const { import: id } = await sendLeads(sam, file);
        expect(await importUntil(sam, id)).toMatchObject({ state: 'read', rows });

        await sam.call('imports.check', { import: id });
        const checked = await importUntil(sam, id);
        expect(checked).toMatchObject({ state: 'checked', settled: rows, counts: { same: twins } });
        expect((checked.counts['sound'] ?? 0) + (checked.counts['perhaps'] ?? 0)).toBe(rows - twins);
        expect(await countOf(sam, 'Lead')).toBe(0);

        await sam.call('imports.run', { import: id });
        // Whoever asks while it runs is answered while it runs: no answer waits for its end.
        for (let n = 0; n < 20; n++) {
          expect((await sam.fetch('GET', '/api/objects/Customer?limit=5')).status).toBe(200);
          expect((await sam.call<ImportStatus>('imports.status', { import: id })).state).toBe('running');
        }
        const before = await importUntil(sam, id, ({ settled }) => settled > rows / 10);
        expect(before.state).toBe('running');
        await office.stop('SIGKILL');

        office = await FrontOffice.start(folder, { port: Number(new URL(office.url).port) });
        sam = await ApiClient.signedIn(office.url, 'sam', 'lumen-demo');
        const done = await importUntil(sam, id);
        expect(done).toMatchObject({ state: 'done', settled: rows, counts: { created: rows - twins, skipped: twins } });
        expect(await countOf(sam, 'Lead')).toBe(rows - twins);

        await sam.json('PATCH', '/api/objects/Lead/L7', { values: { city: 'Somewhere else' } }, { 'if-match': '*' });
        await sam.call('imports.undo', { import: id });
        const half = await importUntil(sam, id, ({ settled }) => settled > rows / 10);
        expect(half.state).toBe('undoing');
        await office.stop('SIGKILL');

        office = await FrontOffice.start(folder, { port: Number(new URL(office.url).port) });
        sam = await ApiClient.signedIn(office.url, 'sam', 'lumen-demo');
        expect(await importUntil(sam, id)).toMatchObject({
          state: 'undone',
          counts: { undone: rows - twins - 1, left: 1 },
        });
        const left = await sam.json<{ records: { key: string }[] }>('GET', '/api/objects/Lead');
        expect(left.records.map(({ key }) => key)).toEqual(['L7']);
      } finally {
        await office.stop();
      }
    },
    45 * 60_000,
  );
});

describe('files over HTTP', () => {
  const folder = leadFolder();
  let office: FrontOffice;
  let sam: ApiClient;
  beforeAll(async () => {
    office = await FrontOffice.start(folder);
    sam = await ApiClient.signedIn(office.url, 'sam', 'lumen-demo');
  });
  afterAll(async () => {
    await office.stop();
    removeFolder(folder);
  });

  /** Sends a head, and as much of a body as is wanted. */
  const raw = (headers: Record<string, string>, body: Iterable<Buffer>) =>
    new Promise<{ status: number; body: string }>((resolve, reject) => {
      const sending = request(`${office.url}/api/imports/Lead?file=big.csv`, {
        method: 'POST',
        headers: { cookie: sam.cookieHeader, 'content-type': 'application/octet-stream', ...headers },
      });
      sending.on('response', (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      });
      sending.on('error', reject);
      for (const piece of body) sending.write(piece);
      if (headers['content-length'] === undefined) sending.end();
      else sending.flushHeaders();
    });

  test('two gigabytes that are announced are refused before they are sent', async () => {
    const answer = await raw({ 'content-length': String(2 * 1024 ** 3) }, [Buffer.from('leadNo,name\n')]);
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.body)).toMatchObject({
      error: { code: 'UPLOAD_TOO_LARGE', message: 'The file is larger than 20 MB', details: { limit: 20 * 1024 ** 2 } },
    });
  });

  test('what turns out to be too large is refused, and nothing of it stays', async () => {
    const before = (await sam.call<{ imports: unknown[] }>('imports.list')).imports.length;
    const pieces = Array.from({ length: 25 }, () => Buffer.alloc(1024 ** 2, 'a'));
    const answer = await raw({ 'transfer-encoding': 'chunked' }, pieces);
    expect(answer.status).toBe(413);
    expect((await sam.call<{ imports: unknown[] }>('imports.list')).imports).toHaveLength(before);
  });

  test('are taken from who signed in and may create, and refused to everybody else', async () => {
    const visitor = await new ApiClient(office.url).fetch('POST', '/api/imports/Lead?file=a.csv', 'a\n1\n');
    expect(visitor.status).toBe(403);
    const anna = await ApiClient.signedIn(office.url, 'anna', 'lumen-demo');
    expect((await anna.fetch('POST', '/api/imports/Lead?file=a.csv', 'a\n1\n')).status).toBe(403);
    expect((await anna.fetch('POST', '/api/call/imports/list', {})).status).toBe(403);
    expect((await sam.fetch('POST', '/api/imports/Lead', 'a\n1\n')).status).toBe(400);
  });

  test('come out with what the user may see, and without formulas', async () => {
    const values = `leadNo,name,city,note\nE1,Eva,Delft,secret\nE2,=1+1,Delft,secret\nE3,Hal,Hidden,secret\n`;
    const sent = await sendLeads(sam, values);
    await importUntil(sam, sent.import);
    await sam.call('imports.run', { import: sent.import });
    expect(await importUntil(sam, sent.import)).toMatchObject({ state: 'done', counts: { created: 3 } });

    const rows = await sam.fetch('GET', `/api/imports/${sent.import}/rows.csv?states=created`);
    expect(rows.headers.get('content-disposition')).toContain('leads-rows.csv');
    expect(await rows.text()).toMatch(/E2.'=1\+1.Delft.secret.3.created/);
    expect((await sam.fetch('GET', `/api/imports/${sent.import}/rows.csv?states=none`)).status).toBe(400);
    expect((await new ApiClient(office.url).fetch('GET', `/api/imports/${sent.import}/rows.csv`)).status).toBe(404);

    const anna = await ApiClient.signedIn(office.url, 'anna', 'lumen-demo');
    const file = await anna.fetch('GET', '/api/exports/Lead.csv?sort=leadNo');
    expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="Lead-\d{4}-\d\d-\d\d\.csv"/);
    const text = await file.text();
    expect(text).toMatch(/E1.Eva/);
    expect(text).toMatch(/E2.'=1\+1/);
    expect(text).not.toMatch(/Hal|secret|note/);
    const own = await sam.json<{ leadNo: string }[]>(
      'GET',
      "/api/exports/Lead.json?columns=leadNo&where=city='Hidden'",
    );
    expect(own).toEqual([{ leadNo: 'E3' }]);
    expect((await anna.fetch('GET', '/api/exports/Lead.json?columns=note')).status).toBe(400);
    expect((await sam.fetch('GET', '/api/exports/Lead.json?where=nonsense(')).status).toBe(400);
    expect((await new ApiClient(office.url).fetch('GET', '/api/exports/Lead.csv')).status).toBe(403);
  });

  test('take what attacks a database for text', async () => {
    const evil = [
      "x'); drop table lead;--",
      "' or 1=1 --",
      '${process.exit()}',
      '{{7*7}}',
      '=HYPERLINK("http://evil")',
    ];
    const lines = evil
      .map((text, n) => `V${n},"${text.replaceAll('"', '""')}","${text.replaceAll('"', '""')}"`)
      .join('\n');
    const { import: id } = await sendLeads(sam, `leadNo,name,note\n${lines}\n`);
    await importUntil(sam, id);
    await sam.call('imports.map', { import: id, options: { match: ['note'] } });
    await sam.call('imports.run', { import: id });
    expect(await importUntil(sam, id)).toMatchObject({ state: 'done', counts: { created: evil.length } });
    const { records } = await sam.json<{ records: { values: { note: string } }[] }>(
      'GET',
      "/api/objects/Lead?where=like(leadNo,'V%25')&sort=leadNo",
    );
    expect(records.map(({ values }) => values.note)).toEqual(evil);
  });
});

describe('the command line', () => {
  const folder = leadFolder();
  const file = path.join(folder, 'leads.csv');
  beforeAll(() => writeFileSync(file, 'No;Naam;email\nL1;Eva;eva@example.org\nL2;;eva@EXAMPLE.org\n'));
  afterAll(() => removeFolder(folder));

  const commands = async () => {
    const args = [
      'import-data',
      file,
      '--folder',
      folder,
      '--object',
      'Lead',
      '--map',
      'No=leadNo',
      '--map',
      'Naam=name',
    ];
    const checked = await runCaruso([...args, '--check']);
    expect(checked).toMatchObject({ code: 1 });
    expect(checked.stdout).toContain('leads.csv:3 faulty: Naam: is required');
    const run = await runCaruso([...args, '--json']);
    const status = JSON.parse(run.stdout) as ImportStatus;
    expect(status).toMatchObject({ state: 'done', counts: { created: 1, refused: 1 } });
    const exported = await runCaruso(['export-data', 'Lead', '--folder', folder, '--columns', 'leadNo,email']);
    expect(exported.stdout.split('\r\n').slice(1)).toEqual([expect.stringMatching(/^L1.eva@example.org$/), '']);
    const undone = await runCaruso(['import-data', '--undo', status.import, '--folder', folder]);
    expect(undone).toMatchObject({ code: 0 });
    expect(undone.stdout).toMatch(/is undone: .*1 undone/);
    expect((await runCaruso(['export-data', 'Lead', '--folder', folder, '--format', 'json'])).stdout).toBe('[]\n');
  };

  test('imports, exports and takes back while nothing runs', async () => {
    await expect(commands()).resolves.toBeUndefined();
  });

  test('and through the front office that runs', async () => {
    const office = await FrontOffice.start(folder);
    try {
      await commands();
      const sam = await ApiClient.signedIn(office.url, 'ada', 'lumen-demo');
      const { imports } = await sam.call<{ imports: { by: string }[] }>('imports.list');
      expect(imports[0]?.by).toMatch(/^machine:/);
    } finally {
      await office.stop();
    }
  });

  test('says how it is called', async () => {
    const missing = await runCaruso(['import-data', 'nothing.csv', '--folder', folder, '--object', 'Lead']);
    expect(missing).toMatchObject({ code: 2 });
    expect(missing.stderr).toContain("no file 'nothing.csv'");
    expect((await runCaruso(['import-data', file, '--folder', folder, '--object', 'Lead', '--map', 'No'])).code).toBe(
      2,
    );
  });
});
