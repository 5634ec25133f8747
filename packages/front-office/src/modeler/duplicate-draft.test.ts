import { expect, it } from 'vitest';
import { isSound, ruleDraftOf, ruleOf } from './duplicate-draft.js';

it('gives back every rule as it was written', () => {
  const rules = [
    { same: ['email'] },
    { perhaps: ['name ~ 0.92', 'phone'] },
    { weigh: { 'surname ~ 0.85': 9, bornOn: 13 }, same: 20, perhaps: 12 },
  ];
  expect(rules.map(ruleDraftOf).map(ruleOf)).toEqual(rules);
  expect(rules.map(ruleDraftOf).every(isSound)).toBe(true);
});

it('is not sound without an attribute, with a likeness that finds everything, or without points', () => {
  const sound = (rule: unknown) => isSound(ruleDraftOf(rule));
  expect(sound({ same: [] })).toBe(false);
  expect(sound({ same: ['name ~ 0.4'] })).toBe(false);
  expect(sound({ weigh: { email: 9 }, same: 20 })).toBe(false);
});
