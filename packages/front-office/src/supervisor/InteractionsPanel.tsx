import { Group } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { nameOf } from '../desktop/desk-news.js';
import { humanise } from '../format/humanise.js';
import { Nothing } from '../screens/FieldValue.js';
import { ChannelIcon } from '../ui/ChannelIcon.js';
import { DataTable } from '../ui/DataTable.js';
import { NothingHere } from '../ui/NothingHere.js';
import { Running } from '../ui/Running.js';
import { interactionTones, StateBadge } from '../ui/StateBadge.js';
import type { Floor } from './floor.js';
import { MoveMenu } from './MoveMenu.js';

const waitingStates = new Set(['new', 'ivr', 'queued', 'offered']);

/** Contacts that wait or run, the longest waiting first; a waiting one can be moved. */
export function InteractionsPanel({
  interactions,
  queues,
  agents,
}: Pick<Floor, 'interactions' | 'queues' | 'agents'>): ReactElement {
  const { t } = useTranslation();
  if (interactions.length === 0) return <NothingHere title={t('monitor.noInteractions')} />;
  const labels = new Map(queues.map(({ queue, label }) => [queue, label]));
  const names = new Map(agents.map(({ agent, name }) => [agent, name]));
  const waits = ({ state }: Floor['interactions'][number]): boolean => waitingStates.has(state);
  const sorted = interactions.toSorted(
    (a, b) => Number(waits(b)) - Number(waits(a)) || a.createdAt.localeCompare(b.createdAt),
  );
  return (
    <DataTable
      label={t('monitor.interactions')}
      rows={sorted}
      rowId={({ id }) => id}
      columns={[
        {
          id: 'who',
          label: t('monitor.who'),
          render: (contact) => (
            <Group gap={6} wrap="nowrap">
              <ChannelIcon channel={contact.channel} />
              {nameOf(contact)}
            </Group>
          ),
        },
        {
          id: 'subject',
          label: t('monitor.subject'),
          render: ({ subject }) => (subject === '' ? <Nothing /> : subject),
        },
        {
          id: 'queue',
          label: t('monitor.queue'),
          render: ({ queue }) => (queue === null ? <Nothing /> : (labels.get(queue) ?? humanise(queue))),
        },
        {
          id: 'state',
          label: t('monitor.state'),
          render: ({ state }) => <StateBadge tone={interactionTones[state]}>{t(`interaction.${state}`)}</StateBadge>,
        },
        { id: 'since', label: t('monitor.since'), numeric: true, render: ({ since }) => <Running since={since} /> },
        {
          id: 'agent',
          label: t('monitor.agent'),
          render: ({ agent }) => (agent === null ? <Nothing /> : (names.get(agent) ?? agent)),
        },
        {
          id: 'move',
          label: t('monitor.acts'),
          render: (contact) => (waits(contact) ? <MoveMenu contact={contact} queues={queues} agents={agents} /> : null),
        },
      ]}
    />
  );
}
