import {
  keepPreviousData,
  type QueryClient,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { call } from './call.js';
import type { Input, MethodName, Output } from './contracts.js';
import { Fault } from './fault.js';

export interface CallOptions {
  /** False: not yet, something it needs is missing. */
  enabled?: boolean;
  /** Reads anew every so many milliseconds, for what no event announces. */
  every?: number;
  /** Shows what was there until the new is: a list while its filter changes. */
  keep?: boolean;
}

/**
 * Reads through a method; events on the live connection read it anew.
 *
 * @example
 * const desktop = useCall('communication.desktop', {});
 */
export function useCall<N extends MethodName>(
  method: N,
  input: Input<N>,
  options: CallOptions = {},
): UseQueryResult<Output<N>, Fault> {
  return useQuery<Output<N>, Fault>({
    queryKey: [method, input],
    queryFn: async ({ signal }) => await call(method, input, signal),
    enabled: options.enabled ?? true,
    ...(options.every === undefined ? {} : { refetchInterval: options.every }),
    ...(options.keep === true ? { placeholderData: keepPreviousData } : {}),
  });
}

export interface Act<N extends MethodName> {
  act: (input: Input<N>) => Promise<Output<N>>;
  busy: boolean;
  fault: Fault | null;
  clear: () => void;
}

/**
 * Changes something through a method, then reads anew what the same service gave.
 *
 * @example
 * const { act: accept, busy } = useAct('communication.accept');
 */
export function useAct<N extends MethodName>(method: N): Act<N> {
  const client = useQueryClient();
  const mutation = useMutation<Output<N>, Fault, Input<N>>({
    mutationFn: async (input) => {
      try {
        return await call(method, input);
      } catch (error) {
        throw Fault.from(error);
      }
    },
    onSettled: () => refresh(client, method),
  });
  return { act: mutation.mutateAsync, busy: mutation.isPending, fault: mutation.error, clear: mutation.reset };
}

/** Reads anew whatever came from the service of this method, and the screens that may show it. */
export async function refresh(client: QueryClient, method: string): Promise<void> {
  const service = method.slice(0, method.lastIndexOf('.') + 1);
  const shown = service === 'objects.' ? ['objects.', 'screens.resolve'] : [service];
  await client.invalidateQueries({
    predicate: ({ queryKey: [name] }) => typeof name === 'string' && shown.some((start) => name.startsWith(start)),
  });
}
