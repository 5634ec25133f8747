import './screens.css';
import { useParams } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../client/use-call.js';
import { FaultPanel } from '../ui/FaultPanel.js';
import { Page } from '../ui/Page.js';
import { Rows } from '../ui/Rows.js';
import { ListScreenView } from './ListScreenView.js';
import { RecordScreenView } from './RecordScreenView.js';

/** A screen that the front office declares, resolved for this user. */
export function ScreenView(): ReactElement {
  const { t } = useTranslation();
  const { screen, key } = useParams({ strict: false });
  const resolved = useCall('screens.resolve', { screen: screen ?? '', ...(key === undefined ? {} : { key }) });
  if (resolved.data === undefined) {
    return (
      <Page title={resolved.error === null ? t('common.loading') : t('fault.title')}>
        {resolved.error === null ? <Rows count={8} /> : <FaultPanel fault={resolved.error} again={resolved.refetch} />}
      </Page>
    );
  }
  return resolved.data.kind === 'list' ? (
    <ListScreenView key={resolved.data.screen} screen={resolved.data} />
  ) : (
    <RecordScreenView key={`${resolved.data.screen} ${resolved.data.key}`} screen={resolved.data} />
  );
}
