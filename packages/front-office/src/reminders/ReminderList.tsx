import type { Reminder } from '@caruso/policies/contract';
import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../client/use-call.js';
import { type Navigation, screenPath } from '../frame/pages.js';
import { Moment } from '../ui/Moment.js';
import { StateBadge } from '../ui/StateBadge.js';
import { sayFault } from '../ui/say-fault.js';

/** Reminders with what they are about and the way to tick them off. */
export function ReminderList({
  reminders,
  navigation,
}: {
  reminders: Reminder[];
  navigation: Navigation;
}): ReactElement {
  return (
    <Stack component="ul" gap={0} m={0} p={0} style={{ listStyle: 'none' }}>
      {reminders.map((reminder) => (
        <ReminderItem key={reminder.id} reminder={reminder} navigation={navigation} />
      ))}
    </Stack>
  );
}

function ReminderItem({ reminder, navigation }: { reminder: Reminder; navigation: Navigation }): ReactElement {
  const { t } = useTranslation();
  const { act, busy } = useAct('reminders.done');
  const { about } = reminder;
  const screen = about === null ? undefined : navigation.search.find(({ object }) => object === about.object)?.screen;
  return (
    <li style={{ padding: '8px 4px', borderBottom: '1px solid var(--caruso-line)' }}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Text size="sm" className="breaking">
            {reminder.text}
          </Text>
          <Group gap="xs" mt={2}>
            <StateBadge tone={reminder.state === 'due' ? 'late' : reminder.state === 'done' ? 'quiet' : 'waiting'}>
              {t(`reminders.state.${reminder.state}`)}
            </StateBadge>
            <Text size="xs" c="dimmed" component="span">
              <Moment at={reminder.at} />
            </Text>
            {about !== null &&
              (screen === undefined ? (
                <Text size="xs">{about.display}</Text>
              ) : (
                <Anchor component={Link} size="xs" to={screenPath(screen, about.key)}>
                  {about.display}
                </Anchor>
              ))}
          </Group>
        </div>
        {reminder.state !== 'done' && (
          <Button
            size="compact-sm"
            variant="default"
            loading={busy}
            leftSection={<IconCheck size={14} aria-hidden />}
            aria-label={t('reminders.tickOff', { text: reminder.text })}
            onClick={() => void act({ id: reminder.id }).catch(sayFault)}
          >
            {t('reminders.done')}
          </Button>
        )}
      </Group>
    </li>
  );
}
