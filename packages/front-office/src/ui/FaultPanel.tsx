import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconLock, IconPlugOff } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Fault } from '../client/fault.js';

/** What went wrong, what to do, and the code to name when asking for help. */
export function FaultPanel({ fault, again }: { fault: unknown; again?: (() => unknown) | undefined }): ReactElement {
  const { t } = useTranslation();
  const { code, message, remedy, request, refused, serverAway } = Fault.from(fault);
  const title = refused ? t('fault.refused') : serverAway ? t('fault.unreachable') : t('fault.title');
  const icon = refused ? <IconLock /> : serverAway ? <IconPlugOff /> : <IconAlertTriangle />;
  return (
    <Alert variant="outline" color={refused ? 'gray' : 'red'} icon={icon} title={title} role="alert">
      <Stack gap="xs">
        <Text size="sm" className="breaking" style={{ whiteSpace: 'pre-line' }}>
          {serverAway ? t('fault.unreachableText') : message}
        </Text>
        <Text size="sm">{remedy ?? (refused ? t('fault.refusedRemedy') : t('fault.remedy'))}</Text>
        <Group gap="sm">
          {again !== undefined && !refused && (
            <Button size="xs" variant="default" onClick={() => again()}>
              {t('fault.again')}
            </Button>
          )}
          <Text size="xs" c="dimmed">
            {t('fault.code')} <Code>{code}</Code> {request}
          </Text>
        </Group>
      </Stack>
    </Alert>
  );
}
