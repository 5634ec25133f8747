import { type RefObject, useRef } from 'react';

/**
 * For a dialog or drawer over which others may open: Escape closes the uppermost alone. Each listens at the window, in the order in which
 * they were opened; the uppermost is where the focus is.
 */
export function useUppermost(onClose: () => void): { ref: RefObject<HTMLDivElement | null>; onClose: () => void } {
  const ref = useRef<HTMLDivElement>(null);
  const close = (): void => {
    const focused = document.activeElement?.closest('[role="dialog"]') ?? null;
    if (focused === null || ref.current === null || ref.current.contains(focused)) onClose();
  };
  return { ref, onClose: close };
}
