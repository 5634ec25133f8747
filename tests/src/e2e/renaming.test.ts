import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiClient } from '../support/api.js';
import { FrontOffice, makeFolder, removeFolder, runCaruso } from '../support/front-office.js';
import { root } from '../support/requirement.js';

const utility = path.join(root, 'examples', 'utility');
interface Renamed {
  files: { name: string; before: string | null; after: string | null }[];
  faults: unknown[];
  unfollowed: { file: string; line: number; column: number; text: string }[];
  steps: { summary: string }[];
}

/** `caruso model rename`, and what it says. */
async function rename(folder: string, name: string, to: string, ...more: string[]): Promise<Renamed> {
  const { code, stdout, stderr } = await runCaruso([
    'model',
    'rename',
    name,
    to,
    '--json',
    '--folder',
    folder,
    ...more,
  ]);
  expect([code, stderr], stdout.slice(-3000)).toEqual([0, '']);
  return JSON.parse(stdout) as Renamed;
}

async function check(folder: string): Promise<string> {
  const { code, stdout, stderr } = await runCaruso(['check', folder]);
  return code === 0 ? 'clean' : stdout + stderr;
}

/** Lines that a file has now and did not have, and the other way about. */
function changed(before: string, after: string): [string[], string[]] {
  const [left, right] = [before.split('\n'), after.split('\n')];
  return [left.filter((line) => !right.includes(line)), right.filter((line) => !left.includes(line))];
}

