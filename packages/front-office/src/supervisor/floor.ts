import type { Output } from '../client/contracts.js';

/** Everything the supervisor sees. */
export type Floor = Output<'communication.snapshot'>;
export type Figure = Output<'reporting.monitor'>['figures'][number];
export type ReportTable = Output<'reporting.run'>;
