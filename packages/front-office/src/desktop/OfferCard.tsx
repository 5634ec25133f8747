import { Button, Group, Kbd, Progress, Text } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../client/use-call.js';
import { humanise } from '../format/humanise.js';
import { useNow } from '../format/use-now.js';
import { ChannelIcon } from '../ui/ChannelIcon.js';
import { Running } from '../ui/Running.js';
import { sayFault } from '../ui/say-fault.js';
import { type Desk, nameOf } from './desk-news.js';

interface Props {
  offered: Desk['offers'][number];
  onAccepted: (id: string) => void;
}

/** A contact that waits for this agent's yes or no, and the time left to say it. */
export function OfferCard({ offered: { offer, interaction: contact }, onAccepted }: Props): ReactElement {
  const { t } = useTranslation();
  const accept = useAct('communication.accept');
  const decline = useAct('communication.decline');
  const now = useNow();
  const [begun] = useState(() => Date.now());
  const lease = { interaction: offer.interaction, token: offer.token };
  const whole = Math.max(1, Date.parse(offer.expiresAt) - begun);
  const left = Math.max(0, Date.parse(offer.expiresAt) - now);
  return (
    <section className="offer" aria-label={t('desktop.offer', { who: nameOf(contact) })}>
      <Group gap={8} wrap="nowrap" mb={4}>
        <ChannelIcon channel={contact.channel} size={20} />
        <Text fw={700} className="one-line" style={{ flex: 1 }}>
          {nameOf(contact)}
        </Text>
        <Text size="sm" fw={600}>
          <Running until={offer.expiresAt} />
        </Text>
      </Group>
      <Text size="sm" className="breaking" lineClamp={3}>
        {contact.subject === '' ? humanise(contact.channel) : contact.subject}
      </Text>
      <Text size="xs" c="dimmed" mt={2}>
        {contact.queue !== null && `${humanise(contact.queue)} · `}
        {offer.reason}
      </Text>
      <Progress value={(left / whole) * 100} size="xs" mt={8} aria-label={t('desktop.timeLeft')} />
      <Group grow mt={10} gap={8}>
        <Button
          size="sm"
          loading={accept.busy}
          rightSection={
            <Kbd size="xs" aria-hidden>
              ↵
            </Kbd>
          }
          onClick={() => void accept.act(lease).then(({ id }) => onAccepted(id), sayFault)}
        >
          {t('desktop.accept')}
        </Button>
        <Button
          size="sm"
          variant="default"
          loading={decline.busy}
          onClick={() => void decline.act(lease).catch(sayFault)}
        >
          {t('desktop.decline')}
        </Button>
      </Group>
    </section>
  );
}
