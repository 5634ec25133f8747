import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { spliceYaml } from './splice-yaml.js';

const text = `# ours
caruso: 1
name:   shop   # the name
components:
  # reads the old billing system
  billing: { use: ./services/billing.ts,   config: { payWithinDays: 30 } }   # Anna knows it
  mail:
    use: "@caruso/channel-mail"
    config:                        # of the post room
      listen: "\${MAIL_PORT:-2525}"
      smtp: ""                     # none yet
      greeting: |
        Dear customer,

        hello
seed: true   # for now
`;

describe('spliceYaml', () => {
  it('touches nothing but the value that changes', () => {
    const cases: [string[], unknown, string, string][] = [
      [['components', 'billing', 'config', 'payWithinDays'], 14, 'payWithinDays: 30', 'payWithinDays: 14'],
      [['components', 'billing', 'use'], './services/b.ts', './services/billing.ts', './services/b.ts'],
      [['components', 'mail', 'config', 'smtp'], 'smtp://x', 'smtp: ""  ', 'smtp: "smtp://x"  '],
      [['components', 'mail', 'use'], './mail.ts', '"@caruso/channel-mail"', '"./mail.ts"'],
      [['components', 'billing', 'config', 'bank'], 'NL', 'payWithinDays: 30 }', 'payWithinDays: 30, bank: NL }'],
      [['components', 'billing', 'config'], undefined, ',   config: { payWithinDays: 30 }', ''],
      [['components', 'mail', 'config', 'smtp'], undefined, '      smtp: ""                     # none yet\n', ''],
      [
        ['components', 'mail', 'config', 'greeting'],
        'Hi',
        'greeting: |\n        Dear customer,\n\n        hello\n',
        'greeting: Hi\n',
      ],
      [
        ['components', 'erp'],
        { use: './services/erp.ts', config: { url: '${ERP_URL}' } },
        '        hello\n',
        '        hello\n  erp: { use: ./services/erp.ts, config: { url: "${ERP_URL}" } }\n',
      ],
      [
        ['components', 'billing'],
        undefined,
        '  billing: { use: ./services/billing.ts,   config: { payWithinDays: 30 } }   # Anna knows it\n',
        '',
      ],
    ];
    for (const [path, value, before, after] of cases) {
      expect(text).toContain(before);
      expect(spliceYaml(text, path, value)).toBe(text.replace(before, () => after));
    }
  });

  it('begins what is not there, and leaves an empty mapping where the last is gone', () => {
    expect(spliceYaml('caruso: 1\n', ['components', 'erp'], { enabled: false })).toBe(
      'caruso: 1\ncomponents:\n  erp: { enabled: false }\n',
    );
    expect(spliceYaml('caruso: 1\ncomponents:   # none\nname: x', ['components', 'erp', 'enabled'], false)).toBe(
      'caruso: 1\ncomponents: { erp: { enabled: false } }   # none\nname: x',
    );
    expect(spliceYaml('components:\n  erp: { use: x }  # old\nname: x\n', ['components', 'erp'], undefined)).toBe(
      'components: {}\nname: x\n',
    );
    expect(spliceYaml('a: 1\r\nb: 2', ['c'], 3)).toBe('a: 1\r\nb: 2\r\nc: 3\r\n');
    expect(spliceYaml('', ['a', 'b'], 1)).toBe('a:\n  b: 1\n');
  });

  it('writes a long entry a line for each key', () => {
    const entry = { use: './services/erp.ts', config: { a: 'x'.repeat(60), b: 'y'.repeat(60) } };
    expect(spliceYaml('components:\n  a: { use: b }\n', ['components', 'erp'], entry)).toBe(
      `components:\n  a: { use: b }\n  erp:\n    use: ./services/erp.ts\n    config:\n      a: ${'x'.repeat(60)}\n      b: ${'y'.repeat(60)}\n`,
    );
  });

  it('says what was asked for whatever the mapping was, and keeps every comment of what stays', () => {
    const key = fc.constantFrom('a', 'b', 'c-d', '5', 'true', 'e: f', '# g');
    const scalar = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom('a, b', '${X}', '- x', 'x: y', '{', "it's", 'two\nlines\n', '  ', '#no'),
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        scalar,
        fc.array(scalar, { maxLength: 3 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 3, noNullPrototype: true }),
      ),
    }));
    const root = fc.dictionary(key, tree, { minKeys: 1, maxKeys: 4, noNullPrototype: true });
    fc.assert(
      fc.property(
        root,
        fc.array(key, { minLength: 1, maxLength: 3 }),
        fc.option(tree, { nil: undefined }),
        fc.boolean(),
        (before, path, value, flow) => {
          const written = `# head\n${stringify(before, flow ? { collectionStyle: 'flow' } : {})}# foot\n`;
          const after = spliceYaml(written, path, value);
          expect(at(parse(after), path)).toEqual(value);
          expect(after).toContain('# head');
          expect(after).toContain('# foot');
          const [first] = path;
          for (const [name, each] of Object.entries(before)) {
            if (name !== first) expect((parse(after) as Record<string, unknown>)[name]).toEqual(each);
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});

function at(value: unknown, path: string[]): unknown {
  return path.reduce<unknown>(
    (each, step) =>
      typeof each === 'object' && each !== null && Object.hasOwn(each, step)
        ? (each as Record<string, unknown>)[step]
        : undefined,
    value,
  );
}
