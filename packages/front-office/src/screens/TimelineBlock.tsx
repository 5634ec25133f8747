import type { Interaction, InteractionState } from '@caruso/communication-server/contract';
import { Group, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../client/use-call.js';
import { humanise } from '../format/humanise.js';
import { ChannelIcon } from '../ui/ChannelIcon.js';
import { Loaded } from '../ui/Loaded.js';
import { Moment } from '../ui/Moment.js';
import { NothingHere } from '../ui/NothingHere.js';
import { interactionTones, StateBadge } from '../ui/StateBadge.js';
import { BlockFrame } from './BlockFrame.js';
import type { BlockOf } from './record-screen.js';

/** Attributes of a contact as the communication server stores it. */
type Contact = Pick<Interaction, 'channel' | 'subject' | 'disposition' | 'note' | 'createdAt' | 'agent'> & {
  state: InteractionState;
};

const shown = 30;

/** Contacts over all channels, newest first. */
export function TimelineBlock({ block }: { block: BlockOf<'timeline'> }): ReactElement {
  const { t } = useTranslation();
  const { where, params } = block;
  const found = useCall('objects.find', { object: 'Interaction', where, params, sort: ['-createdAt'], limit: shown });
  return (
    <BlockFrame label={block.label}>
      <Loaded from={found}>
        {({ records }) =>
          records.length === 0 ? (
            <NothingHere title={t('timeline.empty')} />
          ) : (
            <ol className="timeline">
              {records.map((record) => (
                <ContactItem key={record.key} contact={record.values as unknown as Contact} />
              ))}
            </ol>
          )
        }
      </Loaded>
    </BlockFrame>
  );
}

function ContactItem({ contact }: { contact: Contact }): ReactElement {
  const { t } = useTranslation();
  const { channel, subject, state, disposition, note, createdAt, agent } = contact;
  return (
    <li>
      <ChannelIcon channel={channel} />
      <div style={{ minWidth: 0 }}>
        <Group justify="space-between" gap="xs" wrap="nowrap">
          <Text size="sm" fw={500} className="one-line">
            {subject === '' ? humanise(channel) : subject}
          </Text>
          <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
            <Moment at={createdAt} />
          </Text>
        </Group>
        <Group gap="xs">
          <StateBadge tone={interactionTones[state]}>{t(`interaction.${state}`)}</StateBadge>
          <Text size="xs" c="dimmed">
            {[agent, disposition].filter((part) => part !== null && part !== undefined).join(' · ')}
          </Text>
        </Group>
        {note !== null && note !== undefined && note !== '' && (
          <Text size="sm" mt={2} className="breaking">
            {note}
          </Text>
        )}
      </div>
    </li>
  );
}
