import { folderOf } from '@caruso/declarations';
import { describe, expect, it } from 'vitest';
import { compileModel } from './compile-model.js';

const compiled = (duplicates: string, head = '') => {
  const text = `object: Customer
${head}attributes:
  id: { type: text, key: generated }
  name: { type: text, normalise: name, survivor: longest }
  email: { type: email, normalise: email }
  since: date
  file: binary
  display: { formula: name }
duplicates:
${duplicates}`;
  const { model, faults } = compileModel(folderOf({ 'model/customer.yaml': text }).sources('model'));
  return {
    rules: model.objects.get('Customer')?.duplicates,
    faults: faults.map(({ line, column, message, remedy }) => `${line}:${column} ${message} (${remedy})`),
  };
};

describe('duplicates: of a model file', () => {
  it('become rules', () => {
    const { rules, faults } = compiled(`  - same: [email]
  - perhaps: [name ~ 0.92, since]
  - weigh: { name ~ 0.85: 9, since: 12 }
    same: 18
    perhaps: 10
`);
    expect(faults).toEqual([]);
    expect(rules).toEqual([
      { kind: 'all', band: 'same', conditions: [{ attribute: 'email' }] },
      { kind: 'all', band: 'perhaps', conditions: [{ attribute: 'name', like: 0.92 }, { attribute: 'since' }] },
      {
        kind: 'weigh',
        weights: [
          { attribute: 'name', like: 0.85, points: 9 },
          { attribute: 'since', points: 12 },
        ],
        same: 18,
        perhaps: 10,
      },
    ]);
  });

  it.each([
    ['  - same: [emial]\n', "10:12 Customer has no attribute 'emial' (did you mean 'email'?)"],
    ['  - same: [display]\n', "10:12 'display' is computed (compare what it is computed from)"],
    ['  - same: [file]\n', "10:12 'file' is binary, which is not compared (compare another attribute)"],
    [
      '  - perhaps: [name ~ 0.3]\n',
      '10:15 a similarity of 0.3 finds everything or nothing (write one over 0.5, up to 1: name ~ 0.92)',
    ],
    ['  - perhaps: [name = 3]\n', "10:15 'name = 3' is no condition of a duplicate (write 'email' or 'name ~ 0.92')"],
    [
      '  - weigh: { name: 4 }\n',
      '10:5 weights need the points from which records are the same (write same: and perhaps: with points, perhaps: no more than same:)',
    ],
  ])('%j is told with its place', (duplicates, fault) => {
    expect(compiled(duplicates).faults).toEqual([fault]);
  });

  it('are not for objects that a component writes', () => {
    expect(compiled('  - same: [email]\n', 'written by: erp\n').faults[0]).toMatch(
      /^10:1 Customer is written by 'erp' alone/,
    );
  });
});
