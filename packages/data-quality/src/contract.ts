export type { Band } from './match.js';
