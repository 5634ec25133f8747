import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { FaultPanel } from '../ui/FaultPanel.js';
import { Page } from '../ui/Page.js';

interface Props {
  error: unknown;
  reset?: () => void;
}

/** A page that could not be loaded or drawn. */
export function RouteFault({ error, reset }: Props): ReactElement {
  const { t } = useTranslation();
  return (
    <Page title={t('fault.title')}>
      <FaultPanel fault={error} again={reset ?? (() => location.reload())} />
    </Page>
  );
}

/** The same where there is no frame around it. */
export function RootFault(props: Props): ReactElement {
  return (
    <main>
      <RouteFault {...props} />
    </main>
  );
}
