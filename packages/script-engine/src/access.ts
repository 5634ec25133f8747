import type { Program } from '@caruso/dialog-script';
import type { Principal } from '@caruso/service-manager/contract';
import * as errors from './errors.js';
import type { SessionRow } from './store.js';
import { ownerOf } from './store.js';

const staffRoles = ['agent', 'supervisor', 'administrator'];

/** People of the company, and components at work: they may see what agents see. */
function isStaff({ kind, roles }: Principal): boolean {
  return kind === 'system' || kind === 'policy' || kind === 'script' || roles.some((role) => staffRoles.includes(role));
}

/** Whether a caller may start a script at all; customers only what is meant for them. */
export function mayStart(principal: Principal, { channels }: Program): boolean {
  return isStaff(principal) || channels.includes('web') || channels.includes('chat');
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

/** A session belongs to who started it, and to the agent who took it over; supervisors may look on, staff at what runs with a contact. */
export function checkSession(
  principal: Principal,
  id: string,
  row: Pick<SessionRow, 'owner' | 'agent' | 'interaction'> | undefined,
  looking: boolean,
): void {
  const me = ownerOf(principal);
  const own = row?.owner === me || row?.agent === me;
  const supervises = principal.roles.some((role) => role === 'supervisor' || role === 'administrator');
  const watching = looking && (supervises || (isStaff(principal) && row?.interaction !== null));
  if (row === undefined || !(own || watching)) throw errors.sessionUnknown(id);
}

/**
 * What may be taken over: one's own, and as staff any session of a customer that runs with a contact, which may be given from one agent
 * to the next, or waits for an agent.
 */
export function checkTakeOver(principal: Principal, row: SessionRow, channel: string | undefined): void {
  const me = ownerOf(principal);
  if (channel === 'agent' && !isStaff(principal)) throw errors.sessionUnknown(row.id);
  if (row.owner === me || row.agent === me) return;
  const open = row.interaction !== null || (row.agent === null && row.state === 'handed over');
  if (!isStaff(principal) || !(open || principal.roles.includes('supervisor'))) throw errors.sessionUnknown(row.id);
}

/** The channel a view is made for: a customer's own, whatever is asked and whoever goes on. */
export function viewChannel(
  principal: Principal,
  asked: string | undefined,
  row: Pick<SessionRow, 'startedOn' | 'channel'>,
): string {
  if (isStaff(principal)) return asked ?? row.channel;
  return row.startedOn === 'agent' ? 'web' : row.startedOn;
}
