import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { NothingHere } from '../ui/NothingHere.js';
import { CallPanel } from './CallPanel.js';
import { Composer } from './Composer.js';
import { ConversationHead } from './ConversationHead.js';
import type { Contact, Desk } from './desk-news.js';
import { Thread } from './Thread.js';
import { WrapUpPanel } from './WrapUpPanel.js';

/** The conversation or call that is open. */
export function ConversationColumn({ desk, contact }: { desk: Desk; contact: Contact | undefined }): ReactElement {
  const { t } = useTranslation();
  return (
    <section className="desk-column" data-pane="talk" aria-label={t('desktop.conversation')}>
      {contact === undefined ? (
        <div style={{ margin: 'auto' }}>
          <NothingHere title={t('desktop.noneOpen')} hint={t('desktop.noneOpenHint')} />
        </div>
      ) : (
        <Conversation key={contact.id} desk={desk} contact={contact} />
      )}
    </section>
  );
}

function Conversation({ desk, contact }: { desk: Desk; contact: Contact }): ReactElement {
  return (
    <>
      <ConversationHead contact={contact} desk={desk} />
      {contact.channel === 'voice' && <CallPanel contact={contact} />}
      <Thread contact={contact} />
      {contact.state === 'wrap-up' ? <WrapUpPanel contact={contact} desk={desk} /> : <Composer contact={contact} />}
    </>
  );
}
