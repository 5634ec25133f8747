/** For authors of wrappers and verticals. */
export { VirtualClock } from '@caruso/service-manager/contract';
export { type Check, conformance } from './conformance.js';
export { folderLegacy } from './folder-legacy.js';
export { httpLegacy, type StartedSystem } from './http-legacy.js';
export type { Disorder, LegacySystem, Traffic } from './legacy-system.js';
export { type ClientOf, type RunningWrapper, type StartOptions, standIn, startWrapper } from './start-wrapper.js';
export type { WrapperSuite } from './suite-definition.js';
export { wrapperSuite } from './wrapper-suite.js';
