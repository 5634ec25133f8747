/** The words every package speaks: contracts, components, calls, errors, time. */
export type { Limits } from './admission.js';
export * from './call.js';
export type * from './call-observer.js';
export * from './caruso-error.js';
export { type ClassComponent, defineClassComponent, Tokens } from './class-component.js';
export * from './clock.js';
export { ClusterSettings } from './cluster-settings.js';
export * from './component-definition.js';
export type * from './component-loader.js';
export * from './contract-definition.js';
export { systemIds, uuidV7 } from './ids.js';
export { type NodeLine, Nodes } from './node-directory.js';
export * from './services.js';
export { VirtualClock } from './virtual-clock.js';
