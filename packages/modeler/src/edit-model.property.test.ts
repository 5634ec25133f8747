import { isDeepStrictEqual } from 'node:util';
import { sourceOf } from '@caruso/declarations';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { isMap, isScalar, isSeq, type Pair, parse, parseDocument, type YAMLMap } from 'yaml';
import { editModel } from './edit-model.js';
import type { Operation } from './operation.js';
import { type ModelTexts, mapping, textsOf, type Written } from './written-model.js';

/** How many edits one after another; and how many such runs. */
const EDITS = 200;
const RUNS = Number(process.env['CARUSO_TEST_EDITS'] ?? 2);

/** Written by a hand that cares, in every way YAML has; each comment says a word of its own. */
const text = `# c1 Whom we serve, as agreed with Bo.

object: Customer          # c2
labelPlural: 'All who pay'
attributes:
  # c3 the number on every letter
  customerNo: { type: text, key: true,   pattern: "C[0-9]{6}" }   # c4
  name:       text        # c5 short
  email:      { type: email,
                search: true }   # c6 over two lines

  phone:
    type: phone           # c7
    # c8 as they say it
    help: >
      With the country
      in front.
  segment:    { type: one of, values: [household, business] }     # c9
  tags:
    type: one of
    values:
      - red               # c10
      # c11 between
      - "green: dark"
  since:      date
  # c12 at the end of attributes

relations:                # c13
  cases:    { many: Case, by: customer }      # c14
  invoices:
    many: Invoice         # c15
    by: [customer]
duplicates:
  - same: [email]         # c20
  # c21 as they say it
  - perhaps:
      - name ~ 0.92       # c22
      - phone
# c16 who may
rights:
  agent: { read: all, write: [name, email] }  # c17
  supervisor:
    read: all
    write:
      - name              # c18
      - phone
  administrator: all
# c19 the end
`;
const FILE = 'model/customer.yaml';
const PROPERTIES: [string, unknown[]][] = [
  ['required', [true, false, null]],
  ['label', ['Name: full', "Bo's", 'x # y', 'yes', '', null]],
  ['help', ['one\ntwo\n', 'plain', null]],
  ['length', [10, 400, null]],
  [
    'values',
    [['red'], ['red', 'blue'], ['green: dark', 'a, b', '[c]'], { red: ['light', 'a, b'], 'green: dark': ['x'] }, null],
  ],
  ['by', ['segment', null]],
  ['sensitive', [true, null]],
  ['normalise', ['name', null]],
  ['survivor', ['longest', null]],
  ['min', [0, -1.5, null]],
];
/** Of the object as a whole. */
const WHOLE: [string, unknown[]][] = [
  ['label', ['L1', 'a: b']],
  ['labelPlural', ["All who pay, and Bo's", null]],
  ['extends', ['Party', null]],
  ['abstract', [true, null]],
  ['delete', ['keep', null]],
  ['notes', [true, null]],
  ['attachments', [true, { largest: '5 MB', types: ['image/*', 'text/plain'] }, { types: ['image/*'] }, null]],
  ['search', ['words', null]],
  ['removed', [['fax', 'telex'], ['fax'], null]],
  ['indexes', [[['name', '-since']], [['name', '-since'], { on: ['phone', 'since'], unique: true }], null]],
  [
    'duplicates',
    [
      [{ same: ['email'] }, { perhaps: ['name ~ 0.92', 'phone'] }],
      [{ same: ['email'] }],
      [{ weigh: { 'name ~ 0.85': 9, since: 13 }, same: 20, perhaps: 12 }, { perhaps: ['phone'] }],
      null,
    ],
  ],
];

/** Lines of the entry at a path of the text, comments behind them included. */
function linesAt(source: string, path: readonly string[]): [number, number] | undefined {
  let map: unknown = parseDocument(source).contents;
  let pair: Pair | undefined;
  for (const step of path) {
    if (!isMap(map)) return undefined;
    pair = (map as YAMLMap).items.find(({ key }) => isScalar(key) && key.value === step);
    map = pair?.value;
  }
  const from = (pair?.key as { range?: number[] } | undefined)?.range?.[0];
  if (pair === undefined || from === undefined) return undefined;
  const ends: number[] = [from];
  const visit = (node: unknown): void => {
    if (isScalar(node) && node.range) ends.push(node.range[1] - (source[node.range[1] - 1] === '\n' ? 1 : 0));
    else if (isMap(node)) {
      if (node.flow === true && node.range) ends.push(node.range[1]);
      for (const each of node.items) {
        visit(each.key);
        visit(each.value);
      }
    } else if (isSeq(node)) {
      if (node.flow === true && node.range) ends.push(node.range[1]);
      for (const each of node.items) visit(each);
    }
  };
  visit(pair.value);
  const line = (at: number) => source.slice(0, at).split('\n').length - 1;
  return [line(from), line(Math.max(...ends))];
}

