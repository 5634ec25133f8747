/** A simulated telephone, for demonstrations and tests. */
export { default } from './component.js';
