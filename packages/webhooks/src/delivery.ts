import type { JournalEvent } from '@caruso/storage-manager/contract';
import type { DeliveryState } from './contract.js';

/** The business object of this component's own. */
export const DELIVERY = 'WebhookDelivery';

/** What is kept of an event for its message: names only, values are read when it is sent. */
interface EventFacts {
  id: string;
  type: string;
  at: string;
  seq: number;
  changed: string[];
}

/** One message to one webhook. */
export interface Delivery extends Record<string, unknown> {
  /** The key under which each attempt is made. */
  id: string;
  webhook: string;
  type: string;
  object: string;
  record: string;
  state: DeliveryState;
  attempts: number;
  dueAt: string;
  status: number | null;
  problem: string | null;
  at: string;
  settledAt: string | null;
  event: EventFacts;
  body: string | null;
}

/** The delivery of an event; undefined where it is about nothing a role could see, or about deliveries themselves. */
export function deliveryOf(webhook: string, event: JournalEvent, now: string): Delivery | undefined {
  const { id, type, at, seq, subject } = event;
  if (subject === null || subject.object === DELIVERY) return undefined;
  return {
    id: `${webhook}.${id}`,
    webhook,
    type,
    object: subject.object,
    record: subject.key,
    state: 'waiting',
    attempts: 0,
    dueAt: now,
    status: null,
    problem: null,
    at,
    settledAt: null,
    event: { id, type, at, seq, changed: changedNames(event) },
    body: null,
  };
}

function changedNames({ changes, subject }: JournalEvent): string[] {
  const change = changes.find((each) => each.object === subject?.object && each.key === subject.key);
  if (change === undefined) return [];
  const { before, after } = change;
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...names].filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]));
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const PAUSES = [10 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR];

/** Milliseconds to wait after so many attempts; the receiver may ask for more, up to a day. */
export function pauseAfter(attempts: number, asked = 0): number {
  const pause = PAUSES[Math.min(attempts, PAUSES.length) - 1] ?? 0;
  return Math.max(pause, Math.min(asked, 24 * HOUR));
}
