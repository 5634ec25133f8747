import type { Screen } from '@caruso/application-builder/contract';
import { Button, CloseButton, Switch, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { screenPath } from '../frame/pages.js';
import { NothingHere } from '../ui/NothingHere.js';
import { Page } from '../ui/Page.js';
import { CreateDrawer } from './CreateDrawer.js';
import { RecordTable } from './RecordTable.js';

/** A list screen of the front office: search, sort, page, create. */
export function ListScreenView({ screen }: { screen: Extract<Screen, { kind: 'list' }> }): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim(), 200);
  const [creating, create] = useState(false);
  const [deleted, setDeleted] = useState(false);
  const mayCreate = screen.create.length > 0;
  const actions = (
    <>
      <TextInput
        type="search"
        aria-label={t('list.search', { list: screen.label })}
        placeholder={t('list.searchHint')}
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={
          text === '' ? null : <CloseButton size="sm" aria-label={t('list.clear')} onClick={() => setText('')} />
        }
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        w={260}
      />
      {screen.restores && (
        <Switch
          label={t('list.deleted')}
          checked={deleted}
          onChange={(event) => setDeleted(event.currentTarget.checked)}
        />
      )}
      {mayCreate && (
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => create(true)}>
          {t('common.create')}
        </Button>
      )}
    </>
  );
  const empty =
    search === '' && deleted ? (
      <NothingHere title={t('list.nothingDeleted')} hint={t('list.nothingDeletedHint')} />
    ) : search === '' ? (
      <NothingHere
        title={screen.empty ?? t('list.empty')}
        hint={mayCreate ? t('list.emptyCreate') : t('list.emptyHint')}
      />
    ) : (
      <NothingHere title={t('list.notFound', { search })} hint={t('list.notFoundHint')} />
    );
  return (
    <Page title={screen.label} actions={actions}>
      <div className="sheet">
        <RecordTable
          label={screen.label}
          object={screen.object}
          columns={screen.columns}
          where={screen.where}
          include={screen.include}
          sort={screen.sort}
          search={search}
          opens={screen.opens}
          deleted={deleted}
          empty={empty}
        />
      </div>
      {creating && (
        <CreateDrawer
          object={screen.object}
          fields={screen.create}
          onClose={() => create(false)}
          onCreated={(record) => {
            if (screen.opens !== undefined) void navigate({ to: screenPath(screen.opens, record.key) });
          }}
        />
      )}
    </Page>
  );
}
