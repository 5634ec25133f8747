import { Fault } from '../client/fault.js';

/** What the server found wrong, by attribute: refused values come as a list of attributes with their messages. */
export function fieldFaults(error: unknown): Record<string, string> {
  const { details } = Fault.from(error);
  const found: Record<string, string> = {};
  if (!Array.isArray(details)) return found;
  for (const one of details as unknown[]) {
    if (typeof one !== 'object' || one === null) continue;
    const { attribute, message } = one as Record<string, unknown>;
    if (typeof attribute === 'string' && typeof message === 'string') found[attribute] ??= message;
  }
  return found;
}
