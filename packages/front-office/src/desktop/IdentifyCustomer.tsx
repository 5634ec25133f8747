import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconLink, IconPlus, IconSearch } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct, useCall } from '../client/use-call.js';
import { CreateDrawer } from '../screens/CreateDrawer.js';
import { NothingHere } from '../ui/NothingHere.js';
import { Rows } from '../ui/Rows.js';
import { sayFault } from '../ui/say-fault.js';
import { type Contact, nameOf } from './desk-news.js';
import { valuesOfContact } from './values-of-contact.js';

interface Props {
  contact: Contact;
  onLinked: () => void;
  onCancel?: () => void;
}

/** Nobody knows the caller yet: search while typing, link one of those found, or create a new one. */
export function IdentifyCustomer({ contact, onLinked, onCancel }: Props): ReactElement {
  const { t } = useTranslation();
  const object = useCall('screens.navigation', {}).data?.customer?.object;
  const [text, setText] = useState(contact.contact.name ?? '');
  const [search] = useDebouncedValue(text.trim(), 200);
  const [creating, create] = useState(false);
  const { act: link, busy } = useAct('communication.link');
  const description = useCall('objects.describe', { object: object ?? '' }, { enabled: object !== undefined });
  const enabled = object !== undefined && search.length > 1;
  const found = useCall('objects.find', { object: object ?? '', search, limit: 8 }, { enabled, keep: true });
  if (object === undefined) return <NothingHere title={t('identify.none')} hint={t('identify.noneHint')} />;
  const choose = (key: string): void => {
    link({ interaction: contact.id, customer: { object, key } }).then(onLinked, sayFault);
  };
  const records = enabled ? (found.data?.records ?? []) : [];
  const label = description.data?.objects[0]?.label ?? '';
  return (
    <Stack gap="sm">
      <div>
        <Title order={2}>{t('identify.title')}</Title>
        <Text size="sm" c="dimmed">
          {t('identify.text', { who: nameOf(contact) })}
        </Text>
      </div>
      <TextInput
        type="search"
        label={t('identify.search', { object: label })}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {enabled && found.isPending && <Rows count={2} />}
      <Stack component="ul" gap={0} m={0} p={0} style={{ listStyle: 'none' }} aria-label={t('identify.found')}>
        {records.map((record) => (
          <Group
            key={record.key}
            component="li"
            justify="space-between"
            wrap="nowrap"
            py={6}
            style={{ borderBottom: '1px solid var(--caruso-line)' }}
          >
            <Text size="sm" className="one-line">
              {record.display}
            </Text>
            <Button
              size="compact-sm"
              variant="default"
              loading={busy}
              leftSection={<IconLink size={14} aria-hidden />}
              aria-label={t('identify.linkTo', { record: record.display })}
              onClick={() => choose(record.key)}
            >
              {t('identify.link')}
            </Button>
          </Group>
        ))}
      </Stack>
      {enabled && found.isSuccess && records.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('list.notFound', { search })}
        </Text>
      )}
      <Group>
        {description.data?.objects[0]?.may.create === true && (
          <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => create(true)}>
            {t('identify.create', { object: label })}
          </Button>
        )}
        {onCancel !== undefined && (
          <Button variant="subtle" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
        )}
      </Group>
      {creating && (
        <CreateDrawer
          object={object}
          values={valuesOfContact(contact, description.data?.objects[0])}
          onClose={() => create(false)}
          onCreated={(record) => choose(record.key)}
        />
      )}
    </Stack>
  );
}
