/** Chat from the customer's browser. */
export { default } from './component.js';
