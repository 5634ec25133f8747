import { type RefObject, useRef } from 'react';

/**
 * For a dialog or drawer over which others may open: Escape closes the uppermost alone. Each listens at the window, in the order in which
 * they were opened, and lies in the page in that order; where the focus is tells nothing, since a button that is busy loses it.
 */
export function useUppermost(onClose: () => void): { ref: RefObject<HTMLDivElement | null>; onClose: () => void } {
  const ref = useRef<HTMLDivElement>(null);
  const close = (): void => {
    const uppermost = [...document.querySelectorAll('[role="dialog"]')].at(-1);
    if (uppermost === undefined || ref.current === null || ref.current.contains(uppermost)) onClose();
  };
  return { ref, onClose: close };
}
