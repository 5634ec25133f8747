import type { View } from '@caruso/script-engine/contract';
import { Alert, Stack, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { plainText, TextRuns } from './TextRuns.js';

/** The end of a script: what it says last, and what can be done next. */
export function ScriptOutcome({ view, children }: { view: View; children?: ReactNode }): ReactElement {
  const { t } = useTranslation();
  return (
    <Alert variant="outline" color="green" icon={<IconCircleCheck />} title={t('script.ended')} role="status">
      <Stack gap="sm">
        {view.messages.map((message) => (
          <Text key={plainText(message)} size="sm">
            <TextRuns runs={message} />
          </Text>
        ))}
        {children}
      </Stack>
    </Alert>
  );
}
