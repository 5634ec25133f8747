import { useEffect } from 'react';
import { useAct } from '../client/use-call.js';
import { sayFault } from '../ui/say-fault.js';
import type { Desk } from './desk-news.js';

/** Where Enter has a meaning of its own: somebody types, chooses or presses there. */
const taken = 'input, textarea, select, button, a, [role="dialog"], [role="menu"], [contenteditable]';

/** Keys of the desk: Enter accepts the offer, Alt with an arrow goes through the contacts. */
export function useDeskKeys(desk: Desk, selected: string | undefined, open: (id: string) => void): void {
  const { act: accept, busy } = useAct('communication.accept');
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const first = desk.offers[0];
      const free = !(event.target instanceof Element && event.target.closest(taken) !== null);
      if (event.key === 'Enter' && first !== undefined && !busy && (free || event.altKey)) {
        event.preventDefault();
        const { interaction, token } = first.offer;
        accept({ interaction, token }).then(({ id }) => open(id), sayFault);
      }
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
      if (event.altKey && step !== 0 && desk.interactions.length > 0) {
        event.preventDefault();
        const at = desk.interactions.findIndex(({ id }) => id === selected);
        const next = desk.interactions.at((at + step) % desk.interactions.length);
        if (next !== undefined) open(next.id);
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [desk, selected, open, accept, busy]);
}
