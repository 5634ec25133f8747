import { z } from 'zod';
import { Message } from './contract.js';

/** A message as stored. */
export const MessageRow = Message.extend({
  text: z
    .string()
    .nullable()
    .transform((text) => text ?? ''),
  details: z
    .record(z.string(), z.unknown())
    .nullable()
    .transform((details) => details ?? {}),
  /** Its place in the conversation, from 1. */
  number: z.number(),
  /** Who sent it and the id it had there: what arrives twice is recognised by it. */
  origin: z.string(),
});
export type MessageRow = z.infer<typeof MessageRow>;

/** Where a customer's message came from; ids of one contact say nothing about those of another. */
export function inboundOrigin(channel: string, address: string, messageId: string): string {
  return `in|${channel}|${address}|${messageId}`.slice(0, 700);
}

export function outboundOrigin(interaction: string, messageId: string): string {
  return `out|${interaction}|${messageId}`;
}

export function toMessage(row: MessageRow): Message {
  const { id, interaction, from, author, text, details, at, delivery } = row;
  return { id, interaction, from, author, text, details, at, delivery };
}
