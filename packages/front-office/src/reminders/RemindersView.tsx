import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../client/use-call.js';
import { Loaded } from '../ui/Loaded.js';
import { NothingHere } from '../ui/NothingHere.js';
import { Page } from '../ui/Page.js';
import { ReminderList } from './ReminderList.js';

export function RemindersView(): ReactElement {
  const { t } = useTranslation();
  const mine = useCall('reminders.mine', {}, { every: 60_000 });
  const navigation = useCall('screens.navigation', {}).data;
  return (
    <Page title={t('reminders.title')}>
      <div className="sheet" style={{ padding: '4px 14px' }}>
        <Loaded from={mine}>
          {({ reminders }) =>
            reminders.length === 0 || navigation === undefined ? (
              <NothingHere title={t('reminders.none')} hint={t('reminders.noneHint')} />
            ) : (
              <ReminderList reminders={reminders} navigation={navigation} />
            )
          }
        </Loaded>
      </div>
    </Page>
  );
}