describe('a rename in a front office of its own', () => {
  let folder: string;
  let office: FrontOffice;
  let agent: ApiClient;
  const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');
  const before = (name: string) => readFileSync(path.join(utility, name), 'utf8');

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'caruso-renaming-'));
    for (const name of ['package.json', 'metrics.yaml', 'queues.yaml', 'strategy.yaml'])
      cpSync(path.join(utility, name), path.join(folder, name));
    for (const name of [
      'campaigns',
      'legacy',
      'model',
      'policies',
      'reports',
      'screens',
      'scripts',
      'seed',
      'services',
      'tests',
    ])
      cpSync(path.join(utility, name), path.join(folder, name), { recursive: true });
    const manifest = readFileSync(path.join(utility, 'caruso.yaml'), 'utf8');
    const hook =
      '{ url: "http://erp.example", secret: "a-secret-of-more-than-24-characters", on: [Customer.updated, Case.created], role: agent }';
    writeFileSync(
      path.join(folder, 'caruso.yaml'),
      manifest.replace('components:\n', `components:\n  webhooks: { config: { hooks: { erp: ${hook} } } } # told\n`),
    );
    symlinkSync(path.join(utility, 'node_modules'), path.join(folder, 'node_modules'));
    office = await FrontOffice.start(folder);
    agent = await ApiClient.signedIn(office.url, 'anna', 'lumen-demo');
  }, 120_000);
  afterAll(async () => {
    await office?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  test('of an attribute goes through screens, policies, queues, seeds and expressions; what only sounds alike stays', {
    timeout: 120_000,
  }, async () => {
    const said = await rename(folder, 'Customer.segment', 'sector');
    expect(said.faults).toEqual([]);
    expect(said.steps.map(({ summary }) => summary)).toEqual(['rename column customer.segment to sector']);
    expect(said.files.map(({ name }) => name).sort()).toEqual([
      'campaigns/reading-reminder.yaml',
      'model/customer.yaml',
      'policies/priority-outage.yaml',
      'queues.yaml',
      'screens/customer-360.yaml',
      'screens/customers.yaml',
      'seed/20-customers.yaml',
    ]);
    expect(await check(folder)).toBe('clean');
    // Only the word itself changes, in place, comments and all.
    for (const { name } of said.files.filter((each) => !each.name.startsWith('model/')))
      expect(read(name).replaceAll(/\bsector\b/g, 'segment'), name).toBe(before(name));
    const [record] = (
      await agent.json<{ records: { values: Record<string, unknown> }[] }>(
        'GET',
        `/api/objects/Customer?where=${encodeURIComponent("sector = 'key account'")}`,
      )
    ).records;
    expect(record?.values['sector']).toBe('key account');
    expect(record?.values).not.toHaveProperty('segment');
    const screen = await agent.fetch('POST', '/api/call/screens/resolve', { screen: 'customers' });
    expect(screen.status).not.toBe(500);
  });

  test('of an attribute whose name others have too touches none of theirs', { timeout: 120_000 }, async () => {
    const said = await rename(folder, 'Case.status', 'state');
    expect(said.faults).toEqual([]);
    expect(await check(folder)).toBe('clean');
    // The status of a connection, of a contract, and in a call of the script.
    expect(changed(before('scripts/outage.xml'), read('scripts/outage.xml'))).toEqual([
      [`      <arg name="values.status" expr="'new'"/>`],
      [`      <arg name="values.state" expr="'new'"/>`],
    ]);
    expect(read('scripts/outage.xml')).toContain("vars.customerKey and status = 'active'");
    expect(read('screens/connections.yaml')).toBe(before('screens/connections.yaml'));
    expect(read('screens/case.yaml')).toContain('values: { state: closed }');
    expect(read('screens/case.yaml')).toContain('if: "= connection <> null and state <> \'closed\'"');
    expect(read('metrics.yaml')).toContain(`cases.open:         { count: Case, where: "state <> 'closed'"`);
    expect(read('model/customer.yaml')).toContain(`{ count: cases, where: "state <> 'closed'" }`);
  });

  test('of a relation, and of an object with its events, its variable and its texts in code', {
    timeout: 120_000,
  }, async () => {
    expect((await rename(folder, 'Customer.cases', 'tickets')).faults).toEqual([]);
    expect(read('screens/customer-360.yaml')).toContain('{ list: tickets, columns');
    const said = await rename(folder, 'Case', 'Ticket');
    expect(said.faults).toEqual([]);
    expect(await check(folder)).toBe('clean');
    const policy = read('policies/priority-outage.yaml');
    expect(policy).toContain(
      "on: Ticket.created\nif: ticket.kind = 'outage' and ticket.customer.sector = 'key account'",
    );
    expect(read('screens/navigation.yaml')).toContain('search: [Customer, Connection, Meter, Contract, Ticket]');
    // The script's own answer is called as it was.
    expect(read('scripts/outage.xml')).toContain(`<value of="case.id"/>`);
    expect(read('scripts/outage.xml')).toContain(`<arg name="object" expr="'Ticket'"/>`);
    expect(read('seed/70-cases.yaml')).toMatch(/^Ticket:/m);
    expect(read('caruso.yaml')).toContain('on: [Customer.updated, Ticket.created], role: agent } } } } # told');
    const listed = said.unfollowed.map(
      ({ file, line, text }) => read(file).split('\n')[line - 1]?.trim().slice(0, 160) === text,
    );
    expect(listed.every(Boolean)).toBe(true);
    const made = await agent.json<{ values: Record<string, unknown> }>('POST', '/api/objects/Ticket', {
      values: { subject: 'Dark', kind: 'outage', customer: 'C100004' },
    });
    expect(made.values['state']).toBe('new');
    // The policy runs under the new names.
    await office.until('the policy', async () => {
      const { records } = await agent.json<{ records: { values: Record<string, unknown> }[] }>(
        'GET',
        `/api/objects/Ticket?where=${encodeURIComponent("subject = 'Dark'")}`,
      );
      return records[0]?.values['priority'] === 'high' ? true : undefined;
    });
    expect((await agent.fetch('GET', '/api/objects/Case')).status).toBe(404);
  });
});

describe('a rename in a front office that extends another', () => {
  let folder: string;
  beforeAll(() => {
    folder = makeFolder('utility');
  });
  afterAll(() => removeFolder(folder));

  test('is laid over what it extends, and the plan writes nothing', { timeout: 120_000 }, async () => {
    const planned = await rename(folder, 'Customer.phone', 'telephone', '--plan');
    expect(planned.faults).toEqual([]);
    expect(() => readFileSync(path.join(folder, 'screens/customers.yaml'), 'utf8')).toThrow('ENOENT');
    const said = await rename(folder, 'Customer.phone', 'telephone');
    expect(said.files).toEqual(planned.files);
    expect(await check(folder)).toBe('clean');
    expect(readFileSync(path.join(folder, 'queues.yaml'), 'utf8')).toBe('contacts:\n  match: { voice: telephone }\n');
    expect(readFileSync(path.join(folder, 'screens/customers.yaml'), 'utf8')).toContain('telephone, openCases');
    const seed = readFileSync(path.join(folder, 'seed/20-customers.yaml'), 'utf8');
    expect(seed.replaceAll('telephone:', 'phone:')).toBe(
      readFileSync(path.join(utility, 'seed/20-customers.yaml'), 'utf8'),
    );
  });
});
