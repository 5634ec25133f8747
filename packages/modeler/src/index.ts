/** The modeler: the model as a tool edits it. */
export { default } from './component.js';
