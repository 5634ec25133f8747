import type { LiveMessage } from '@caruso/gateway/contract';
import type { Query } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { LiveConnection, type LiveState } from './live-connection.js';
import { queryClient } from './query-client.js';
import { isStale } from './stale.js';

type LiveEvent = Extract<LiveMessage, { kind: 'event' }>;

/** Events of this many ms are taken together, so that a busy floor does not read each figure ten times a second. */
const gather = 120;

let connection: LiveConnection | undefined;
let pending: LiveEvent[] = [];
let servicesChanged = false;
let timer: ReturnType<typeof setTimeout> | undefined;
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

function take(message: LiveMessage): void {
  if (message.kind === 'hello') return;
  if (message.kind === 'services') servicesChanged = true;
  else pending.push(message);
  timer ??= setTimeout(flush, gather);
}

function flush(): void {
  const events = pending;
  const services = servicesChanged;
  pending = [];
  servicesChanged = false;
  timer = undefined;
  void queryClient.invalidateQueries({
    predicate: (query: Query) => {
      const [method, input] = query.queryKey;
      if (typeof method !== 'string' || !method.includes('.')) return false;
      if (services && method.startsWith('services.')) return true;
      return events.some((event) => isStale(method, input, event));
    },
  });
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
