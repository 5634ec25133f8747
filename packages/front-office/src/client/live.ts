import type { LiveMessage } from '@caruso/gateway/contract';
import { useSyncExternalStore } from 'react';
import { LiveConnection, type LiveState } from './live-connection.js';
import { queryClient } from './query-client.js';
import { isStale } from './stale.js';

type LiveEvent = Extract<LiveMessage, { kind: 'event' }>;

/** Events of this many ms are taken together, so that a busy floor does not read each figure ten times a second. */
const gather = 120;

/** What looks at the whole floor is read at most this often (ms): on a busy one something happens all the time. */
const gatherFloor = 1000;
const floorMethods = new Set(['communication.snapshot', 'reporting.monitor']);

let connection: LiveConnection | undefined;
const watchers = new Set<() => void>();
const reopened = new Set<() => void>();

/** Connects once; further calls change nothing. */
export function startLive(): void {
  if (connection !== undefined) return;
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  connection = new LiveConnection(`${scheme}://${location.host}/api/live`, take, (again) => {
    // What happened in between was not heard.
    if (again) void queryClient.invalidateQueries();
    for (const run of reopened) run();
  });
  connection.onState(() => {
    for (const watcher of watchers) watcher();
  });
  for (const watcher of watchers) watcher();
}

/** Ends the connection, for instance because another user signs in. */
export function stopLive(): void {
  connection?.stop();
  connection = undefined;
}

/** Runs whenever the connection opens. */
export function onLive(run: () => void): () => void {
  reopened.add(run);
  return () => reopened.delete(run);
}

const desks = gathered(gather, (method) => !floorMethods.has(method));
const floor = gathered(gatherFloor, (method) => floorMethods.has(method));

function take(message: LiveMessage): void {
  if (message.kind === 'hello') return;
  if (message.kind === 'services') void queryClient.invalidateQueries({ queryKey: ['services.tree'] });
  else {
    desks(message);
    floor(message);
  }
}

/** Collects events for a while, then reads anew what they concern among the methods of one pace. */
function gathered(pause: number, mine: (method: string) => boolean): (event: LiveEvent) => void {
  let pending: LiveEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    const events = pending;
    pending = [];
    timer = undefined;
    void queryClient.invalidateQueries({
      predicate: ({ queryKey: [method, input] }) =>
        typeof method === 'string' &&
        method.includes('.') &&
        mine(method) &&
        events.some((event) => isStale(method, input, event)),
    });
  };
  return (event) => {
    pending.push(event);
    timer ??= setTimeout(flush, pause);
  };
}

/** State of the connection, for the bar that says it is lost. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(
    (changed) => {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
    () => connection?.state ?? 'connecting',
  );
}
