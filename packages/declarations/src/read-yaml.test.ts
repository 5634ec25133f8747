import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { duration } from './duration.js';
import { formatFault } from './fault.js';
import { LIMITS } from './limits.js';
import { locateExpression } from './locate.js';
import { sourceOf } from './memory-folder.js';
import { checkValue, readYaml, readYamlDocuments } from './read-yaml.js';

const Attribute = z.strictObject({ type: z.enum(['text', 'integer', 'date']), required: z.boolean().optional() });
const Model = z.strictObject({
  object: z.string(),
  attributes: z.record(z.string(), Attribute),
  label: z.string().optional(),
  tabs: z
    .array(z.union([z.strictObject({ fields: z.array(z.string()) }), z.strictObject({ timeline: z.string() })]))
    .optional(),
});

const read = (text: string) => readYaml(sourceOf('model/customer.yaml', text), Model);
const lines = (text: string) => read(text).faults.map(formatFault);

describe('readYaml', () => {
  it('gives the value of a sound text', () => {
    const { value, faults } = read('object: Customer\nattributes:\n  name: { type: text, required: true }\n');
    expect(faults).toEqual([]);
    expect(value).toEqual({ object: 'Customer', attributes: { name: { type: 'text', required: true } } });
  });

  it('names an unknown key with its place and the nearest known one, and does not call that one missing', () => {
    expect(lines('object: Customer\natributes:\n  name: { type: text }\n')).toEqual([
      "model/customer.yaml:2:1 error DECLARATION_UNKNOWN_KEY unknown key 'atributes' (did you mean 'attributes'?)",
    ]);
  });

  it('gives a draft where nothing but unknown keys stand in the way, so that what lies behind them can be checked too', () => {
    const misspelt = readYaml(
      sourceOf('model/a.yaml', 'object: A\nlabl: x\nattributes: { b: { type: text, requird: true } }\n'),
      Model,
    );
    expect(misspelt.value).toBeUndefined();
    expect(misspelt.draft).toEqual({ object: 'A', attributes: { b: { type: 'text' } } });
    expect(misspelt.faults).toHaveLength(2);
    const wrong = readYaml(sourceOf('model/a.yaml', 'object: A\nlabl: x\nattributes: { b: { type: txt } }\n'), Model);
    expect(wrong.draft).toBeUndefined();
  });

  it('reports every fault at once, each at its own place', () => {
    const text = 'object: 5\nattributes:\n  name: { type: txt, requird: yes }\n  age: { required: 1 }\n';
    expect(lines(text)).toEqual([
      'model/customer.yaml:1:9 error DECLARATION_INVALID expected a text, found 5',
      "model/customer.yaml:3:17 error DECLARATION_INVALID 'txt' is not one of the possible values (did you mean 'text'?)",
      "model/customer.yaml:3:22 error DECLARATION_UNKNOWN_KEY unknown key 'requird' (did you mean 'required'?)",
      "model/customer.yaml:4:3 error DECLARATION_MISSING 'type' is missing (add 'type:' with one of: 'text', 'integer', 'date')",
      'model/customer.yaml:4:20 error DECLARATION_INVALID expected true or false, found 1',
    ]);
  });

  it('explains a value of several forms by the form it comes nearest to', () => {
    const text = 'object: A\nattributes: {}\ntabs:\n  - tmeline: all\n  - fields: name\n  - 7\n';
    expect(lines(text)).toEqual([
      "model/customer.yaml:4:5 error DECLARATION_UNKNOWN_KEY unknown key 'tmeline' (did you mean 'timeline'?)",
      "model/customer.yaml:5:13 error DECLARATION_INVALID expected a list, found 'name'",
      'model/customer.yaml:6:5 error DECLARATION_INVALID expected a mapping (key: value), found 7',
    ]);
  });

  it('reports several syntax errors and no key as missing because of them', () => {
    const text = 'object: "Customer\nattributes:\n\tname: { type: text }\nlabel: a\nlabel: b\n';
    const { faults, value } = read(text);
    expect(value).toBeUndefined();
    expect(faults.length).toBeGreaterThan(0);
    expect(new Set(faults.map((fault) => fault.code))).toEqual(new Set(['YAML_SYNTAX']));
    expect(
      lines('object: A\nattributes: {}\nlabel: a\nlabel: b\nobject: C\n').map((line) => line.split(' ')[0]),
    ).toEqual(['model/customer.yaml:4:1', 'model/customer.yaml:5:1']);
  });

  it('refuses a second document, and reads documents apart where asked', () => {
    expect(lines('object: A\nattributes: {}\n---\nobject: B\nattributes: {}\n')[0]).toContain(
      'customer.yaml:4:1 error YAML_DOCUMENTS',
    );
    const both = readYamlDocuments(sourceOf('seed/a.yaml', 'a: 1\n---\nb: 2\n'), z.record(z.string(), z.number()));
    expect(both.map((each) => each.value)).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it('takes an empty text as an empty mapping, and no source as no value', () => {
    expect(lines('# nothing yet\n')).toHaveLength(2);
    expect(readYaml([], Model)).toMatchObject({ value: undefined, faults: [] });
  });

  it('passes on what a schema says of itself', () => {
    const { faults } = readYaml(sourceOf('queues.yaml', 'within: 20\n'), z.strictObject({ within: duration }));
    expect(formatFault(faults[0] as never)).toBe(
      'queues.yaml:1:9 error DECLARATION_INVALID expected a duration with its unit, such as 15m, 20s, 2h, 3d or 2 workdays',
    );
  });

  it('never lets a text reach a prototype', () => {
    const { faults } = readYaml(sourceOf('a.yaml', '__proto__: { polluted: 1 }\n'), z.record(z.string(), z.unknown()));
    expect(faults[0]?.code).toBe('YAML_KEY');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('limits', () => {
  const any = z.unknown();
  it('refuses a text nested deeper than the limit, at 1 MB too', () => {
    for (const text of [
      '['.repeat(LIMITS.depth + 2),
      '['.repeat(900_000),
      '{a: '.repeat(200_000),
      '- '.repeat(400_000),
    ]) {
      const { faults } = readYaml(sourceOf('a.yaml', text), any);
      expect(faults[0]?.code).toBe('YAML_LIMIT');
    }
  });

  it('refuses a text that is too long', () => {
    expect(readYaml(sourceOf('a.yaml', `a: ${'x'.repeat(LIMITS.fileSize)}`), any).faults[0]?.code).toBe('YAML_LIMIT');
  });

  it('follows aliases but not a bomb of them, nor one that holds itself', () => {
    const plain = readYaml(sourceOf('a.yaml', 'a: &x { b: 1 }\nc: *x\n'), any);
    expect(plain.value).toEqual({ a: { b: 1 }, c: { b: 1 } });
    const levels = Array.from(
      { length: 10 },
      (_, index) => `l${index + 1}: &l${index + 1} [${`*l${index},`.repeat(9)}]`,
    );
    const bomb = readYaml(sourceOf('a.yaml', `l0: &l0 lol\n${levels.join('\n')}\n`), any);
    expect(bomb.faults.map((fault) => fault.code)).toContain('YAML_LIMIT');
    expect(bomb.value).toBeUndefined();
    expect(readYaml(sourceOf('a.yaml', 'a: &x [ *x ]\n'), any).value).toBeUndefined();
  });
});

describe('layers', () => {
  const below = {
    ...sourceOf(
      'model/customer.yaml',
      'object: Customer\nattributes:\n  name: { type: text }\n  age: { type: integer }\n',
    ),
    path: 'base:model/customer.yaml',
  };
  const above = (text: string) => readYaml({ ...sourceOf('model/customer.yaml', text), below }, Model);

  it('merges mappings, replaces scalars, removes by null', () => {
    const { value, faults } = above('attributes:\n  name: { required: true }\n  age: null\n  born: { type: date }\n');
    expect(faults).toEqual([]);
    expect(value?.attributes).toEqual({ name: { type: 'text', required: true }, born: { type: 'date' } });
  });

  it('leads each value to the file that contributed it', () => {
    const { locate } = above('attributes:\n  name: { required: true }\n');
    expect(locate(['attributes', 'name', 'type'])).toEqual({ file: 'base:model/customer.yaml', line: 3, column: 17 });
    expect(locate(['attributes', 'name', 'required'])).toEqual({ file: 'model/customer.yaml', line: 2, column: 21 });
    expect(locate(['attributes', 'age'])).toEqual({ file: 'base:model/customer.yaml', line: 4, column: 3 });
  });
});

describe('locateExpression', () => {
  const at = (text: string, offset: number) => {
    const { locate } = readYaml(sourceOf('p.yaml', text), z.unknown());
    const { line, column } = locateExpression(locate, ['if'], offset);
    return [line, column];
  };

  it('finds the place in plain, quoted and block texts', () => {
    expect(at('if: a and b\n', 6)).toEqual([1, 11]);
    expect(at('if: a\n  and b\n', 6)).toEqual([2, 7]);
    expect(at("if: 'a = ''x'' and b'\n", 12)).toEqual([1, 20]);
    expect(at('if: "a = \\"x\\" and b"\n', 12)).toEqual([1, 20]);
    expect(at('if: "a\\u0041 b"\n', 3)).toEqual([1, 14]);
    expect(at('if: |\n    a and\n    b\n', 6)).toEqual([3, 5]);
    expect(at('if: >-  # why\n    a and\n\n    b\n', 6)).toEqual([4, 5]);
  });

  it('points, for any text in any style, at the very character of the file', () => {
    const word = fc.stringMatching(/^[a-zé=<>'"#:+(){}[\]\\]{1,8}$/);
    const value = fc
      .array(word, { minLength: 1, maxLength: 40 })
      .chain((words) =>
        fc
          .array(fc.constantFrom(' ', '  ', '\n', '\n\n'), { minLength: words.length, maxLength: words.length })
          .map((gaps) => words.map((each, index) => each + (index === words.length - 1 ? '' : gaps[index])).join('')),
      );
    const style = fc.constantFrom('PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED');
    fc.assert(
      fc.property(value, style, (text, defaultStringType) => {
        const yaml = stringify({ if: text }, { defaultStringType: defaultStringType as 'PLAIN', lineWidth: 30 });
        const { locate, value: found } = readYaml(sourceOf('p.yaml', yaml), z.object({ if: z.unknown() }));
        if (found?.if !== text) return; // the writer may end a block with a line break of its own
        const rows = yaml.split('\n');
        for (let offset = 0; offset < text.length; offset++) {
          if (/\s/.test(text[offset] ?? '')) continue;
          const { line, column } = locateExpression(locate, ['if'], offset);
          const there = rows[line - 1]?.slice(column - 1) ?? '';
          const escaped = there.startsWith('\\') && text[offset] !== '\\' ? there.slice(1) : there;
          expect(escaped[0]).toBe(text[offset]);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('checkValue', () => {
  it('checks a part against a schema of its own, at its place in the whole', () => {
    const read = readYaml(
      sourceOf('caruso.yaml', 'components:\n  mail: { config: { lissten: 25, smtp: 1 } }\n'),
      z.unknown(),
    );
    const schema = z.strictObject({ listen: z.number().optional(), smtp: z.string() });
    const { faults } = checkValue({ lissten: 25, smtp: 1 }, schema, read.locate, ['components', 'mail', 'config']);
    expect(faults.map(formatFault)).toEqual([
      'caruso.yaml:2:40 error DECLARATION_INVALID expected a text, found 1',
      "caruso.yaml:2:21 error DECLARATION_UNKNOWN_KEY unknown key 'lissten' (did you mean 'listen'?)",
    ]);
  });
});
