/** What keeps the process alive now, counted by kind: timers, sockets, watchers, pipes. Listeners of the process count too. */
export function openHandles(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  for (const event of process.eventNames()) counts.set(`process.on(${String(event)})`, process.listenerCount(event));
  return counts;
}

/** What of `after` was not there `before`, in words. Pure. */
export function left(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): string[] {
  return [...after].flatMap(([kind, count]) => {
    const more = count - (before.get(kind) ?? 0);
    return more > 0 ? [`${more} ${kind}`] : [];
  });
}
