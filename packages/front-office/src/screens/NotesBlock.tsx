import { ActionIcon, Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { IconNote, IconTrash } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct, useCall } from '../client/use-call.js';
import { Loaded } from '../ui/Loaded.js';
import { Moment } from '../ui/Moment.js';
import { NothingHere } from '../ui/NothingHere.js';
import { sayFault } from '../ui/say-fault.js';
import { BlockFrame } from './BlockFrame.js';
import type { BlockOf, RecordScreen } from './record-screen.js';

interface Props {
  block: BlockOf<'notes'>;
  screen: RecordScreen;
}

/** Free notes on a record, the newest first. */
export function NotesBlock({ block, screen }: Props): ReactElement {
  const { t } = useTranslation();
  const place = { object: screen.object, key: screen.key };
  const found = useCall('objects.notes', place);
  const { act: remove } = useAct('objects.removeNote');
  return (
    <BlockFrame label={block.label}>
      {block.add && <NewNote place={place} />}
      <Loaded from={found}>
        {({ notes }) =>
          notes.length === 0 ? (
            <NothingHere title={t('notes.empty')} {...(block.add ? { hint: t('notes.emptyHint') } : {})} />
          ) : (
            <ol className="timeline">
              {notes.map(({ id, text, at, by }) => (
                <li key={id} className="with-act">
                  <IconNote size={16} stroke={1.6} aria-hidden />
                  <div style={{ minWidth: 0, flex: 1 }}>
                    <Text size="sm">
                      <b>{by.name}</b>{' '}
                      <Text component="span" size="xs" c="dimmed">
                        <Moment at={at} />
                      </Text>
                    </Text>
                    <Text size="sm" className="breaking" style={{ whiteSpace: 'pre-wrap' }}>
                      {text}
                    </Text>
                  </div>
                  {block.add && (
                    <ActionIcon
                      aria-label={t('notes.remove', { name: by.name })}
                      onClick={() => void remove({ ...place, note: id }).catch(sayFault)}
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

function NewNote({ place }: { place: { object: string; key: string } }): ReactElement {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const { act: add, busy } = useAct('objects.addNote');
  const send = async (): Promise<void> => {
    if (text.trim() === '' || busy) return;
    try {
      await add({ ...place, text });
      setText('');
    } catch (error) {
      // What was typed stays.
      sayFault(error);
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void send();
  };
  return (
    <Stack gap="xs" mb="md">
      <Textarea
        aria-label={t('notes.new')}
        placeholder={t('notes.new')}
        autosize
        minRows={2}
        maxRows={10}
        maxLength={10_000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <Group justify="flex-end">
        <Text size="xs" c="dimmed">
          {t('notes.keys')}
        </Text>
        <Button size="xs" loading={busy} disabled={text.trim() === ''} onClick={() => void send()}>
          {t('notes.add')}
        </Button>
      </Group>
    </Stack>
  );
}
