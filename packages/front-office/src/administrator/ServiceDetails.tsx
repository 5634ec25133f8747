import type { ChangeReport, ServiceNode } from '@caruso/service-manager/contract';
import { Code, Stack, Title, UnstyledButton } from '@mantine/core';
import { type ReactElement, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/use-format.js';
import { Moment } from '../ui/Moment.js';
import { ServiceActions } from './ServiceActions.js';
import { ServiceChange } from './ServiceChange.js';
import { ServiceState } from './ServiceState.js';
import { dependentsOf, idOf } from './service-links.js';

interface Props {
  service: ServiceNode;
  services: ServiceNode[];
  onChoose: (id: string) => void;
  onGone: () => void;
}

/** Everything that can be said of one component, and what can be done with it. */
export function ServiceDetails({ service, services, onChoose, onGone }: Props): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const [report, setReport] = useState<ChangeReport | null>(null);
  const { calls, needs } = service;
  const facts: [string, ReactNode][] = [
    [t('services.version'), service.version],
    [t('services.generation'), format.number(service.generation)],
    [t('services.source'), service.source],
    [t('services.node'), service.node],
    [t('services.since'), <Moment key="since" at={service.since} />],
    [t('services.calls'), format.number(calls.total)],
    [t('services.failed'), format.number(calls.failed)],
    [t('services.inFlight'), format.number(calls.inFlight)],
    ...[calls.p50, calls.p95].map((value, index): [string, ReactNode] => [
      t(index === 0 ? 'services.p50' : 'services.p95'),
      value === null ? undefined : t('services.ms', { value: format.number(Math.round(value * 10) / 10) }),
    ]),
  ];
  return (
    <Stack gap="md">
      <ServiceState service={service} />
      {service.node === undefined && (
        <ServiceActions service={service} services={services} onReport={setReport} onGone={onGone} />
      )}
      {report !== null && <ServiceChange report={report} onClose={() => setReport(null)} />}
      <dl className="facts">
        {facts
          .filter(([, value]) => value !== undefined)
          .map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <Lines
        title={t('services.provides')}
        lines={service.provides.map(({ contract, version }) => `${contract} ${version}`)}
      />
      <Lines
        title={t('services.needs')}
        lines={needs.map(({ name, contract, range, optional, provider }) => ({
          text: `${name}: ${contract} ${range}${optional ? ` (${t('services.optional')})` : ''} → ${provider ?? t('services.noProvider')}`,
          open: services.some((each) => idOf(each) === provider) ? provider : null,
        }))}
        onChoose={onChoose}
      />
      <Lines
        title={t('services.dependents')}
        lines={dependentsOf(services, service.name).map((id) => ({ text: id, open: id }))}
        onChoose={onChoose}
      />
      <Lines title={t('services.effects')} lines={service.effects} />
      <Lines title={t('services.leaked')} lines={service.leaks ?? []} />
      <Lines
        title={t('services.replacements')}
        lines={service.replacements
          .toReversed()
          .map(({ at, from, to, outcome }) => `${format.dateTime(at)}: ${from} → ${to}, ${outcome}`)}
      />
      {service.details !== undefined && (
        <div>
          <Title order={3}>{t('services.details')}</Title>
          <Code block>{JSON.stringify(service.details, null, 2)}</Code>
        </div>
      )}
    </Stack>
  );
}

interface Line {
  text: string;
  /** The component that it leads to. */
  open: string | null;
}

interface LinesProps {
  title: string;
  lines: (string | Line)[];
  onChoose?: (id: string) => void;
}

function Lines({ title, lines, onChoose }: LinesProps): ReactElement | null {
  if (lines.length === 0) return null;
  const counted = new Map<string, { open: string | null; times: number }>();
  for (const line of lines) {
    const { text, open } = typeof line === 'string' ? { text: line, open: null } : line;
    counted.set(text, { open, times: (counted.get(text)?.times ?? 0) + 1 });
  }
  return (
    <section aria-label={title}>
      <Title order={3}>{title}</Title>
      <ul className="lines">
        {[...counted].map(([text, { open, times }]) => (
          <li key={text}>
            {open === null || onChoose === undefined ? (
              text
            ) : (
              <UnstyledButton className="link" fz="sm" onClick={() => onChoose(open)}>
                {text}
              </UnstyledButton>
            )}
            {times > 1 && ` × ${times}`}
          </li>
        ))}
      </ul>
    </section>
  );
}
