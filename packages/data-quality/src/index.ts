export { comparables, comparedAttributes } from './comparables.js';
export { default } from './component.js';
export { DuplicateIndex } from './duplicate-index.js';
