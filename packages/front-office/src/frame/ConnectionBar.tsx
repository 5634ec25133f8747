import { IconPlugOff } from '@tabler/icons-react';
import { type ReactElement, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLiveState } from '../client/live.js';
import { useOutbox } from '../client/outbox-store.js';

/** A blink of the connection needs no bar. */
const patience = 1500;

/** Says that the connection is lost and what becomes of the work; gone when it is back. */
export function ConnectionBar(): ReactElement {
  const { t } = useTranslation();
  const lost = useLiveState() === 'lost';
  const waiting = useOutbox().filter((message) => message.refusal === null).length;
  const [shown, show] = useState(false);
  useEffect(() => {
    if (!lost) return;
    const timer = setTimeout(() => show(true), patience);
    return () => {
      clearTimeout(timer);
      show(false);
    };
  }, [lost]);
  return (
    <div role="status">
      {shown && (
        <div className="frame-bar">
          <IconPlugOff size={16} aria-hidden />
          {t('connection.lost')} {waiting > 0 && t('connection.waiting', { count: waiting })}
        </div>
      )}
    </div>
  );
}
