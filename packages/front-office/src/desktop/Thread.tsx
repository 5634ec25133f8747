import { VisuallyHidden } from '@mantine/core';
import { type ReactElement, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../client/call.js';
import { useOutbox } from '../client/outbox-store.js';
import { useCall } from '../client/use-call.js';
import { Loaded } from '../ui/Loaded.js';
import { NothingHere } from '../ui/NothingHere.js';
import { Rows } from '../ui/Rows.js';
import type { Contact } from './desk-news.js';
import { MessageItem } from './MessageItem.js';
import { OutgoingItem } from './OutgoingItem.js';

/** What was said, by whom, oldest first; what is still on its way stands at the end. */
export function Thread({ contact }: { contact: Contact }): ReactElement {
  const { t } = useTranslation();
  const { id: interaction, unread } = contact;
  const conversation = useCall('communication.conversation', { interaction });
  const outgoing = useOutbox().filter((message) => message.interaction === interaction);
  const messages = conversation.data?.messages ?? [];
  const scroller = useRef<HTMLDivElement>(null);
  const count = messages.length + outgoing.length;
  const spoken = messages.findLast(({ from }) => from === 'customer');

  useEffect(() => {
    if (count > 0 && scroller.current !== null) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [count]);
  useEffect(() => {
    // Where it fails the count stays, which is the truth.
    if (unread > 0 && document.visibilityState === 'visible')
      void call('communication.markRead', { interaction }).catch(() => null);
  }, [unread, interaction]);

  return (
    <div
      ref={scroller}
      className="desk-scroll"
      role="log"
      aria-label={t('desktop.thread')}
      aria-live="off"
      tabIndex={0}
    >
      <Loaded
        from={conversation}
        skeleton={
          <div style={{ padding: 14 }}>
            <Rows count={3} height={52} />
          </div>
        }
      >
        {() =>
          count === 0 ? (
            <NothingHere title={t('desktop.nothingSaid')} />
          ) : (
            <ol className="thread">
              {messages.map((message) => (
                <MessageItem key={message.id} message={message} />
              ))}
              {outgoing.map((message) => (
                <OutgoingItem key={message.messageId} message={message} />
              ))}
            </ol>
          )
        }
      </Loaded>
      <VisuallyHidden aria-live="polite">{spoken?.text}</VisuallyHidden>
    </div>
  );
}
