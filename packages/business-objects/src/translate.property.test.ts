import { compile, type Schema } from '@caruso/expressions';
import { VirtualClock } from '@caruso/service-manager/contract';
import type { OpenStorage } from '@caruso/storage-manager';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createObjects, type OpenObjects } from './create-objects.js';
import { counting, testDatabases } from './databases.test.support.js';

const MODEL = {
  'place.yaml': `object: Place
attributes:
  id: { type: integer, key: true }
  name: { type: text }
  rate: { type: decimal, scale: 3 }
relations:
  things: { many: Thing, by: place }
`,
  'thing.yaml': `object: Thing
attributes:
  id: { type: integer, key: true }
  t: { type: text }
  u: { type: text }
  n: { type: integer }
  m: { type: integer }
  d: { type: decimal }
  e: { type: decimal, scale: 1 }
  f: { type: number }
  b: { type: boolean }
  on: { type: date }
  at: { type: datetime }
  until: { type: datetime }
  price: { type: money, currency: EUR }
  place: { to: Place }
`,
};

const text = fc.string({
  unit: fc.constantFrom('a', 'b', 'A', 'é', 'É', '%', '_', "'", '"', '\\', '?', ' '),
  maxLength: 4,
});
const small = fc.integer({ min: -5, max: 5 });
const cents = (scale: number) =>
  fc.integer({ min: -400, max: 400 }).map((units) => (units / 10 ** scale).toFixed(scale));
const day = fc
  .integer({ min: -3, max: 3 })
  .map((days) => new Date(Date.UTC(2026, 5, 15 + days)).toISOString().slice(0, 10));
const moment = fc
  .integer({ min: -5000, max: 5000 })
  .map((ms) => new Date(Date.UTC(2026, 5, 15, 10) + ms * 7200).toISOString());
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 4 });

const place = fc.record({ name: maybe(text), rate: maybe(cents(3)) });
const thing = fc.record({
  t: maybe(text),
  u: maybe(text),
  n: maybe(small),
  m: maybe(small),
  d: maybe(cents(2)),
  e: maybe(cents(1)),
  f: maybe(fc.integer({ min: -8, max: 8 }).map((eighths) => eighths / 8)),
  b: maybe(fc.boolean()),
  on: maybe(day),
  at: maybe(moment),
  until: maybe(moment),
  price: maybe(cents(2).map((amount) => ({ amount, currency: 'EUR' }))),
  place: maybe(fc.constantFrom('1', '2', '3', '4')),
});

