import './supervisor.css';
import { Select } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../client/contracts.js';
import { useCall } from '../client/use-call.js';
import { Loaded } from '../ui/Loaded.js';
import { NothingHere } from '../ui/NothingHere.js';
import { Page } from '../ui/Page.js';
import { ReportResult } from './ReportResult.js';

type Reports = Output<'reporting.reports'>['reports'];

/** Configured reports: choose one, choose the period, read and take it away. */
export function ReportsView(): ReactElement {
  const { t } = useTranslation();
  const reports = useCall('reporting.reports', {});
  return (
    <Page title={t('reports.title')}>
      <Loaded from={reports}>
        {({ reports: all }) =>
          all.length === 0 ? (
            <NothingHere title={t('reports.none')} hint={t('reports.noneHint')} />
          ) : (
            <Chosen reports={all} />
          )
        }
      </Loaded>
    </Page>
  );
}

function Chosen({ reports }: { reports: Reports }): ReactElement | null {
  const { t } = useTranslation();
  const [name, choose] = useState(reports[0]?.report);
  const report = reports.find((one) => one.report === name) ?? reports[0];
  if (report === undefined) return null;
  const choice = (
    <Select
      label={t('reports.report')}
      data={reports.map((one) => ({ value: one.report, label: one.label }))}
      value={report.report}
      allowDeselect={false}
      onChange={(value) => choose(value ?? report.report)}
      w={260}
    />
  );
  return <ReportResult key={report.report} report={report} choice={choice} />;
}
