import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect } from 'react';
import type { Contact, Desk } from './desk-news.js';

/** The contact that is open. It is in the address, so that it survives a reload; without one the first is open. */
export function useSelection(desk: Desk): { selected: Contact | undefined; select: (id: string) => void } {
  const { contact } = useSearch({ from: '/staff/desktop' });
  const navigate = useNavigate();
  const select = useCallback(
    (id: string): void => void navigate({ to: '/desktop', search: { contact: id }, replace: true }),
    [navigate],
  );
  const selected = desk.interactions.find(({ id }) => id === contact) ?? desk.interactions[0];
  // Whichever is shown keeps being shown when another arrives before it.
  const shown = selected?.id;
  useEffect(() => {
    if (shown !== undefined && shown !== contact) select(shown);
  }, [shown, contact, select]);
  return { selected, select };
}
