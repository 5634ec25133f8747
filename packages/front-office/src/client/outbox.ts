/** A message that was written and has not been taken by the server yet. */
export interface Outgoing {
  messageId: string;
  interaction: string;
  text: string;
  note: boolean;
  /** When it was written, ISO UTC. */
  at: string;
  /** What the server said when it refused it; null while it waits. */
  refusal: string | null;
}

export type OutboxEvent =
  | { kind: 'written'; message: Outgoing }
  | { kind: 'taken'; messageId: string }
  | { kind: 'refused'; messageId: string; refusal: string }
  | { kind: 'retried'; messageId: string }
  | { kind: 'discarded'; messageId: string };

/** The outbox after an event. Pure; a message leaves only when the server took it or its writer discards it. */
export function afterOutboxEvent(box: readonly Outgoing[], event: OutboxEvent): readonly Outgoing[] {
  switch (event.kind) {
    case 'written':
      return box.some((m) => m.messageId === event.message.messageId) ? box : [...box, event.message];
    case 'taken':
    case 'discarded':
      return box.filter((m) => m.messageId !== event.messageId);
    case 'refused':
      return box.map((m) => (m.messageId === event.messageId ? { ...m, refusal: event.refusal } : m));
    case 'retried':
      return box.map((m) => (m.messageId === event.messageId ? { ...m, refusal: null } : m));
  }
}

/** The next message to send: the oldest that was not refused and has no refused one of the same contact before it. */
export function nextToSend(box: readonly Outgoing[]): Outgoing | undefined {
  const blocked = new Set<string>();
  for (const message of box) {
    if (message.refusal !== null) blocked.add(message.interaction);
    else if (!blocked.has(message.interaction)) return message;
  }
  return undefined;
}
