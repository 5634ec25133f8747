import { Anchor, Button, Group } from '@mantine/core';
import { IconExternalLink, IconUserSearch } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { screenPath } from '../frame/pages.js';
import { RecordActions } from '../screens/RecordActions.js';
import { RecordHead } from '../screens/RecordHead.js';
import { RecordTabs } from '../screens/RecordTabs.js';
import { Loaded } from '../ui/Loaded.js';
import type { Contact } from './desk-news.js';
import { IdentifyCustomer } from './IdentifyCustomer.js';
import type { CustomerScreen } from './use-customer-screen.js';

interface Props {
  contact: Contact;
  customer: CustomerScreen;
  onScript: (script: { id: string; params: Record<string, unknown> }) => void;
}

/** The recognised customer with everything the screen of the front office shows; else the way to find out who it is. */
export function CustomerTab({ contact, customer, onScript }: Props): ReactElement {
  const { t } = useTranslation();
  const [changing, change] = useState(false);
  const { target, screen } = customer;
  if (target === null || changing) {
    return (
      <IdentifyCustomer
        contact={contact}
        onLinked={() => change(false)}
        {...(changing ? { onCancel: () => change(false) } : {})}
      />
    );
  }
  return (
    <Loaded from={screen}>
      {(record) => (
        <>
          <Group justify="space-between" align="flex-start" wrap="nowrap" gap="xs" mb="xs">
            <RecordHead screen={record} level={2} />
          </Group>
          <Group gap="md" mb="sm">
            <Anchor component={Link} to={screenPath(target.screen, target.key)} size="xs">
              <IconExternalLink size={12} aria-hidden /> {t('desktop.openCustomer')}
            </Anchor>
            <Button
              size="compact-xs"
              variant="subtle"
              leftSection={<IconUserSearch size={12} aria-hidden />}
              onClick={() => change(true)}
            >
              {t('desktop.notThisOne')}
            </Button>
          </Group>
          <div className="context-actions">
            <RecordActions screen={record} onScript={onScript} size="compact-sm" />
          </div>
          <RecordTabs screen={record} compact />
        </>
      )}
    </Loaded>
  );
}
