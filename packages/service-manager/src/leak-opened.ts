import { fileURLToPath } from 'node:url';
import { ownFile } from './leak-stack.js';

/** One thing that was opened and has to be closed. */
export interface Opened {
  /** In words, such as `interval` or `connection to 10.0.0.7:5432`. Asked when it is reported. */
  what(): string;
  open(): boolean;
  /** Closes what can be closed without harm. */
  close?(): void;
  /** Where: the frames of the stack, the newest first. Read only when something is reported, for reading costs. */
  stack(): readonly string[];
  /** How what was opened may be told from what a library or Node opened for itself. */
  kind: 'timer' | 'handle' | 'listener' | 'subscription';
  /** Comes along with another thing opened at the same place, which says more. */
  lesser?: boolean;
}

/**
 * How something came to be opened in the name of a generation: by the component's own code (or a library that it called),
 * by Node alone with none of the component's code on the stack, or by somebody else's code that the component called, such
 * as the pool of a storage, which outlives it rightly.
 */
export type Way = 'own' | 'unseen' | 'foreign';

export function wayOf(opened: Opened, origin: string | undefined): Way {
  // Nobody else has the generation's own services.
  if (opened.kind === 'subscription') return 'own';
  const frames = opened.stack();
  if (opened.kind === 'timer' && ofNode(frames[0])) return 'foreign';
  for (const frame of frames) {
    // Below this frame is who called; above it was the provider's own doing.
    if (frame.includes(clientFile)) return 'foreign';
    if (ownFile(frame, origin) !== undefined) return 'own';
  }
  // A server that was told a host's name opens after a look-up, with nobody on the stack.
  return opened.kind === 'handle' && frames.every(ofNode) ? 'unseen' : 'foreign';
}

/** Where a call of a local contract enters its provider. */
const clientFile = fileURLToPath(import.meta.url).replace('leak-opened.', 'client.');

function ofNode(frame: string | undefined): boolean {
  return frame !== undefined && /^node:(?!timers\/promises)/.test(frame);
}
