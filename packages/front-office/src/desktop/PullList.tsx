import { Button, Group, Text, Title } from '@mantine/core';
import { IconArrowBarToDown } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../client/use-call.js';
import { Running } from '../ui/Running.js';
import { sayDone, sayFault } from '../ui/say-fault.js';
import type { Desk } from './desk-news.js';

/** What waits in the agent's queues, to be taken without being offered. */
export function PullList({
  waiting,
  onPulled,
}: {
  waiting: Desk['waiting'];
  onPulled: (id: string) => void;
}): ReactElement {
  const { t } = useTranslation();
  const { act, busy } = useAct('communication.pull');
  const pull = (queue: string): void => {
    act({ queue }).then(
      (taken) => (taken === null ? sayDone(t('desktop.nothingWaits')) : onPulled(taken.id)),
      sayFault,
    );
  };
  return (
    <section className="pull" aria-label={t('desktop.waiting')}>
      <Title order={3}>{t('desktop.waiting')}</Title>
      {waiting.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('desktop.noQueues')}
        </Text>
      )}
      {waiting.map(({ queue, label, count, oldest }) => (
        <Group key={queue} justify="space-between" wrap="nowrap" gap="xs" mih={30}>
          <Text size="sm" className="one-line" style={{ flex: 1 }}>
            {label}
          </Text>
          <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
            <b>{count}</b> {oldest !== null && <Running since={oldest} />}
          </Text>
          <Button
            size="compact-xs"
            variant="default"
            disabled={count === 0 || busy}
            leftSection={<IconArrowBarToDown size={12} aria-hidden />}
            aria-label={t('desktop.pullFrom', { queue: label })}
            onClick={() => pull(queue)}
          >
            {t('desktop.pull')}
          </Button>
        </Group>
      ))}
    </section>
  );
}
