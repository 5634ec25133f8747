import { Button, Menu } from '@mantine/core';
import { IconArrowForwardUp } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../client/use-call.js';
import { nameOf } from '../desktop/desk-news.js';
import { sayDone, sayFault } from '../ui/say-fault.js';
import type { Floor } from './floor.js';

interface Props extends Pick<Floor, 'queues' | 'agents'> {
  contact: Floor['interactions'][number];
}

/** Moves a waiting contact to another queue, or to one agent. */
export function MoveMenu({ contact, queues, agents }: Props): ReactElement {
  const { t } = useTranslation();
  const { act, busy } = useAct('communication.move');
  const move = (to: { queue: string } | { agent: string }, label: string): void => {
    act({ interaction: contact.id, ...to }).then(() => sayDone(t('monitor.moved', { to: label })), sayFault);
  };
  const present = agents.filter(({ presence }) => presence !== 'offline');
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Button
          size="compact-xs"
          variant="default"
          loading={busy}
          leftSection={<IconArrowForwardUp size={12} aria-hidden />}
          aria-label={t('monitor.moveWho', { who: nameOf(contact) })}
        >
          {t('monitor.move')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={340} style={{ overflowY: 'auto' }}>
        <Menu.Label>{t('monitor.toQueue')}</Menu.Label>
        {queues
          .filter(({ queue }) => queue !== contact.queue)
          .map(({ queue, label }) => (
            <Menu.Item key={queue} onClick={() => move({ queue }, label)}>
              {label}
            </Menu.Item>
          ))}
        {present.length > 0 && <Menu.Label>{t('monitor.toAgent')}</Menu.Label>}
        {present.map(({ agent, name }) => (
          <Menu.Item key={agent} onClick={() => move({ agent }, name)}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
