/** The composition root, for those who start a front office from a program of their own: tests and tools. */
export { type FrontOffice, Refused, type StartOptions, startFrontOffice } from './front-office.js';
export { type Io, processIo } from './io.js';
export { run } from './program.js';
