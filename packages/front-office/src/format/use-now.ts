import { useSyncExternalStore } from 'react';

const period = 1000;
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const watchers = new Set<() => void>();

function watch(changed: () => void): () => void {
  watchers.add(changed);
  timer ??= setInterval(tick, period);
  return () => {
    watchers.delete(changed);
    if (watchers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  now = Date.now();
  for (const watcher of watchers) watcher();
}

/** Milliseconds UTC, ticking once a second; one timer for all who look. */
export function useNow(): number {
  return useSyncExternalStore(watch, () => {
    if (watchers.size === 0) now = Date.now();
    return now;
  });
}
