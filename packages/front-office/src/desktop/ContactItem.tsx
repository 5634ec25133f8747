import { Text, UnstyledButton } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { humanise } from '../format/humanise.js';
import { useNow } from '../format/use-now.js';
import { ChannelIcon } from '../ui/ChannelIcon.js';
import { Running } from '../ui/Running.js';
import { interactionTones, StateBadge } from '../ui/StateBadge.js';
import { type Contact, nameOf } from './desk-news.js';

interface Props {
  contact: Contact;
  current: boolean;
  onSelect: (id: string) => void;
}

/** One contact in the list: channel, who, about what, how long, what is new. */
export function ContactItem({ contact, current, onSelect }: Props): ReactElement {
  const { t } = useTranslation();
  const { id, channel, subject, state, since, due, unread } = contact;
  const now = useNow();
  const late = due !== null && Date.parse(due) < now && state !== 'done';
  return (
    <UnstyledButton className="contact-item" aria-current={current} onClick={() => onSelect(id)}>
      <ChannelIcon channel={channel} size={18} />
      <div style={{ minWidth: 0 }}>
        <div className="contact-line">
          <Text fw={unread > 0 ? 700 : 600} size="sm" className="one-line">
            {nameOf(contact)}
          </Text>
          <Running since={since} />
        </div>
        <div className="contact-line">
          <Text size="sm" className="one-line">
            {subject === '' ? humanise(channel) : subject}
          </Text>
          {unread > 0 && (
            <span className="unread">
              <span aria-hidden>{unread}</span>
              <span className="mantine-visually-hidden">{t('desktop.unread', { count: unread })}</span>
            </span>
          )}
        </div>
        <div style={{ display: 'flex', gap: 4, marginTop: 3 }}>
          <StateBadge tone={interactionTones[state]}>{t(`interaction.${state}`)}</StateBadge>
          {late && <StateBadge tone="late">{t('desktop.late')}</StateBadge>}
        </div>
      </div>
    </UnstyledButton>
  );
}
