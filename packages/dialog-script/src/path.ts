import type { Checkpoint } from './ground.js';
import type { Place } from './place.js';
import type { Action, EndStep, RecordShape, WaitingStep, Wording } from './program.js';
import type { Scope } from './scope.js';
import type { View } from './view-type.js';

/** A step on the path that was answered, or left because something happened. */
export interface Answered {
  index: number;
  visit: string;
  step: WaitingStep;
  values: Record<string, unknown>;
  place: Place;
  checkpoint: Checkpoint;
  /** The how-manieth time the path came by. */
  count: number;
  /** How its answers are shown, kept where that depends on nothing else. */
  rows: { audience: string; list: View['answers'] } | undefined;
}

/** The step that waits. */
export interface Present {
  index: number;
  visit: string;
  step: WaitingStep;
  attempt: number;
  place: Place;
  checkpoint: Checkpoint;
  /** It was answered before, and the answer does not fit any more. */
  unfit: boolean;
}

/** Which business objects a look-up wants. */
interface Query {
  record: RecordShape;
  where: string;
  sort: readonly string[];
  limit: number;
}

/** What must be known before the path goes on. */
export type Need =
  | {
      kind: 'lookup';
      visit: string;
      input: string;
      query: Query;
      params: Record<string, unknown>;
      /** Of the one object that was chosen, where it is a reference. */
      key: string | undefined;
    }
  | { kind: 'action'; visit: string; input: string; action: Action; arguments: Record<string, unknown> }
  | {
      kind: 'undo';
      visit: string;
      input: string;
      action: Action;
      method: string;
      idempotent: boolean;
      arguments: Record<string, unknown>;
    };

/** Where a session is, and how it got there. */
export interface Path {
  answered: Answered[];
  present: Present | undefined;
  end: EndStep | undefined;
  need: Need | undefined;
  /** Where it stopped. */
  place: Place;
  /** Texts of what failed since the last answer. */
  messages: readonly { wordings: readonly Wording[]; error: string | undefined; scope: Scope }[];
  /** Answers before this one cannot be gone back to. */
  barrier: number;
}
