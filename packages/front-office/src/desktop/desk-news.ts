import type { Output } from '../client/contracts.js';

export type Desk = Output<'communication.desktop'>;
export type Contact = Desk['interactions'][number];

/** What an agent should be told of, because it came by itself. */
export interface DeskNews {
  /** Contacts that are offered and were not before. */
  offered: Contact[];
  /** Contacts with more unread messages than before. */
  spoke: Contact[];
  /** Contacts that ended without the agent's doing: the customer left. */
  left: Contact[];
}

/** The difference between two looks at the desk that the agent has to hear of. */
export function deskNews(before: Desk | undefined, after: Desk): DeskNews {
  const earlier = new Map(before?.interactions.map((contact) => [contact.id, contact]));
  const offers = new Set(before?.offers.map(({ interaction }) => interaction.id));
  return {
    offered: after.offers.map(({ interaction }) => interaction).filter(({ id }) => !offers.has(id)),
    spoke: after.interactions.filter(({ id, unread }) => unread > (earlier.get(id)?.unread ?? 0)),
    left: after.interactions.filter(({ id, state }) => {
      const was = earlier.get(id)?.state;
      return state === 'wrap-up' && (was === 'active' || was === 'held');
    }),
  };
}

/** What people call the other side of a contact. */
export function nameOf({ contact }: Contact): string {
  return contact.name ?? contact.address;
}
