import { CarusoError, type Principal, VirtualClock, withinCall } from '@caruso/service-manager/contract';
import type { OpenStorage } from '@caruso/storage-manager';
import type { z } from 'zod';
import type { BusinessObjects } from './contract.js';
import { createObjects, type OpenObjects } from './create-objects.js';
import { counting } from './databases.test.support.js';
import {
  CONDITIONS,
  HOSTILE,
  MODEL,
  POSITIONS,
  REFUSED,
  REGIONS,
  SORTS,
  TAGS,
  THINGS,
} from './scenario-cases.test.support.js';

type Objects = OpenObjects['objects'];
type Call = { [K in keyof Objects]: [K, Parameters<Objects[K]>[0]] }[keyof Objects];
type Query = Omit<z.input<(typeof BusinessObjects)['methods']['find']['input']>, 'object'>;

const person = (id: string, roles: string[], attributes: Record<string, unknown> = {}): Principal => ({
  kind: 'user',
  id,
  name: id,
  roles,
  attributes,
});
const agent = person('anna', ['agent']);
const partner = person('piet', ['partner'], { region: 'Noord' });
const stranger = person('eva', ['partner']);

/** Keys of JSON in one order: PostgreSQL's jsonb has an order of its own, and an object has none. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => [name, ordered(each)]),
  );
}

/** Plays the scenario; gives what was asked and what came of it, without what no two databases have alike (cursors, event numbers). */
export async function play(open: OpenStorage): Promise<string[]> {
  const { storage, journal } = open;
  const clock = new VirtualClock(Date.UTC(2026, 5, 15, 10));
  const { objects, faults } = await createObjects({
    storage,
    journal,
    ids: counting(),
    clock,
    model: MODEL,
    timezone: 'Europe/Amsterdam',
  });
  if (faults.length > 0) throw new Error(faults.map(({ message }) => message).join('; '));
  const transcript: string[] = [];
  const note = (what: unknown, result: unknown): void => {
    transcript.push(JSON.stringify(ordered([what, result])));
  };
  const as = async (who: Principal, ...call: Call): Promise<unknown> => {
    const [method, input] = call;
    let result: unknown;
    try {
      const run = objects[method] as (given: unknown) => Promise<unknown>;
      result = await withinCall({ id: 'call', principal: who }, () => run(input));
    } catch (error) {
      if (!(error instanceof CarusoError)) throw error;
      result = { refused: error.code, message: error.message, details: error.details };
    }
    const { after, ...asked } = input as { after?: string };
    note(
      [
        who.id,
        method,
        after !== undefined && !HOSTILE.includes(after) ? { ...asked, after: 'the page before' } : input,
      ],
      strip(result),
    );
    return result;
  };
  const pages = async (who: Principal, query: Query): Promise<void> => {
    let after: string | null = null;
    for (let page = 0; page < 20; page++) {
      const result = (await as(who, 'find', {
        object: 'Everything',
        ...query,
        limit: 3,
        ...(after === null ? {} : { after }),
      })) as { next?: string | null };
      after = result.next ?? null;
      if (after === null) return;
    }
    throw new Error('the pages have no end');
  };

  for (const values of REGIONS) await as(agent, 'create', { object: 'Region', values });
  for (const values of THINGS) await as(agent, 'create', { object: 'Everything', values });
  for (const values of POSITIONS) await as(agent, 'create', { object: 'Position', values });
  for (const values of TAGS) await as(agent, 'create', { object: 'Tag', values });
  const tagged = { object: 'Everything', relation: 'tagged' };
  await as(agent, 'link', { ...tagged, key: 'id000001', keys: ['Z', '%C3%A4%20b', "it's"] });
  await as(agent, 'link', { ...tagged, key: 'id000001', keys: ['Z', 'a%7Eb'] });
  await as(agent, 'link', { ...tagged, key: 'id000002', keys: ['%C3%A4%20b', 'a%7Eb'] });
  await as(agent, 'link', { object: 'Region', key: 'NL~1', relation: 'covering', keys: ['id000001', 'id000003'] });
  await as(agent, 'link', {
    object: 'Everything',
    key: 'id000001',
    relation: 'regions',
    keys: ['DE~1', 'NL~2'],
    values: { share: '0.5' },
  });
  for (const keys of [['nowhere'], ['a~b'], ...HOSTILE.map((text) => [text])])
    await as(agent, 'link', { ...tagged, key: 'id000001', keys });
  await as(agent, 'link', { ...tagged, key: 'id000001', relation: 'children', keys: ['id000002'] });
  await as(partner, 'link', { ...tagged, key: 'id000001', keys: ['Z'] });
  for (const values of REFUSED) await as(agent, 'create', { object: 'Everything', values });
  await as(agent, 'create', { object: 'Region', values: { country: 'NL', number: 1, name: 'twice' } });

  for (const who of [agent, partner, stranger]) {
    await as(who, 'describe', {});
    for (const sort of SORTS) await pages(who, { sort });
    for (const where of CONDITIONS) await as(who, 'find', { object: 'Everything', where });
    for (const search of ['zoë', 'STRASSE', 'a b', "it's", '100%', 'x_y', 'no such word', 'gas zoë'])
      await as(who, 'find', { object: 'Everything', search });
    await as(who, 'find', {
      object: 'Everything',
      include: ['region', 'parent', 'children', 'positions', 'tagged.everything', 'regions'],
      sort: ['-word'],
    });
    for (const key of ['id000001', 'id000002'])
      await as(who, 'related', { object: 'Everything', key, relation: 'tagged', sort: ['-weight'], limit: 3 });
    await as(who, 'related', { object: 'Everything', key: 'id000001', relation: 'regions', where: 'number = 1' });
    await as(who, 'related', { object: 'Region', key: 'NL~1', relation: 'covering' });
    await as(who, 'related', { object: 'Region', key: 'DE~1', relation: 'covering' });
    await as(who, 'find', { object: 'Region', where: 'active > 0', sort: ['-active'], include: ['things'] });
    await as(who, 'aggregate', {
      object: 'Everything',
      by: ['kind', 'region'],
      measures: [
        { name: 'number', kind: 'count' },
        { name: 'sum', kind: 'sum', of: 'exact' },
        { name: 'mean', kind: 'average', of: 'exact' },
        { name: 'least', kind: 'min', of: 'word' },
        { name: 'most', kind: 'max', of: 'moment' },
        { name: 'wholes', kind: 'sum', of: 'whole', where: 'yes' },
      ],
    });
    await as(who, 'aggregate', {
      object: 'Everything',
      measures: [{ name: 'n', kind: 'count' }],
      buckets: {
        attribute: 'moment',
        bounds: ['1970-01-01T00:00:00Z', '2026-01-01T00:00:00Z', '2026-06-15T10:00:00Z', '2100-01-01T00:00:00Z'],
      },
    });
    for (const key of ['id000001', 'id000002', 'nowhere', 'a~b', "' or 1=1"])
      await as(who, 'get', { object: 'Everything', key, include: ['region'] });
  }

  for (const text of HOSTILE) {
    await as(agent, 'find', { object: 'Everything', where: 'word = t or story = t', params: { t: text } });
    await as(agent, 'find', { object: 'Everything', where: 'word.like(t)', params: { t: text } });
    await as(agent, 'find', {
      object: 'Everything',
      where: 'contains(story, t) or startsWith(word, t)',
      params: { t: text },
    });
    await as(agent, 'find', { object: 'Everything', where: 'kind in ts', params: { ts: [text, 'a'] } });
    await as(agent, 'find', { object: 'Everything', where: 'region = k', params: { k: text } });
    await as(agent, 'find', { object: 'Everything', search: text });
    await as(agent, 'find', { object: 'Everything', where: text });
    await as(agent, 'find', { object: 'Everything', sort: [text] });
    await as(agent, 'find', { object: 'Everything', include: [text] });
    await as(agent, 'find', { object: 'Everything', after: text });
    await as(agent, 'find', { object: text });
    await as(agent, 'get', { object: 'Everything', key: text });
    await as(agent, 'update', { object: 'Everything', key: 'id000001', values: { [text]: 1 } });
    await as(agent, 'aggregate', { object: 'Everything', by: [text], measures: [{ name: text, kind: 'count' }] });
    await as(agent, 'update', {
      object: 'Everything',
      key: 'id000003',
      values: { story: text, tree: { [text]: text } },
    });
    await as(agent, 'find', { object: 'Everything', where: 'story = t', params: { t: text } });
  }
  await as(agent, 'find', { object: 'Everything', where: `${'('.repeat(500)}yes${')'.repeat(500)}` });

  clock.advance(60_000);
  await as(agent, 'update', { object: 'Everything', key: 'id000001', values: { word: 'changed' }, version: '1' });
  await as(agent, 'update', { object: 'Everything', key: 'id000001', values: { word: 'lost' }, version: '1' });
  await as(partner, 'update', { object: 'Everything', key: 'id000001', values: { word: 'theirs' } });
  await as(partner, 'update', {
    object: 'Everything',
    key: 'id000001',
    values: { price: { amount: '1', currency: 'EUR' } },
  });
  await as(agent, 'update', { object: 'Everything', key: 'id000002', values: { mail: 'ada@x.nl' } });
  await as(agent, 'update', { object: 'Everything', key: 'id000002', values: { parent: 'nowhere' } });

  // Figures over related rows right after each kind of change.
  const figures = () =>
    as(agent, 'find', { object: 'Everything', where: 'offspring > 0 or worth > 0', sort: ['-childPrice'] });
  await figures();
  await as(agent, 'update', { object: 'Everything', key: 'id000004', values: { parent: 'id000002' } });
  await figures();
  await as(agent, 'update', {
    object: 'Everything',
    key: 'id000004',
    values: { price: { amount: '0.01', currency: 'EUR' } },
  });
  await figures();
  await as(agent, 'unlink', { ...tagged, key: 'id000002', keys: ['Z', 'a%7Eb'] });
  await as(agent, 'delete', { object: 'Tag', key: 'Z' });
  await figures();
  await as(agent, 'related', { ...tagged, key: 'id000001' });
  await as(agent, 'delete', { object: 'Position', key: 'id000001~1' });
  await as(agent, 'delete', { object: 'Everything', key: 'id000001' });
  await as(agent, 'delete', { object: 'Everything', key: 'id000005', version: '9' });
  await as(agent, 'delete', { object: 'Everything', key: 'id000005' });
  await figures();
  await as(agent, 'history', { object: 'Everything', key: 'id000001' });
  await as(partner, 'history', { object: 'Everything', key: 'id000001' });
  await as(agent, 'history', { object: 'Everything', key: 'id000005' });
  await as(agent, 'find', { object: 'Position' });
  for (const { seq: _, id: __, ...event } of await journal.read({ limit: 10_000 })) note('journal', event);
  return transcript;
}

/** Cursors hold values in the database's own form, numbers of events have gaps. */
function strip(result: unknown): unknown {
  if (typeof result !== 'object' || result === null) return result;
  if ('next' in result) return { ...result, next: result.next !== null };
  if ('events' in result && Array.isArray(result.events))
    return { events: result.events.map((event: object) => ({ ...event, seq: 'some number' })) };
  return result;
}
