import { createConnection } from 'mysql2/promise';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { ApiClient } from '../support/api.js';
import { FrontOffice, makeFolder, removeFolder } from '../support/front-office.js';
import { mariadb, mariadbUrl, postgres, postgresUrl, testWith } from '../support/requirement.js';

const own = `caruso_e2e_${process.pid}`;

const servers = [
  {
    server: 'PostgreSQL',
    requirement: postgres,
    url: `${postgresUrl}?schema=${own}`,
    async drop() {
      const client = new Client({ connectionString: postgresUrl });
      await client.connect();
      await client.query(`drop schema if exists ${own} cascade`);
      await client.end();
    },
  },
  {
    server: 'MariaDB',
    requirement: mariadb,
    url: mariadbUrl.replace(/[^/]*$/, own),
    async drop() {
      const connection = await createConnection(mariadbUrl.replace(/^mariadb:/, 'mysql:'));
      await connection.query(`drop database if exists ${own}`);
      await connection.end();
    },
  },
];

describe.each(servers)('the utility front office on $server', ({ requirement, url, drop }) => {
  const test = testWith(requirement);
  let office: FrontOffice;

  beforeAll(async () => {
    if (!requirement.present) return;
    office = await FrontOffice.start(makeFolder('utility', `databases:\n  main: "${url}"\n`));
  });
  afterAll(async () => {
    await office?.stop();
    if (office !== undefined) removeFolder(office.folder);
    if (requirement.present) await drop();
  });

  test('serves objects of both databases, policies and a contact', async () => {
    const anna = await ApiClient.signedIn(office.url, 'anna', 'lumen-demo');
    const customer = await anna.json<{ values: Record<string, unknown>; related: { invoices: unknown[] } }>(
      'GET',
      '/api/objects/Customer/C100004?include=invoices',
    );
    expect(customer.values).toMatchObject({ name: 'Saint Mary Hospital', openCases: 1 });
    expect(customer.related.invoices).toHaveLength(6);

    await anna.json('POST', '/api/objects/Case', {
      values: { subject: 'No power in the operating theatre', kind: 'outage', customer: 'C100004' },
    });
    const found = await office.until('the policy to set a due time', async () => {
      const where = encodeURIComponent("subject = 'No power in the operating theatre' and due <> null");
      const { records } = await anna.json<{ records: { values: Record<string, unknown> }[] }>(
        'GET',
        `/api/objects/Case?where=${where}`,
      );
      return records[0];
    });
    expect(found.values['priority']).toBe('high');

    await anna.call('communication.setPresence', { presence: 'ready' });
    const visitor = new ApiClient(office.url);
    await visitor.call('chat.open', { name: 'Jan', text: 'outage in my street', messageId: 'm1' });
    await office.until('an offer', async () => {
      const desk = await anna.call<{ offers: unknown[] }>('communication.desktop');
      return desk.offers[0];
    });
    const sam = await ApiClient.signedIn(office.url, 'sam', 'lumen-demo');
    const { figures } = await sam.call<{ figures: { metric: string; value: number }[] }>('reporting.monitor');
    expect(figures.find((figure) => figure.metric === 'contacts.offered')?.value).toBe(1);
  });
});
