/** Tells other systems what happened. */
export { checkDeclarations } from './check-declarations.js';
export { default } from './component.js';
