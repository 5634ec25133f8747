import type { ServiceNode } from '@caruso/service-manager/contract';
import { Code, Stack, Text, Title } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/use-format.js';
import { Moment } from '../ui/Moment.js';
import { StateBadge, serviceTones } from '../ui/StateBadge.js';

/** Everything that can be said of one component. */
export function ServiceDetails({ node }: { node: ServiceNode }): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const facts: [string, ReactNode][] = [
    [t('services.version'), node.version],
    [t('services.generation'), format.number(node.generation)],
    [t('services.source'), node.source],
    [t('services.since'), <Moment key="since" at={node.since} />],
    [t('services.calls'), format.number(node.calls.total)],
    [t('services.failed'), format.number(node.calls.failed)],
    [t('services.inFlight'), format.number(node.calls.inFlight)],
  ];
  return (
    <Stack gap="md">
      <div>
        <StateBadge tone={serviceTones[node.state]}>{t(`services.states.${node.state}`)}</StateBadge>
        {node.reason !== undefined && <Text mt={4}>{node.reason}</Text>}
      </div>
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
        lines={node.provides.map(({ contract, version }) => `${contract} ${version}`)}
      />
      <Lines
        title={t('services.needs')}
        lines={node.needs.map(({ name, contract, range, optional, provider }) => {
          const what = `${name}: ${contract} ${range}${optional ? ` (${t('services.optional')})` : ''}`;
          return `${what} → ${provider ?? t('services.noProvider')}`;
        })}
      />
      <Lines title={t('services.effects')} lines={node.effects} />
      <Lines
        title={t('services.replacements')}
        lines={node.replacements.map(
          ({ at, from, to, outcome }) => `${format.dateTime(at)}: ${from} → ${to}, ${outcome}`,
        )}
      />
      {node.details !== undefined && (
        <div>
          <Title order={3}>{t('services.details')}</Title>
          <Code block>{JSON.stringify(node.details, null, 2)}</Code>
        </div>
      )}
    </Stack>
  );
}

function Lines({ title, lines }: { title: string; lines: string[] }): ReactElement | null {
  if (lines.length === 0) return null;
  const counted = new Map<string, number>();
  for (const line of lines) counted.set(line, (counted.get(line) ?? 0) + 1);
  return (
    <div>
      <Title order={3}>{title}</Title>
      <ul className="lines">
        {[...counted].map(([line, times]) => (
          <li key={line}>
            {line}
            {times > 1 && ` × ${times}`}
          </li>
        ))}
      </ul>
    </div>
  );
}
