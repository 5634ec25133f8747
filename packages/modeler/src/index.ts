/** The modeler: the model as a tool edits it. */
export { default } from './component.js';
export { describeModel } from './describe-written.js';
export { differences, nameOf } from './difference.js';
