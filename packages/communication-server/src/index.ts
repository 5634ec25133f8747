/** Interactions, agents, queues, routing and campaigns. */
export { checkDeclarations } from './check-declarations.js';
export { default } from './component.js';
export { decide, lineUp } from './decide.js';
export type * from './routing-snapshot.js';
export { transition } from './transition.js';
