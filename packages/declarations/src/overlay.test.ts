import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { editsFor, overlaid } from './overlay.js';
import { spliceYaml } from './splice-yaml.js';

describe('editsFor', () => {
  it('says only what the layers below do not say', () => {
    const lower = { use: '@caruso/x', config: { days: 30, bank: 'NL', mail: { from: 'a', to: 'b' } } };
    expect(editsFor(lower.config, undefined, { ...lower.config, days: 14 }, ['config'])).toEqual([
      { path: ['config', 'days'], value: 14 },
    ]);
    expect(editsFor(lower.config, { days: 14 }, lower.config, [])).toEqual([{ path: ['days'], value: 30 }]);
    expect(editsFor(lower.config, { extra: 1 }, { days: 30, mail: { from: 'a', to: 'c' } }, [])).toEqual([
      { path: ['mail', 'to'], value: 'c' },
      { path: ['bank'], value: null },
      { path: ['extra'], value: undefined },
    ]);
  });

  it('leads to what was wanted, whatever the layers said', () => {
    const leaf = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('a', 'b'), fc.array(fc.integer()));
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 2 },
        leaf,
        fc.dictionary(fc.constantFrom('k', 'l', 'm'), tie('value'), { noNullPrototype: true }),
      ),
    }));
    const map = fc.dictionary(fc.constantFrom('k', 'l', 'm'), value, { noNullPrototype: true });
    fc.assert(
      fc.property(fc.option(map, { nil: undefined }), fc.option(map, { nil: undefined }), map, (lower, own, wanted) => {
        let text = `# top\n${own === undefined ? '' : stringify({ entry: own })}`;
        for (const { path, value: put } of editsFor(lower, own, wanted, ['entry'])) text = spliceYaml(text, path, put);
        const written = (parse(text) as { entry?: unknown } | null)?.entry;
        expect(overlaid(lower, written) ?? {}).toEqual(wanted);
      }),
      { numRuns: 150 },
    );
  });
});
