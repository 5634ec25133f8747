import { findFebrl } from '../support/febrl.js';
import { febrl } from '../support/requirement.js';
import { type Figure, figure } from './figure.js';

/** How many of the known duplicates of Febrl's record sets the rules of a model file find, and how many they invent. */
export function dedupFebrl(): Figure[] {
  if (!febrl.present) {
    console.error(`dedup-febrl left out: ${febrl.remedy}`);
    return [];
  }
  return (['febrl1', 'febrl3'] as const).map((name) => {
    const { records, pairs, f1 } = findFebrl(name);
    return figure({
      name: `dedup-${name}`,
      ours: f1.same,
      against: { 'an equal social security number': f1.socialNo },
      unit: 'F1',
      what: `duplicates found as "same" by ten weighed attributes among ${records} records with ${pairs} known pairs (with "perhaps": ${f1.perhaps.toFixed(4)})`,
    });
  });
}