const quoted = (value: string) => JSON.stringify(value);
/** Sources of expressions of each type; every one of them the database must compute. */
const grammar = fc.letrec<{ exact: string; texts: string; instant: string; span: string; condition: string }>(
  (tie) => ({
    exact: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('n', 'm', 'd', 'e', 'price.amount', 'place.rate', 'thing.n', 'place.id'),
      fc.oneof(small.map(String), cents(2), cents(4)).map((number) => `(${number})`),
      fc.tuple(tie('exact'), fc.constantFrom('+', '-'), tie('exact')).map(([a, op, b]) => `(${a} ${op} ${b})`),
      fc.tuple(fc.constantFrom('n', 'm', 'd'), fc.constantFrom('n', 'e', '2', '1.5')).map(([a, b]) => `(${a} * ${b})`),
      fc.tuple(fc.constantFrom('n', 'm'), fc.constantFrom('2', '3', 'm')).map(([a, b]) => `(${a} % ${b})`),
      tie('exact').map((a) => `(-${a})`),
      tie('exact').map((a) => `abs(${a})`),
      fc
        .tuple(fc.constantFrom('d', 'place.rate', 'n'), fc.constantFrom('', ', 1', ', 0'))
        .map(([a, places]) => `round(${a}${places})`),
      fc.tuple(tie('exact'), tie('exact')).map(([a, b]) => `coalesce(${a}, ${b})`),
      fc.tuple(fc.constantFrom('min', 'max'), tie('exact'), tie('exact')).map(([name, a, b]) => `${name}(${a}, ${b})`),
      fc.tuple(tie('condition'), tie('exact'), tie('exact')).map(([c, a, b]) => `(${c} ? ${a} : ${b})`),
      fc.constantFrom('year(on)', 'month(on)', 'day(on + 1d)', 'size(t)', 'size(t + u)'),
    ),
    texts: fc.oneof(
      fc.constantFrom('t', 'u', 'place.name', 'thing.place.name'),
      text.map(quoted),
      fc.tuple(fc.constantFrom('t', 'u'), fc.constantFrom('u', 'place.name')).map(([a, b]) => `(${a} + ${b})`),
      fc.constantFrom(
        'lower(t)',
        'upper(u)',
        'coalesce(t, u)',
        'coalesce(place.name, "a")',
        '(b ? t : u)',
        'price.currency',
      ),
    ),
    instant: fc.oneof(
      fc.constantFrom('at', 'until', 'now()', '(at + 90m)', '(until - 1h30m)', 'coalesce(at, until)'),
      moment.map((iso) => `datetime('${iso}')`),
    ),
    span: fc.oneof(fc.constantFrom('(until - at)', '(at - now())', '2h', '(90m + 5s)', '(on - today())', '(2 * 1h)')),
    condition: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.tuple(tie('exact'), comparison(), tie('exact')).map(([a, op, b]) => `${a} ${op} ${b}`),
      fc.tuple(tie('texts'), comparison(), tie('texts')).map(([a, op, b]) => `${a} ${op} ${b}`),
      fc.tuple(tie('instant'), comparison(), tie('instant')).map(([a, op, b]) => `${a} ${op} ${b}`),
      fc.tuple(tie('span'), comparison(), tie('span')).map(([a, op, b]) => `${a} ${op} ${b}`),
      fc
        .tuple(
          fc.constantFrom('on', 'today()', '(on + 2d)', "date('2026-06-15')"),
          comparison(),
          fc.constantFrom('on', 'today()', '(today() - 1d)'),
        )
        .map(([a, op, b]) => `${a} ${op} ${b}`),
      fc
        .tuple(
          fc.constantFrom('f', '(f + f)', '(f * 0.5)', '(f / 2)', '(f / f)'),
          comparison(),
          fc.constantFrom('f', 'n', '0.25', '(-0.5)'),
        )
        .map(([a, op, b]) => `${a} ${op} ${b}`),
      fc
        .tuple(
          fc.constantFrom('t', 'n', 'd', 'b', 'on', 'at', 'price', 'place', 'place.name', 'f'),
          fc.constantFrom('=', '<>'),
        )
        .map(([a, op]) => `${a} ${op} null`),
      fc.tuple(tie('texts'), text).map(([a, pattern]) => `like(${a}, ${quoted(pattern)})`),
      fc
        .tuple(tie('texts'), fc.constantFrom('contains', 'startsWith', 'endsWith'), tie('texts'))
        .map(([a, name, b]) => `${name}(${a}, ${b})`),
      fc
        .tuple(tie('texts'), fc.array(text, { maxLength: 3 }))
        .map(([a, list]) => `${a} in [${list.map(quoted).join(', ')}]`),
      fc.tuple(tie('exact'), fc.array(small, { maxLength: 3 })).map(([a, list]) => `${a} in [${list.join(', ')}]`),
      fc.constantFrom('b', 'true', 'false', 'b = true', 'b <> false', '(n > 1) = b', 'price = price'),
      tie('condition').map((a) => `not (${a})`),
      fc
        .tuple(tie('condition'), fc.constantFrom('and', 'or'), tie('condition'))
        .map(([a, op, b]) => `(${a} ${op} ${b})`),
      fc.tuple(tie('condition'), tie('condition'), tie('condition')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
    ),
  }),
);

