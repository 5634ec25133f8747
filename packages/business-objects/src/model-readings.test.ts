import { folderOf } from '@caruso/declarations';
import { describe, expect, it } from 'vitest';
import { compileModel } from './compile-model.js';
import { ModelReadings } from './model-readings.js';

const files = (name: string, more = '') => ({
  'model/party.yaml': `object: Party\nattributes:\n  no: { type: text, key: true }\n  name: { type: ${name} }\n`,
  'model/person.yaml': `object: Person\nextends: Party\nattributes:\n  age: integer\n${more}`,
});
const sources = (texts: Record<string, string>) => folderOf(texts).sources('model');

describe('readings of model files', () => {
  it('are made anew for a file that changed, and for those that extend it', () => {
    const readings = new ModelReadings();
    const names = (texts: Record<string, string>) => {
      const { model, faults } = compileModel(sources(texts), { readings });
      const whole = compileModel(sources(texts));
      expect(faults).toEqual(whole.faults);
      const shape = (of: typeof model) =>
        [...of.objects.values()].map(({ name, attributes }) => [
          name,
          [...attributes.values()].map((each) => `${each.name}: ${each.type}`),
        ]);
      expect(shape(model)).toEqual(shape(whole.model));
      return Object.fromEntries(shape(model)) as Record<string, string[]>;
    };
    expect(names(files('text'))['Person']).toContain('name: text');
    expect(names(files('email'))['Person']).toContain('name: email');
    expect(names(files('email', '  size: number\n'))['Person']).toContain('size: number');
    const { 'model/person.yaml': _, ...alone } = files('email');
    expect(Object.keys(names(alone))).toEqual(['Party']);
    expect(names(files('emale'))).toEqual({});
    expect(names(files('text'))['Person']).toContain('name: text');
  });

  it('read a file once as long as it stays the same', () => {
    const readings = new ModelReadings();
    const [source] = sources(files('text'));
    const stack = source === undefined ? [] : [source];
    let read = 0;
    const ask = () => readings.of('whole', stack, () => (read += 1));
    expect([ask(), ask(), read]).toEqual([1, 1, 1]);
    readings.keepOnly([]);
    expect(ask()).toBe(2);
  });
});
