import type { Draft, Operation } from '@caruso/modeler/contract';
import { type UseQueryResult, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../client/call.js';
import type { Output } from '../client/contracts.js';
import { Fault } from '../client/fault.js';
import { useCall } from '../client/use-call.js';
import { begun, changed, type History, redone, undone } from './history.js';

export type State = Output<'modeler.model'>;

/** The model as it would be, and the way to change it; nothing is written before it is applied. */
export interface Modeler {
  read: UseQueryResult<State, Fault>;
  drafts: Draft[];
  history: History<Draft[]>;
  busy: boolean;
  /** Why the last edit was not made. */
  fault: Fault | null;
  /** Makes edits; false where they were refused. */
  edit: (...operations: Operation[]) => Promise<boolean>;
  /** Puts another text in the place of a file of the own folder. */
  write: (file: string, text: string) => Promise<boolean>;
  undo: () => void;
  redo: () => void;
  /** Forgets every draft: they are applied, or given up. */
  settle: () => void;
  clear: () => void;
}

/** A reload of the page must not lose what was begun. */
const KEPT = 'caruso.modeler.drafts';

function kept(): Draft[] {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? '[]') as Draft[];
  } catch {
    return [];
  }
}

export function useModeler(): Modeler {
  const client = useQueryClient();
  const [history, setHistory] = useState(() => begun(kept()));
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const drafts = history.present;
  const read = useCall('modeler.model', { drafts }, { keep: true });
  const go = (next: History<Draft[]>): void => {
    sessionStorage.setItem(KEPT, JSON.stringify(next.present));
    setHistory(next);
    setFault(null);
  };
  const make = async (work: () => Promise<State>): Promise<boolean> => {
    setBusy(true);
    try {
      const state = await work();
      client.setQueryData(['modeler.model', { drafts: state.drafts }], state);
      go(changed(history, state.drafts));
      return true;
    } catch (error) {
      setFault(Fault.from(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return {
    read,
    drafts,
    history,
    busy,
    fault,
    edit: (...operations) => make(() => call('modeler.edit', { drafts, operations })),
    write: (file, text) =>
      make(() => {
        const saved = read.data?.files.find(({ name }) => name === file);
        const before = drafts.find(({ name }) => name === file);
        const base = before === undefined ? (saved?.hash ?? null) : before.base;
        const others = drafts.filter(({ name }) => name !== file);
        return call('modeler.model', { drafts: [...others, { name: file, text, base }] });
      }),
    undo: () => go(undone(history)),
    redo: () => go(redone(history)),
    settle: () => {
      go(begun<Draft[]>([]));
      void client.invalidateQueries({ queryKey: ['modeler.model'] });
    },
    clear: () => setFault(null),
  };
}
