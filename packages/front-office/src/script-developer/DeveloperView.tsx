import './developer.css';
import './texts.js';
import type { OpenedScript } from '@caruso/script-engine/contract';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type ReactElement, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../client/call.js';
import type { Output } from '../client/contracts.js';
import type { Fault } from '../client/fault.js';
import { useCall } from '../client/use-call.js';
import { FaultPanel } from '../ui/FaultPanel.js';
import { Page } from '../ui/Page.js';
import { Rows } from '../ui/Rows.js';
import { materialOf } from './script-material.js';
import { Workbench } from './Workbench.js';

/** One script in the tool. */
export function DeveloperView(): ReactElement {
  const { t } = useTranslation();
  const { script = '' } = useParams({ strict: false });
  const file = `scripts/${script}.xml`;
  // What is worked on begins with what the server has now, not with what it had before.
  const opened = useQuery<OpenedScript, Fault>({
    queryKey: ['opened-script', file],
    queryFn: ({ signal }) => call('script-developer.open', { file }, signal),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const material = useCall('script-developer.material', {});
  const fault = opened.error ?? material.error;
  if (opened.data === undefined || material.data === undefined) {
    return (
      <Page title={script}>
        {fault === null ? (
          <Rows />
        ) : (
          <FaultPanel fault={fault} again={() => Promise.all([opened.refetch(), material.refetch()])} />
        )}
      </Page>
    );
  }
  return (
    <WithMaterial
      key={`${file} ${opened.dataUpdatedAt}`}
      opened={opened.data}
      given={material.data}
      label={t('developer.title')}
      onReopen={() => void opened.refetch()}
    />
  );
}

interface Props {
  opened: OpenedScript;
  given: Output<'script-developer.material'>;
  label: string;
  onReopen: () => void;
}

function WithMaterial({ opened, given, label, onReopen }: Props): ReactElement {
  const material = useMemo(() => materialOf(given), [given]);
  return (
    <section aria-label={label}>
      <Workbench opened={opened} material={material} onReopen={onReopen} />
    </section>
  );
}
