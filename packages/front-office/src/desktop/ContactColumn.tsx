import { Title } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { NothingHere } from '../ui/NothingHere.js';
import { ContactItem } from './ContactItem.js';
import type { Desk } from './desk-news.js';
import { OfferCard } from './OfferCard.js';
import { PullList } from './PullList.js';

interface Props {
  desk: Desk;
  selected: string | undefined;
  onSelect: (id: string) => void;
}

/** Everything that is with this agent, whatever channel it came by; what is offered stands on top. */
export function ContactColumn({ desk, selected, onSelect }: Props): ReactElement {
  const { t } = useTranslation();
  const ready = desk.agent.presence === 'ready';
  return (
    <section className="desk-column" data-pane="contacts" aria-label={t('desktop.contacts')}>
      <div className="desk-head">
        <Title order={2}>{t('desktop.contacts')}</Title>
      </div>
      <div className="desk-scroll">
        {desk.offers.map((offered) => (
          <OfferCard key={offered.offer.interaction} offered={offered} onAccepted={onSelect} />
        ))}
        {desk.interactions.length === 0 && desk.offers.length === 0 ? (
          <NothingHere
            title={t('desktop.noContacts')}
            hint={ready ? t('desktop.noContactsReady') : t('desktop.noContactsAway')}
          />
        ) : (
          <ul className="contact-list">
            {desk.interactions.map((contact) => (
              <li key={contact.id}>
                <ContactItem contact={contact} current={contact.id === selected} onSelect={onSelect} />
              </li>
            ))}
          </ul>
        )}
      </div>
      <PullList waiting={desk.waiting} onPulled={onSelect} />
    </section>
  );
}
