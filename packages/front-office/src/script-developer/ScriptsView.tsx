import './developer.css';
import './texts.js';
import type { ListedScript } from '@caruso/script-engine/contract';
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Fault } from '../client/fault.js';
import { useAct, useCall } from '../client/use-call.js';
import { DataTable } from '../ui/DataTable.js';
import { FaultPanel } from '../ui/FaultPanel.js';
import { Loaded } from '../ui/Loaded.js';
import { Moment } from '../ui/Moment.js';
import { NothingHere } from '../ui/NothingHere.js';
import { Page } from '../ui/Page.js';
import { StateBadge } from '../ui/StateBadge.js';
import { newScript } from './new-script.js';

/** Every dialog script with its layer, its version, its faults and who works on it. */
export function ScriptsView(): ReactElement {
  const { t } = useTranslation();
  const list = useCall('script-developer.list', {});
  const [making, setMaking] = useState(false);
  return (
    <Page
      title={t('developer.scripts')}
      actions={
        <Button size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setMaking(true)}>
          {t('developer.new')}
        </Button>
      }
    >
      <div className="sheet">
        <Loaded from={list}>
          {({ scripts }) =>
            scripts.length === 0 ? (
              <NothingHere title={t('developer.none')} hint={t('developer.noneHint')} />
            ) : (
              <ScriptTable scripts={scripts} />
            )
          }
        </Loaded>
      </div>
      {making && <NewScript onClose={() => setMaking(false)} />}
    </Page>
  );
}

function ScriptTable({ scripts }: { scripts: ListedScript[] }): ReactElement {
  const { t } = useTranslation();
  return (
    <DataTable
      label={t('developer.scripts')}
      rows={scripts}
      rowId={({ file }) => file}
      columns={[
        {
          id: 'script',
          label: t('developer.script'),
          render: ({ file, id, title }) => (
            <>
              <Link to="/scripts/$script" params={{ script: nameOf(file) }} className="link">
                {title}
              </Link>
              <div className="small">{id}</div>
            </>
          ),
        },
        { id: 'version', label: t('developer.version'), render: ({ version }) => version },
        { id: 'channels', label: t('developer.channels'), render: ({ channels }) => channels.join(', ') },
        {
          id: 'layer',
          label: t('developer.layer'),
          render: ({ layer, own }) => (layer === null ? t('developer.draftOnly') : own ? t('developer.own') : layer),
        },
        {
          id: 'faults',
          label: t('developer.faults'),
          render: ({ errors, warnings }) => (
            <StateBadge tone={errors > 0 ? 'late' : warnings > 0 ? 'waiting' : 'ready'}>
              {errors + warnings === 0
                ? t('developer.noFaults')
                : t('developer.faultCount', { count: errors + warnings })}
            </StateBadge>
          ),
        },
        {
          id: 'draft',
          label: t('developer.draft'),
          render: ({ draft }) =>
            draft === null ? null : (
              <>
                {draft.by} <Moment at={draft.at} />
              </>
            ),
        },
      ]}
    />
  );
}

function nameOf(file: string): string {
  return file.replace(/^scripts\//, '').replace(/\.xml$/, '');
}

function NewScript({ onClose }: { onClose: () => void }): ReactElement {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const { act, busy, fault } = useAct('script-developer.saveDraft');
  const [id, setId] = useState('');
  const [title, setTitle] = useState('');
  const valid = /^[a-z][\w-]*$/i.test(id);
  const make = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const text = newScript(id, title || id, i18n.language);
    try {
      await act({ file: `scripts/${id}.xml`, text, positions: {}, base: null, draft: null });
    } catch (error) {
      // It is shown below.
      if (error instanceof Fault) return;
      throw error;
    }
    await navigate({ to: '/scripts/$script', params: { script: id } });
  };
  return (
    <Modal opened onClose={onClose} title={t('developer.new')}>
      <form onSubmit={(event) => void make(event)}>
        <Stack gap="sm">
          <TextInput
            label={t('developer.id')}
            description={t('developer.idHint')}
            required
            value={id}
            error={id !== '' && !valid && t('developer.idWrong')}
            onChange={(event) => setId(event.currentTarget.value)}
          />
          <TextInput
            label={t('developer.scriptTitle')}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          {fault !== null && <FaultPanel fault={fault} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={busy} disabled={!valid}>
              {t('common.create')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
