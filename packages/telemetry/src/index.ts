/** Traces and metrics of every call between services. */
export { default } from './component.js';
