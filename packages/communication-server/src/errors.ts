import { CarusoError } from '@caruso/service-manager/contract';
import type { InteractionState } from './contract.js';

/** Every error of this package; the gateway answers with the status. */
export const errors = {
  interactionUnknown: (id: string) =>
    new CarusoError({
      code: 'INTERACTION_UNKNOWN',
      message: `interaction '${id}' does not exist`,
      remedy: 'read the list of interactions anew',
      status: 404,
    }),
  agentUnknown: (agent: string) =>
    new CarusoError({
      code: 'AGENT_UNKNOWN',
      message: `'${agent}' is not an agent of this front office`,
      remedy: 'a supervisor defines agents with communication.defineAgent',
      status: 404,
    }),
  queueUnknown: (queue: string, known: readonly string[]) =>
    new CarusoError({
      code: 'QUEUE_UNKNOWN',
      message: `queue '${queue}' is not declared in queues.yaml`,
      remedy: `one of: ${known.join(', ')}`,
      status: 404,
    }),
  dispositionUnknown: (disposition: string, known: readonly string[]) =>
    new CarusoError({
      code: 'DISPOSITION_UNKNOWN',
      message: `disposition '${disposition}' is not declared in queues.yaml`,
      remedy: `one of: ${known.join(', ')}`,
      status: 422,
    }),
  reasonUnknown: (reason: string, known: readonly string[]) =>
    new CarusoError({
      code: 'PRESENCE_REASON_UNKNOWN',
      message: `presence reason '${reason}' is not declared in queues.yaml`,
      remedy: `one of: ${known.join(', ')}`,
      status: 422,
    }),
  notYours: (id: string, agent: string, holder: string | null) =>
    new CarusoError({
      code: 'NOT_YOURS',
      message: `interaction '${id}' is with ${holder === null ? 'nobody' : `'${holder}'`}, not with '${agent}'`,
      remedy: 'a supervisor can move a waiting interaction',
      status: 403,
    }),
  offerGone: (id: string, token: number) =>
    new CarusoError({
      code: 'OFFER_GONE',
      message: `offer ${token} of interaction '${id}' is no longer yours to answer`,
      remedy: 'it expired, was withdrawn or was answered in another window',
      status: 409,
    }),
  transitionRefused: (id: string, state: InteractionState, event: string, from: readonly InteractionState[]) =>
    new CarusoError({
      code: 'TRANSITION_REFUSED',
      message: `interaction '${id}' is ${state}; '${event}' needs it ${from.join(' or ')}`,
      remedy: 'read the interaction anew',
      status: 409,
      details: { state, event },
    }),
  noCapacity: (agent: string, channel: string) =>
    new CarusoError({
      code: 'CAPACITY_EXCEEDED',
      message: `'${agent}' has no room for another ${channel} contact`,
      remedy: 'finish one first, or have a supervisor raise the capacity',
      status: 409,
    }),
  addressMissing: (channel: string) =>
    new CarusoError({
      code: 'ADDRESS_MISSING',
      message: `a contact on channel '${channel}' has no address`,
      remedy: 'the channel gives the address it came from, if need be one of its own making',
      status: 422,
    }),
  skillUnknown: (skill: string, known: readonly string[]) =>
    new CarusoError({
      code: 'SKILL_UNKNOWN',
      message: `skill '${skill}' is not declared in queues.yaml`,
      remedy: `one of: ${known.join(', ')}`,
      status: 422,
    }),
  notServed: (agent: string, queue: string) =>
    new CarusoError({
      code: 'QUEUE_NOT_SERVED',
      message: `'${agent}' does not serve queue '${queue}'`,
      remedy: 'a supervisor changes the queues of an agent with communication.defineAgent',
      status: 403,
    }),
  moveWhere: () =>
    new CarusoError({
      code: 'MOVE_WHERE',
      message: 'a move names a queue, an agent, or both',
      remedy: "give 'queue' or 'agent'",
      status: 400,
    }),
  campaignUnknown: (campaign: string, known: readonly string[]) =>
    new CarusoError({
      code: 'CAMPAIGN_UNKNOWN',
      message: `campaign '${campaign}' is not declared in campaigns/`,
      remedy: known.length === 0 ? 'no campaign is declared' : `one of: ${known.join(', ')}`,
      status: 404,
    }),
  customerUnknown: (object: string, key: string) =>
    new CarusoError({
      code: 'CUSTOMER_UNKNOWN',
      message: `${object} '${key}' does not exist`,
      remedy: 'search for the customer again, or create it',
      status: 404,
    }),
};