/** The lines of a text but those of the entries that an edit is about. */
function others(source: string, paths: readonly (readonly string[])[]): string[] {
  const touched = new Set<number>();
  for (const path of paths) {
    const lines = linesAt(source, path);
    const [from, to] = lines ?? [0, -1];
    for (let line = from; line <= to; line += 1) touched.add(line);
  }
  return source.split('\n').filter((_, index) => !touched.has(index));
}

const isComment = (line: string) => /^\s*#/.test(line);
const ground = (saved: ModelTexts) => ({ saved, managed: () => true, columns: () => [] });
const names = (value: Written, kind: string) => Object.keys(mapping(value[kind]));
const pick = <T>(list: readonly T[], by: number): T => list[by % list.length] as T;

/** The next edit that numbers drawn by lot mean, and the entries it may touch. */
function nextEdit(
  value: Written,
  count: number,
  [kind, one, two, three]: number[],
): { operation: Operation; paths: string[][] } {
  const object = 'Customer';
  const attributes = names(value, 'attributes');
  const name = pick(attributes, one ?? 0);
  const at = ['attributes', name];
  const rights = ['agent', 'supervisor', 'partner'].map((role) => ['rights', role]);
  const fresh = `new${count}`;
  switch ((kind ?? 0) % 7) {
    case 0: {
      const body = pick<unknown>([{ type: 'text' }, { type: 'date', label: "x's: y" }, 'integer'], two ?? 0);
      const before = (three ?? 0) % 2 === 0 ? {} : { before: name };
      return {
        operation: { do: 'add', object, in: 'attributes', name: fresh, value: body as never, ...before },
        paths: [['attributes', fresh]],
      };
    }
    case 1: {
      const dependent = attributes.filter((each) => mapping(mapping(value['attributes'])[each])['by'] === name);
      return {
        operation: { do: 'rename', object, in: 'attributes', name, to: fresh },
        paths: [
          at,
          ['attributes', fresh],
          ['duplicates'],
          ['indexes'],
          ...dependent.map((each) => ['attributes', each]),
          ...rights,
        ],
      };
    }
    case 2:
      if (attributes.length > 3)
        return { operation: { do: 'remove', object, in: 'attributes', name, data: 'keep' }, paths: [at, ...rights] };
      break;
    case 3: {
      const before = pick([...attributes.filter((each) => each !== name), null], two ?? 0);
      return { operation: { do: 'move', object, in: 'attributes', name, before }, paths: [] };
    }
    case 4: {
      const list = attributes.filter((_, index) => ((two ?? 0) >> (index % 8)) % 2 === 0);
      const role = pick(['agent', 'supervisor', 'partner'], one ?? 0);
      const right = pick<unknown>([{ read: 'all', write: list.length > 0 ? list : 'none' }, 'read', 'all'], three ?? 0);
      return {
        operation: { do: 'set', object, path: ['rights', role], value: right as never },
        paths: [['rights', role]],
      };
    }
    case 5: {
      const [property, values] = pick(WHOLE, one ?? 0);
      return {
        operation: { do: 'set', object, path: [property], value: pick(values, two ?? 0) as never },
        paths: [[property]],
      };
    }
    default:
  }
  const [property, values] = pick(PROPERTIES, two ?? 0);
  return {
    operation: { do: 'set', object, path: [...at, property], value: pick(values, three ?? 0) as never },
    paths: [at],
  };
}

vi.setConfig({ testTimeout: 120_000 });

it(`keeps, over ${EDITS} edits of a file made by hand, every byte that no edit is about; undone, each byte comes back`, () => {
  const lot = fc.array(fc.nat({ max: 1000 }), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(lot, { minLength: EDITS, maxLength: EDITS }), fc.boolean(), (lots, dos) => {
      const first = dos ? text.replaceAll('\n', '\r\n') : text;
      const saved = textsOf([sourceOf(FILE, first)], '.');
      let texts = saved;
      const done: { from: number; put: string; gone: string }[] = [];
      for (const [count, numbers] of lots.entries()) {
        const before = texts.own.get(FILE) ?? '';
        const value = parse(before) as Written;
        const { operation, paths } = nextEdit(value, count, numbers);
        texts = editModel(texts, operation, ground(saved));
        const after = texts.own.get(FILE) ?? '';
        const told = () => `${JSON.stringify(operation)}\n--- before\n${before}\n--- after\n${after}`;
        const kept = others(before, paths);
        const missing = kept.filter((line) => isComment(line) && !after.includes(line));
        expect(missing, told()).toEqual([]);
        const [left, right] = [kept, others(after, paths)].map((lines) => lines.filter((line) => !isComment(line)));
        if (operation.do === 'move') {
          left?.sort();
          right?.sort();
        }
        if (!isDeepStrictEqual(left, right)) expect(right, told()).toEqual(left);
        const wanted = expected(value, operation, parse(first) as Written);
        if (!isDeepStrictEqual(parse(after), wanted)) expect(parse(after), told()).toEqual(wanted);
        done.push(splice(before, after));
      }
      let undone = texts.own.get(FILE) ?? '';
      for (const { from, put, gone } of done.reverse())
        undone = undone.slice(0, from) + gone + undone.slice(from + put.length);
      expect(undone).toBe(first);
    }),
    // Two hundred edits are too many to be made fewer by trying; the edit that failed is told.
    { numRuns: RUNS, endOnFailure: true },
  );
});

