import { VisuallyHidden } from '@mantine/core';
import { type ReactElement, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { humanise } from '../format/humanise.js';
import { type Desk, deskNews, nameOf } from './desk-news.js';

/** Tells a screen reader, and the title of the browser's tab, what came in by itself. */
export function DeskAnnouncer({ desk }: { desk: Desk }): ReactElement {
  const { t } = useTranslation();
  const before = useRef<Desk | undefined>(undefined);
  const [said, say] = useState('');
  useEffect(() => {
    const { offered, spoke, left } = deskNews(before.current, desk);
    before.current = desk;
    const lines = [
      ...offered.map((one) => t('desktop.offered', { who: nameOf(one), channel: humanise(one.channel) })),
      ...spoke.map((one) => t('desktop.spoke', { who: nameOf(one) })),
      ...left.map((one) => t('desktop.left', { who: nameOf(one) })),
    ];
    if (lines.length > 0) say(lines.join(' '));
  }, [desk, t]);
  const calls = desk.offers.length + desk.interactions.reduce((sum, { unread }) => sum + unread, 0);
  useEffect(() => {
    const plain = document.title.replace(/^\(\d+\) /, '');
    document.title = calls > 0 ? `(${calls}) ${plain}` : plain;
    return () => {
      document.title = plain;
    };
  }, [calls]);
  return (
    <VisuallyHidden aria-live="assertive" role="alert">
      {said}
    </VisuallyHidden>
  );
}
