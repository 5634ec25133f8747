import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { call } from '../client/call.js';
import type { Fault } from '../client/fault.js';
import { useCall } from '../client/use-call.js';
import type { RecordScreen } from '../screens/record-screen.js';
import type { Contact } from './desk-news.js';

export interface CustomerScreen {
  /** What the contact was recognised as, and the screen that shows it; null: nobody known, or no screen for it. */
  target: { screen: string; key: string } | null;
  screen: UseQueryResult<RecordScreen, Fault>;
}

/** The screen of the customer whom a contact was recognised as. */
export function useCustomerScreen({ customer }: Contact): CustomerScreen {
  const navigation = useCall('screens.navigation', {}).data;
  const shows =
    customer === null || navigation?.customer?.object === customer.object
      ? navigation?.customer?.screen
      : navigation?.search.find(({ object }) => object === customer.object)?.screen;
  const target = customer === null || shows === undefined ? null : { screen: shows, key: customer.key };
  const screen = useQuery<RecordScreen, Fault>({
    queryKey: ['screens.resolve', target ?? {}],
    queryFn: async ({ signal }) => {
      const resolved = await call('screens.resolve', target ?? { screen: '' }, signal);
      if (resolved.kind !== 'record') throw new Error(`screen '${resolved.screen}' shows a list, not a customer`);
      return resolved;
    },
    enabled: target !== null,
  });
  return { target, screen };
}