function comparison() {
  return fc.constantFrom('=', '<>', '<', '<=', '>', '>=');
}

const listed = fc.oneof(
  grammarOverList('exists'),
  grammarOverList('all'),
  fc.tuple(grammarOverList('filter'), comparison(), small).map(([a, op, n]) => `${a}.size() ${op} ${n}`),
);
function grammarOverList(macro: string) {
  const body = fc.constantFrom(
    "x.t = 'a'",
    'x.n > 0',
    'x.d > rate',
    'x.b',
    'not x.b',
    'x.on = today()',
    'x.t = name',
    'x.place.rate > 0.1',
    'x.at < now()',
    'x.n = x.m',
  );
  return body.map((condition) => `things.${macro}(x, ${condition})`);
}

const now = Date.UTC(2026, 5, 15, 10);
const PLACES = fc.sample(place, { seed: 7, numRuns: 4 });
const THINGS = fc.sample(thing, { seed: 11, numRuns: 80 });

describe.each(testDatabases)(
  'a condition on $name finds the same rows as its evaluation in memory',
  ({ name, open: openStorage }) => {
    let storage: OpenStorage;
    let open: OpenObjects;
    const things: Record<string, unknown>[] = [];
    const places: Record<string, unknown>[] = [];

    beforeAll(async () => {
      const clock = new VirtualClock(now);
      const opened = await openStorage(clock);
      if (opened === undefined) return;
      storage = opened;
      open = await createObjects({
        storage: storage.storage,
        journal: storage.journal,
        ids: counting(),
        clock,
        model: MODEL,
        timezone: 'Europe/Amsterdam',
      });
      await storage.storage.unitOfWork(async () => {
        for (const [index, values] of PLACES.entries()) {
          places.push({
            ...(await open.objects.create({ object: 'Place', values: { id: index + 1, ...values } })).values,
          });
        }
        for (const [index, values] of THINGS.entries()) {
          things.push({
            ...(await open.objects.create({ object: 'Thing', values: { id: index + 1, ...values } })).values,
          });
        }
      });
      for (const each of things) each['place'] = places[Number(each['place']) - 1] ?? null;
      for (const each of places) each['things'] = things.filter((owned) => owned['place'] === each);
    });
    beforeEach((test) => {
      if (open === undefined) test.skip();
    });
    afterAll(() => storage?.close());

    const schema = () => {
      const { Place = {}, Thing = {} } = open.model.expressionTypes() as NonNullable<Schema['objects']>;
      return { Thing, Place: { ...Place, things: { list: { object: 'Thing' } } } } satisfies Schema['objects'];
    };
    const context = { now: new Date(now), timezone: 'Europe/Amsterdam' };

    async function agree(object: 'Thing' | 'Place', source: string, rows: Record<string, unknown>[]): Promise<void> {
      const objects = schema();
      const variables = { ...objects[object], [object.toLowerCase()]: { object } };
      const compiled = compile(source, { variables, objects }, { expects: 'boolean' });
      fc.pre(compiled.ok);
      if (!compiled.ok) return;
      const expected = rows
        .filter((row) => compiled.expression.evaluate({ ...row, [object.toLowerCase()]: row }, context) === true)
        .map((row) => String(row['id']));
      const { records } = await open.objects.find({ object, where: source, limit: 500 });
      expect(
        records.map(({ key }) => key),
        `${name}: ${source}`,
      ).toEqual(expected);
    }

    it('over attributes, references and calculations', async () => {
      await fc.assert(
        fc.asyncProperty(grammar.condition, (source) => agree('Thing', source, things)),
        { numRuns: 400 },
      );
    }, 120_000);

    it('over to-many relations', async () => {
      await fc.assert(
        fc.asyncProperty(listed, (source) => agree('Place', source, places)),
        { numRuns: 100 },
      );
    }, 60_000);
  },
);
