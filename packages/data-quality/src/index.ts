export { comparables, comparedAttributes } from './comparables.js';
export { type Candidate, DuplicateIndex } from './duplicate-index.js';
