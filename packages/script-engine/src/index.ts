/** The component that runs dialog scripts as durable sessions; their language is `@caruso/dialog-script`. */
export { checkDeclarations } from './check.js';
export { scriptEngine as default } from './component.js';
export { methodShapes } from './method-shapes.js';
export { openScripts, testScripts } from './script-tests.js';
