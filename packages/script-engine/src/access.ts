import type { Program } from '@caruso/dialog-script';
import type { Principal } from '@caruso/service-manager/contract';
import * as errors from './errors.js';
import type { SessionRow } from './store.js';
import { ownerOf } from './store.js';

const staffRoles = ['agent', 'supervisor', 'administrator'];

/** People of the company, and components at work: they may see what agents see. */
export function isStaff({ kind, roles }: Principal): boolean {
  return kind === 'system' || kind === 'policy' || kind === 'script' || roles.some((role) => staffRoles.includes(role));
}

/** Whether a caller may start a script at all; customers only what is meant for them. */
export function mayStart(principal: Principal, { channels }: Program): boolean {
  return isStaff(principal) || channels.includes('web');
}

/** Refuses what a customer may not choose: the agent's channel, the telephone's, parameters. */
export function checkStart(
  principal: Principal,
  program: Program,
  channel: string,
  params: Readonly<Record<string, unknown>>,
): void {
  const staff = isStaff(principal);
  const open = staff ? program.channels : program.channels.filter((name) => name === 'web' || name === 'chat');
  if (!open.includes(channel)) throw errors.scriptChannel(program.id, channel, open);
  if (!staff && Object.keys(params).length > 0) throw errors.paramsDenied(program.id);
}

/** A session belongs to who started it; supervisors may look on. */
export function checkSession(
  principal: Principal,
  id: string,
  row: Pick<SessionRow, 'owner'> | undefined,
  looking: boolean,
): void {
  const own = row?.owner === ownerOf(principal);
  const watching = looking && principal.roles.some((role) => role === 'supervisor' || role === 'administrator');
  if (row === undefined || !(own || watching)) throw errors.sessionUnknown(id);
}

/** The channel a view is made for: a customer's own, whatever is asked. */
export function viewChannel(principal: Principal, asked: string | undefined, started: string): string {
  return asked !== undefined && isStaff(principal) ? asked : started;
}
