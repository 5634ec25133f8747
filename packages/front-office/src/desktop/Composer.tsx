import { Button, Group, SegmentedControl, Text, Textarea } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newId } from '../client/new-id.js';
import { post } from '../client/outbox-store.js';
import type { Contact } from './desk-news.js';
import { type Draft, keepDraft, readDraft } from './drafts.js';

/** Where the agent writes: to the customer, or a note that stays in the house. What is typed is kept until it is sent. */
export function Composer({ contact }: { contact: Contact }): ReactElement {
  const { t } = useTranslation();
  const { id: interaction, channel, state } = contact;
  const [draft, setDraft] = useState<Draft>(() => readDraft(sessionStorage, interaction));
  const input = useRef<HTMLTextAreaElement>(null);
  const spoken = channel === 'voice';
  const note = draft.note || spoken;

  useEffect(() => {
    if (!spoken) input.current?.focus();
  }, [spoken]);

  const change = (next: Draft): void => {
    setDraft(next);
    keepDraft(sessionStorage, interaction, next);
  };
  const send = (): void => {
    const text = draft.text.trim();
    if (text === '') return;
    post({ messageId: newId(), interaction, text, note, at: new Date().toISOString(), refusal: null });
    change({ text: '', note: false });
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // While an input method composes a character, Enter belongs to it.
    if (event.key !== 'Enter' || event.shiftKey || event.altKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };

  return (
    <div className="composer" data-note={note}>
      {!spoken && (
        <SegmentedControl
          size="xs"
          mb={6}
          aria-label={t('desktop.sendAs')}
          value={note ? 'note' : 'reply'}
          onChange={(value) => change({ ...draft, note: value === 'note' })}
          data={[
            { value: 'reply', label: t('desktop.reply') },
            { value: 'note', label: t('desktop.note') },
          ]}
        />
      )}
      <Textarea
        ref={input}
        aria-label={note ? t('desktop.writeNote') : t('desktop.writeReply')}
        placeholder={note ? t('desktop.writeNote') : t('desktop.writeReply')}
        autosize
        minRows={2}
        maxRows={9}
        maxLength={20_000}
        value={draft.text}
        onChange={(event) => change({ ...draft, text: event.currentTarget.value })}
        onKeyDown={onKeyDown}
      />
      <Group justify="space-between" mt={6}>
        <Text size="xs" c="dimmed">
          {state === 'held' ? t('desktop.heldHint') : t('desktop.keysHint')}
        </Text>
        <Button
          size="compact-sm"
          disabled={draft.text.trim() === ''}
          leftSection={<IconSend size={14} aria-hidden />}
          onClick={send}
        >
          {note ? t('desktop.saveNote') : t('desktop.send')}
        </Button>
      </Group>
    </div>
  );
}
