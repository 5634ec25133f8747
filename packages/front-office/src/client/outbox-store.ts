import { useSyncExternalStore } from 'react';
import { call } from './call.js';
import { Fault } from './fault.js';
import { onLive } from './live.js';
import { afterOutboxEvent, nextToSend, type OutboxEvent, type Outgoing } from './outbox.js';
import { queryClient } from './query-client.js';
import { refresh } from './use-call.js';

const place = 'caruso.outbox';
const pause = 3000;

let box: readonly Outgoing[] = read();
let sending = false;
let timer: ReturnType<typeof setTimeout> | undefined;
const watchers = new Set<() => void>();

function read(): readonly Outgoing[] {
  try {
    return JSON.parse(sessionStorage.getItem(place) ?? '[]') as Outgoing[];
  } catch {
    return [];
  }
}

function apply(event: OutboxEvent): void {
  box = afterOutboxEvent(box, event);
  sessionStorage.setItem(place, JSON.stringify(box));
  for (const watcher of watchers) watcher();
}

async function drain(): Promise<void> {
  if (sending) return;
  sending = true;
  clearTimeout(timer);
  try {
    for (let message = nextToSend(box); message !== undefined; message = nextToSend(box)) {
      const { interaction, text, note, messageId } = message;
      try {
        await call('communication.send', { interaction, text, note, messageId });
        await refresh(queryClient, 'communication.send');
        apply({ kind: 'taken', messageId });
      } catch (error) {
        const fault = Fault.from(error);
        if (fault.unreachable) {
          timer = setTimeout(() => void drain(), pause);
          return;
        }
        apply({ kind: 'refused', messageId, refusal: fault.message });
      }
    }
  } finally {
    sending = false;
  }
}

onLive(() => void drain());

/** Sends a message, or keeps it until the server can be reached again; the same id arrives once. */
export function post(message: Outgoing): void {
  apply({ kind: 'written', message });
  void drain();
}

export function retry(messageId: string): void {
  apply({ kind: 'retried', messageId });
  void drain();
}

export function discard(messageId: string): void {
  apply({ kind: 'discarded', messageId });
  void drain();
}

/** What has been written and not yet been taken. */
export function useOutbox(): readonly Outgoing[] {
  return useSyncExternalStore(
    (changed) => {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
    () => box,
  );
}
