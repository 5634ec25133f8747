import { Button, Group, Select, Skeleton, Text, TextInput } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { lazy, type ReactElement, type ReactNode, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../client/contracts.js';
import { useCall } from '../client/use-call.js';
import { localInput } from '../format/local-time.js';
import { useFormat } from '../format/use-format.js';
import { Loaded } from '../ui/Loaded.js';
import { NothingHere } from '../ui/NothingHere.js';
import { ReportRows } from './ReportRows.js';

const ReportChart = lazy(async () => ({ default: (await import('./ReportChart.js')).ReportChart }));

const steps = ['15m', '1h', '1d', '1w', '1mo'] as const;

interface Props {
  report: Output<'reporting.reports'>['reports'][number];
  choice: ReactNode;
}

/** A report for a period: chart and table together, and both as files. */
export function ReportResult({ report, choice }: Props): ReactElement {
  const { t } = useTranslation();
  const { place } = useFormat();
  const day = (text: string): string => (text.length > 10 ? localInput(text, place.timezone).slice(0, 10) : text);
  const [from, setFrom] = useState(day(report.from));
  const [to, setTo] = useState(day(report.to));
  const [every, setEvery] = useState(report.every);
  const ordered = from !== '' && to !== '' && from < to;
  const period = { report: report.report, from, to, every };
  const result = useCall('reporting.run', period, { keep: true, enabled: ordered });
  const query = new URLSearchParams({ from, to, every }).toString();
  const file = (format: 'csv' | 'xlsx'): string =>
    `/api/reports/${encodeURIComponent(report.report)}.${format}?${query}`;
  const own = steps.some((step) => step === report.every) ? [] : [{ value: report.every, label: report.every }];
  return (
    <>
      <Group align="flex-end" gap="sm" mb="xs">
        {choice}
        <TextInput
          type="date"
          label={t('reports.from')}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          type="date"
          label={t('reports.to')}
          value={to}
          error={ordered ? null : t('reports.order')}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <Select
          label={t('reports.every')}
          data={[...own, ...steps.map((step) => ({ value: step, label: t(`reports.step.${step}`) }))]}
          value={every}
          allowDeselect={false}
          onChange={(value) => setEvery(value ?? report.every)}
          w={150}
        />
        <Group gap="xs" ml="auto">
          {(['csv', 'xlsx'] as const).map((format) => (
            <Button
              key={format}
              component="a"
              href={file(format)}
              download
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
              aria-label={t('reports.download', { format: format.toUpperCase() })}
            >
              {format.toUpperCase()}
            </Button>
          ))}
        </Group>
      </Group>
      <Text size="sm" c="dimmed" mb="sm">
        {report.description}
      </Text>
      <Loaded from={result} skeleton={<Skeleton height={320} />}>
        {(table) =>
          table.rows.length === 0 ? (
            <div className="sheet">
              <NothingHere title={t('reports.empty')} hint={t('reports.emptyHint')} />
            </div>
          ) : (
            <>
              {table.chart !== null && (
                <div className="sheet panel" style={{ marginBottom: 14 }}>
                  <Suspense fallback={<Skeleton height={300} />}>
                    <ReportChart table={table} />
                  </Suspense>
                </div>
              )}
              <div className="sheet">
                <ReportRows table={table} />
              </div>
            </>
          )
        }
      </Loaded>
    </>
  );
}