function splice(before: string, after: string): { from: number; put: string; gone: string } {
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && before[from] === after[from]) from += 1;
  let tail = 0;
  while (tail < most - from && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return { from, put: after.slice(from, after.length - tail), gone: before.slice(from, before.length - tail) };
}

/** What the file must say after an edit, by plain values. */
function expected(value: Written, operation: Operation, saved: Written): Written {
  const attributes = mapping(value['attributes']);
  const body = (each: unknown): Written => (typeof each === 'string' ? { type: each } : mapping(each));
  const inRights = (change: (list: string[]) => string[]) =>
    Object.fromEntries(
      Object.entries(mapping(value['rights'])).map(([role, right]) => {
        const write = mapping(right)['write'];
        if (!Array.isArray(write)) return [role, right];
        const list = change(write as string[]);
        const { write: _, ...rest } = mapping(right);
        return [role, list.length === 0 ? rest : { ...mapping(right), write: list }];
      }),
    );
  switch (operation.do) {
    case 'add':
      return { ...value, attributes: { ...attributes, [operation.name]: operation.value } };
    case 'rename': {
      const { name, to } = operation;
      const { was, ...rest } = body(attributes[name]);
      const former = mapping(saved['attributes'])[name] === undefined ? was : name;
      const renamed = former === undefined ? attributes[name] : { ...rest, was: former };
      const followed = (each: unknown) => (mapping(each)['by'] === name ? { ...mapping(each), by: to } : each);
      const entries = Object.entries(attributes).map(([key, each]) =>
        key === name ? [to, followed(renamed)] : [key, followed(each)],
      );
      const word = (text: string) => text.replace(/^\w+/, (each) => (each === name ? to : each));
      const duplicates = (Array.isArray(value['duplicates']) ? value['duplicates'] : []).map((rule: Written) =>
        Object.fromEntries(
          Object.entries(rule).map(([key, each]) => {
            if (Array.isArray(each)) return [key, each.map(word)];
            if (key !== 'weigh') return [key, each];
            return [key, Object.fromEntries(Object.entries(mapping(each)).map(([one, points]) => [word(one), points]))];
          }),
        ),
      );
      const signed = (text: string) => text.replace(/\w+$/, (each) => (each === name ? to : each));
      const indexes = (Array.isArray(value['indexes']) ? value['indexes'] : []).map((index: unknown) =>
        Array.isArray(index)
          ? index.map(signed)
          : { ...mapping(index), on: (mapping(index)['on'] as string[]).map(signed) },
      );
      return {
        ...value,
        ...(duplicates.length === 0 ? {} : { duplicates }),
        ...(indexes.length === 0 ? {} : { indexes }),
        attributes: Object.fromEntries(entries),
        rights: inRights((list) => list.map((each) => (each === name ? to : each))),
      };
    }
    case 'remove': {
      const { [operation.name]: _, ...rest } = attributes;
      return { ...value, attributes: rest, rights: inRights((list) => list.filter((each) => each !== operation.name)) };
    }
    case 'set': {
      const [top = '', name = '', property] = operation.path;
      if (name === '') {
        const { [top]: _, ...others } = value;
        return operation.value === null ? others : { ...value, [top]: operation.value };
      }
      if (top === 'rights') return { ...value, rights: { ...mapping(value['rights']), [name]: operation.value } };
      const { [property ?? '']: _, ...rest } = body(attributes[name]);
      const set = operation.value === null ? rest : { ...rest, [property ?? '']: operation.value };
      const same = operation.value === null && body(attributes[name])[property ?? ''] === undefined;
      return { ...value, attributes: { ...attributes, [name]: same ? attributes[name] : set } };
    }
    default:
      return value;
  }
}
