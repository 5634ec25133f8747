import { Alert } from '@mantine/core';
import { IconTestPipe } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../ui/Page.js';
import { Panel } from '../ui/Panel.js';
import { CallForm } from './CallForm.js';
import { CallList } from './CallList.js';

/** A telephone that rings nowhere: for demonstrations and training, and it says so. */
export function TelephoneView(): ReactElement {
  const { t } = useTranslation();
  return (
    <Page title={t('telephone.title')}>
      <Alert icon={<IconTestPipe />} variant="outline" color="yellow" title={t('telephone.simulated')} mb="md">
        {t('telephone.explain')}
      </Alert>
      <div style={{ display: 'grid', gap: 14, gridTemplateColumns: 'repeat(auto-fit, minmax(min(320px, 100%), 1fr))' }}>
        <Panel title={t('telephone.place')}>
          <CallForm />
        </Panel>
        <Panel title={t('telephone.calls')}>
          <CallList />
        </Panel>
      </div>
    </Page>
  );
}
