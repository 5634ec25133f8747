import type { Me as MeSchema } from '@caruso/gateway/contract';
import { useQuery } from '@tanstack/react-query';
import { request } from './call.js';
import { Fault } from './fault.js';
import { startLive, stopLive } from './live.js';
import { meKey, queryClient } from './query-client.js';

export type Me = (typeof MeSchema)['_output'];

const meQuery = {
  queryKey: meKey,
  queryFn: async (): Promise<Me | null> => {
    try {
      return (await request('GET', '/api/me')) as Me;
    } catch (error) {
      if (error instanceof Fault && error.signedOut) return null;
      throw error;
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
};

/** Who is signed in; null: nobody. */
export function readMe(): Promise<Me | null> {
  return queryClient.ensureQueryData(meQuery);
}

export function useMe(): Me | null {
  return useQuery(meQuery).data ?? null;
}

export async function signIn(user: string, password: string): Promise<Me> {
  const me = (await request('POST', '/api/sign-in', { user, password })) as Me;
  stopLive();
  queryClient.clear();
  queryClient.setQueryData(meKey, me);
  startLive();
  return me;
}

export async function signOut(): Promise<void> {
  await request('POST', '/api/sign-out', {});
  stopLive();
  queryClient.clear();
  queryClient.setQueryData(meKey, null);
}
