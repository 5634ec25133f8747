import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { Fault } from './fault.js';

export const meKey = ['me'] as const;

function signedOut(error: unknown): void {
  if (error instanceof Fault && error.signedOut) queryClient.setQueryData(meKey, null);
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: signedOut }),
  mutationCache: new MutationCache({ onError: signedOut }),
  defaultOptions: {
    queries: {
      // What happens is pushed; what was read stays good until an event or a reconnect says otherwise.
      staleTime: 30_000,
      retry: (failures, error) => failures < 2 && error instanceof Fault && error.serverAway,
      // The browser's own idea of being online is wrong behind a proxy; the live connection decides.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});
