import { Button, FileButton, Group, Select, UnstyledButton } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { upload } from '../client/call.js';
import type { Output } from '../client/contracts.js';
import { useCall } from '../client/use-call.js';
import { DataTable } from '../ui/DataTable.js';
import { FaultPanel } from '../ui/FaultPanel.js';
import { Loaded } from '../ui/Loaded.js';
import { Moment } from '../ui/Moment.js';
import { NothingHere } from '../ui/NothingHere.js';
import { Page } from '../ui/Page.js';
import { ImportPanel } from './ImportPanel.js';
import { ImportState } from './ImportState.js';

type Status = Output<'imports.status'>;

/** Files that become business objects: sent, mapped, tried, run, taken back. */
export function ImportsView(): ReactElement {
  const { t } = useTranslation();
  const list = useCall('imports.list', {});
  const [chosen, choose] = useState<string | null>(null);
  return (
    <Page title={t('imports.title')} actions={<SendFile onSent={(status) => choose(status.import)} />}>
      {chosen !== null && <ImportPanel key={chosen} id={chosen} onClose={() => choose(null)} />}
      <div className="sheet">
        <Loaded from={list}>
          {({ imports }) =>
            imports.length === 0 ? (
              <NothingHere title={t('imports.none')} hint={t('imports.noneHint')} />
            ) : (
              <DataTable
                label={t('imports.title')}
                rows={imports}
                rowId={(each) => each.import}
                columns={[
                  { id: 'at', label: t('imports.at'), render: ({ at }) => <Moment at={at} /> },
                  {
                    id: 'file',
                    label: t('imports.file'),
                    render: (each) => (
                      <UnstyledButton className="link" onClick={() => choose(each.import)}>
                        {each.fileName}
                      </UnstyledButton>
                    ),
                  },
                  { id: 'object', label: t('imports.object'), render: ({ object }) => object },
                  { id: 'rows', label: t('imports.rows'), numeric: true, render: ({ rows }) => rows },
                  { id: 'state', label: t('imports.state'), render: (each) => <ImportState status={each} /> },
                  { id: 'by', label: t('imports.by'), render: ({ by }) => by },
                ]}
              />
            )
          }
        </Loaded>
      </div>
    </Page>
  );
}

function SendFile({ onSent }: { onSent: (status: Status) => void }): ReactElement {
  const { t } = useTranslation();
  const described = useCall('objects.describe', {});
  const [object, setObject] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>(null);
  const objects = (described.data?.objects ?? []).filter(({ may }) => may.create);
  const send = (file: File | null): void => {
    if (file === null || object === null) return;
    setBusy(true);
    setFault(null);
    upload(`/api/imports/${encodeURIComponent(object)}?file=${encodeURIComponent(file.name)}`, file)
      .then((status) => onSent(status as Status), setFault)
      .finally(() => setBusy(false));
  };
  return (
    <>
      <Group gap="sm">
        <Select
          aria-label={t('imports.into')}
          placeholder={t('imports.into')}
          data={objects.map(({ name, labelPlural }) => ({ value: name, label: labelPlural }))}
          value={object}
          onChange={setObject}
          searchable
          w={220}
        />
        <FileButton onChange={send} accept=".csv,.tsv,.xlsx,.json,.jsonl" disabled={object === null}>
          {(props) => (
            <Button
              {...props}
              disabled={object === null}
              loading={busy}
              leftSection={<IconUpload size={16} aria-hidden />}
            >
              {t('imports.send')}
            </Button>
          )}
        </FileButton>
      </Group>
      {fault !== null && <FaultPanel fault={fault} />}
    </>
  );
}
