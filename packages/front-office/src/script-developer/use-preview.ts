import {
  type Move,
  type Need,
  nameOfNeed,
  type Program,
  type Rehearsal,
  type Rehearsed,
  rehearse,
  type Setting,
} from '@caruso/dialog-script';
import { useMemo, useState } from 'react';

/** A dialog tried out in the present text, by the engine itself. */
export interface Preview {
  rehearsed: Rehearsed;
  /** Undefined while the script has faults. */
  rehearsal: Rehearsal | undefined;
  /** Why the engine cannot go on. */
  broken: string | undefined;
  move: (move: Move) => void;
  /** Leaves out the last move. */
  takeBack: () => void;
  restart: (start?: Partial<Pick<Rehearsed, 'channel' | 'language' | 'params'>>) => void;
  /** Says what a look-up found. */
  find: (need: Need, records: unknown[]) => void;
  /** Says what an action gave. */
  act: (need: Need, result: unknown) => void;
}

export function usePreview(program: Program | undefined, setting: Setting): Preview {
  const [rehearsed, set] = useState<Rehearsed>(() => ({
    channel: 'agent',
    language: program?.language ?? 'en',
    params: {},
    now: new Date().toISOString(),
    found: {},
    acted: {},
    moves: [],
  }));
  const { rehearsal, broken } = useMemo((): Pick<Preview, 'rehearsal' | 'broken'> => {
    if (program === undefined) return { rehearsal: undefined, broken: undefined };
    try {
      return { rehearsal: rehearse(program, rehearsed, setting), broken: undefined };
    } catch (error) {
      return { rehearsal: undefined, broken: error instanceof Error ? error.message : String(error) };
    }
  }, [program, rehearsed, setting]);
  const said = (moves: readonly Move[]): void => set((all) => ({ ...all, moves }));
  return {
    rehearsed,
    rehearsal,
    broken,
    move: (move) => {
      // Behind a move that can no longer be made nothing counts.
      const made = rehearsed.moves.slice(0, rehearsal?.stopped?.move ?? rehearsed.moves.length);
      said([...made, move]);
    },
    takeBack: () => said(rehearsed.moves.slice(0, rehearsal?.stopped?.move ?? -1)),
    restart: (start = {}) => set((all) => ({ ...all, ...start, found: {}, acted: {}, moves: [] })),
    find: (need, records) =>
      set((all) => {
        const name = nameOfNeed(need);
        return { ...all, found: { ...all.found, [name]: [...(all.found[name] ?? []), records] } };
      }),
    act: (need, result) =>
      set((all) => {
        const name = nameOfNeed(need);
        return { ...all, acted: { ...all.acted, [name]: [...(all.acted[name] ?? []), result] } };
      }),
  };
}
