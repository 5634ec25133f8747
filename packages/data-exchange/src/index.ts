export { default } from './component.js';
