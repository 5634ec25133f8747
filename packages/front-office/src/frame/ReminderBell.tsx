import { ActionIcon, Indicator, Popover, ScrollArea } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../client/use-call.js';
import { ReminderList } from '../reminders/ReminderList.js';
import { Loaded } from '../ui/Loaded.js';
import { NothingHere } from '../ui/NothingHere.js';
import type { Navigation } from './pages.js';

/** How many reminders are due, and which; a due time passes without an event, hence the interval. */
export function ReminderBell({ navigation }: { navigation: Navigation }): ReactElement {
  const { t } = useTranslation();
  const mine = useCall('reminders.mine', {}, { every: 60_000 });
  const due = (mine.data?.reminders ?? []).filter((reminder) => reminder.state === 'due');
  return (
    <Popover position="bottom-end" width={360} shadow="md" trapFocus>
      <Indicator label={due.length} disabled={due.length === 0} size={16} color="red.8" offset={5}>
        <Popover.Target>
          <ActionIcon aria-label={t('reminders.bell', { count: due.length })}>
            <IconBell size={18} />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown p="xs">
        <Loaded from={mine}>
          {() =>
            due.length === 0 ? (
              <NothingHere title={t('reminders.noneDue')} hint={t('reminders.noneHint')} />
            ) : (
              <ScrollArea.Autosize mah={420}>
                <ReminderList reminders={due} navigation={navigation} />
              </ScrollArea.Autosize>
            )
          }
        </Loaded>
      </Popover.Dropdown>
    </Popover>
  );
}
