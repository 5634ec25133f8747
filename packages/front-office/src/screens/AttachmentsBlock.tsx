import { ActionIcon, Anchor, Button, FileButton, Text } from '@mantine/core';
import { IconFile, IconTrash, IconUpload } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { upload } from '../client/call.js';
import { refresh, useAct, useCall } from '../client/use-call.js';
import { useFormat } from '../format/use-format.js';
import { Loaded } from '../ui/Loaded.js';
import { Moment } from '../ui/Moment.js';
import { NothingHere } from '../ui/NothingHere.js';
import { sayFault } from '../ui/say-fault.js';
import { BlockFrame } from './BlockFrame.js';
import type { BlockOf, RecordScreen } from './record-screen.js';

interface Props {
  block: BlockOf<'attachments'>;
  screen: RecordScreen;
}

/** Files of a record: listed, downloaded, added and removed. */
export function AttachmentsBlock({ block, screen }: Props): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const place = { object: screen.object, key: screen.key };
  const found = useCall('objects.attachments', place);
  const { act: detach } = useAct('objects.detach');
  const [sending, setSending] = useState(false);
  const path = `/api/attachments/${encodeURIComponent(screen.object)}/${encodeURIComponent(screen.key)}`;
  const send = async (files: File[]): Promise<void> => {
    setSending(true);
    for (const file of files) {
      const type = file.type === '' ? 'application/octet-stream' : file.type;
      await upload(`${path}?name=${encodeURIComponent(file.name)}`, file, type).catch(sayFault);
    }
    setSending(false);
    await refresh(client, 'objects.attachments');
  };
  const action = block.add ? (
    <FileButton
      multiple
      onChange={(files) => void send(files)}
      {...(block.types.length === 0 ? {} : { accept: block.types.join(',') })}
    >
      {(button) => (
        <Button
          {...button}
          variant="default"
          size="xs"
          loading={sending}
          leftSection={<IconUpload size={16} aria-hidden />}
        >
          {t('attachments.add')}
        </Button>
      )}
    </FileButton>
  ) : undefined;
  return (
    <BlockFrame label={block.label} action={action}>
      <Loaded from={found}>
        {({ attachments }) =>
          attachments.length === 0 ? (
            <NothingHere
              title={t('attachments.empty')}
              {...(block.add ? { hint: t('attachments.emptyHint', { size: format.bytes(block.largest) }) } : {})}
            />
          ) : (
            <ol className="timeline">
              {attachments.map(({ id, name, size, at, by }) => (
                <li key={id} className="with-act">
                  <IconFile size={16} stroke={1.6} aria-hidden />
                  <div style={{ minWidth: 0, flex: 1 }}>
                    <Anchor href={`${path}/${encodeURIComponent(id)}`} download={name} size="sm" className="breaking">
                      {name}
                    </Anchor>
                    <Text size="xs" c="dimmed">
                      {format.bytes(size)} · {by.name} · <Moment at={at} />
                    </Text>
                  </div>
                  {block.add && (
                    <ActionIcon
                      aria-label={t('attachments.remove', { name })}
                      onClick={() => void detach({ ...place, attachment: id }).catch(sayFault)}
                    >
                      <IconTrash size={16} />
                    </ActionIcon>
                  )}
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </BlockFrame>
  );
}
