import type { AnyComponent } from './component-definition.js';
import { handOverInvalid, handOverStuck, messageOf } from './errors.js';
import { Gate } from './gate.js';
import type { Generation } from './generation.js';
import { asSystem, type House } from './starting.js';

/** How long calls that were given up may take to notice it, in milliseconds. */
const GRACE = 1_000;

/** A hand-over of state from one generation to the next, while calls wait. */
export interface HandOver {
  gate: Gate;
  /** What the old one handed over, as it did. */
  state: unknown;
  abandoned: number;
  drained: number;
}

/** Whether a replacement of the one by the other has a state to hand over. */
export function handsOver(from: AnyComponent, to: AnyComponent): boolean {
  return from.state !== undefined && to.state !== undefined;
}

/**
 * Parks new calls, lets those in flight end, and gives the old generation's state to the new one. The gate stays closed. On any
 * failure the old one goes on and gets the parked calls, and this throws why.
 */
export async function handOver(house: House, old: Generation, next: Generation, drainMs: number): Promise<HandOver> {
  const gate = new Gate(old.name);
  old.gate = gate;
  try {
    const before = old.inFlight;
    const stuck = await old.settle(drainMs);
    if (stuck > 0) {
      old.abandon();
      const deaf = await old.settle(GRACE);
      // It might still write to the state that is about to be copied.
      if (deaf > 0) throw handOverStuck(old.name, old.number, deaf, drainMs + GRACE);
    }
    const state: unknown = await asSystem(house.ids, async () => old.instance?.handOver?.());
    await takeOver(house, next, state, old);
    return { gate, state, abandoned: stuck, drained: before - stuck };
  } catch (error) {
    old.gate = undefined;
    gate.open();
    throw error;
  }
}

/** Gives a state to a generation that took no calls yet. Throws HAND_OVER_INVALID or what the component throws. */
export async function takeOver(house: House, next: Generation, state: unknown, from: Generation): Promise<void> {
  const parsed = await next.component.state?.safeParseAsync(state);
  if (parsed === undefined) return;
  if (!parsed.success) {
    throw handOverInvalid(next.name, from.component.version, next.component.version, parsed.error);
  }
  try {
    await asSystem(house.ids, async () => next.instance?.takeOver?.(parsed.data));
  } catch (error) {
    throw new Error(`it could not take the state over: ${messageOf(error)}`, { cause: error });
  }
}
