import { Paper, Text } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ChatForm } from './ChatForm.js';

const place = (session: string): string => `caruso.handover.${session}`;

/** A person is to go on with the dialog: by chat, with everything that was answered. */
export function PortalHandover({ session }: { session: string }): ReactElement {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(() => sessionStorage.getItem(place(session)) !== null);
  const open = (): void => {
    sessionStorage.setItem(place(session), 'chat');
    setOpened(true);
  };
  return (
    <Paper withBorder role="region" aria-label={t('portal.person')}>
      {opened ? (
        <Text p="md" role="status">
          {t('portal.handedOver')}
        </Text>
      ) : (
        <ChatForm greeting={t('portal.handover')} session={session} onOpened={open} />
      )}
    </Paper>
  );
}
