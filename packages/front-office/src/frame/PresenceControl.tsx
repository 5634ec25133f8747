import { Button, Menu, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconChevronDown } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct, useCall } from '../client/use-call.js';
import { Running } from '../ui/Running.js';
import { activitySigns, activityTones, StateBadge } from '../ui/StateBadge.js';
import { sayFault } from '../ui/say-fault.js';

/** Whether contacts may come, and why not; with the time it has been so. */
export function PresenceControl(): ReactElement | null {
  const { t } = useTranslation();
  const desktop = useCall('communication.desktop', {});
  const { act, busy } = useAct('communication.setPresence');
  if (desktop.data === undefined) return null;
  const { agent, presenceReasons } = desktop.data;
  const set = (presence: 'ready' | 'away' | 'offline', reason?: string): void => {
    act(reason === undefined ? { presence } : { presence, reason }).catch(sayFault);
  };
  const activity = t(`activity.${agent.activity}`);
  const text = agent.activity === 'away' && agent.reason !== null ? agent.reason : activity;
  return (
    <Menu position="bottom-end" width={220} withinPortal={false}>
      <Menu.Target>
        <Button variant="default" loading={busy} rightSection={<IconChevronDown size={14} aria-hidden />}>
          <VisuallyHidden>{t('presence.label')} </VisuallyHidden>
          <StateBadge tone={activityTones[agent.activity]} sign={activitySigns[agent.activity]}>
            {text}
          </StateBadge>
          <span className="wide-only" style={{ marginLeft: 8 }} aria-hidden>
            <Running since={agent.since} />
          </span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Choice chosen={agent.presence === 'ready'} onClick={() => set('ready')}>
          {t('presence.ready')}
        </Choice>
        <Menu.Divider />
        <Menu.Label>{t('presence.away')}</Menu.Label>
        {presenceReasons.map((reason) => (
          <Choice
            key={reason}
            chosen={agent.presence === 'away' && agent.reason === reason}
            onClick={() => set('away', reason)}
          >
            {reason}
          </Choice>
        ))}
        {presenceReasons.length === 0 && (
          <Choice chosen={agent.presence === 'away'} onClick={() => set('away')}>
            {t('presence.away')}
          </Choice>
        )}
        <Menu.Divider />
        <Choice chosen={agent.presence === 'offline'} onClick={() => set('offline')}>
          {t('presence.offline')}
        </Choice>
      </Menu.Dropdown>
    </Menu>
  );
}

function Choice({
  chosen,
  onClick,
  children,
}: {
  chosen: boolean;
  onClick: () => void;
  children: string;
}): ReactElement {
  return (
    <Menu.Item onClick={onClick} rightSection={chosen ? <IconCheck size={14} aria-hidden /> : null}>
      {children}
    </Menu.Item>
  );
}
