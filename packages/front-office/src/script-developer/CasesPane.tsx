import { Progress, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { NothingHere } from '../ui/NothingHere.js';
import { StateBadge } from '../ui/StateBadge.js';
import type { Coverage } from './coverage.js';

/** The recorded cases, run with the present text, and how much of the script they take. */
export function CasesPane({ coverage }: { coverage: Coverage | undefined }): ReactElement {
  const { t } = useTranslation();
  if (coverage === undefined) return <Text size="sm">{t('developer.faultyPreview')}</Text>;
  const { cases, ways, covered } = coverage;
  if (cases.length === 0) return <NothingHere title={t('developer.noCases')} hint={t('developer.noCasesHint')} />;
  return (
    <Stack gap="sm">
      <div>
        <Text size="sm">{t('developer.covered', { covered, ways })}</Text>
        <Progress value={ways === 0 ? 100 : (covered / ways) * 100} size="sm" aria-label={t('developer.coverage')} />
      </div>
      <ul className="script-cases">
        {cases.map(({ name, failures }) => (
          <li key={name}>
            <StateBadge tone={failures.length === 0 ? 'ready' : 'late'}>
              {failures.length === 0 ? t('developer.passes') : t('developer.fails')}
            </StateBadge>{' '}
            {name}
            {failures.map((failure) => (
              <Text key={failure} size="xs" className="script-wrong">
                {failure}
              </Text>
            ))}
          </li>
        ))}
      </ul>
    </Stack>
  );
}
