import { Button, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, type ReactElement, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newId } from '../client/new-id.js';
import { useAct } from '../client/use-call.js';
import { FaultPanel } from '../ui/FaultPanel.js';

/** Opens a conversation: who, how to reach them, and what it is about. */
export function ChatForm({
  greeting,
  session,
  onOpened,
}: {
  greeting: string;
  /** A dialog of the visitor's that a person is to go on with. */
  session?: string;
  onOpened: () => void;
}): ReactElement {
  const { t, i18n } = useTranslation();
  const { act, busy, fault } = useAct('chat.open');
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [text, setText] = useState('');
  // Sent again after a lost answer it opens the same conversation.
  const messageId = useRef(newId());
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const said = {
      name: name.trim(),
      text: text.trim(),
      language: i18n.language,
      messageId: messageId.current,
      ...(session === undefined ? {} : { session }),
    };
    act(email.trim() === '' ? said : { ...said, email: email.trim() }).then(
      () => {
        messageId.current = newId();
        onOpened();
      },
      // The fault stands in the form.
      () => null,
    );
  };
  return (
    <form onSubmit={submit} style={{ overflowY: 'auto' }}>
      <Stack gap="sm" p="md">
        <Text size="md">{greeting}</Text>
        {fault !== null && <FaultPanel fault={fault} />}
        <TextInput
          label={t('chat.name')}
          required
          maxLength={100}
          autoComplete="name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          type="email"
          label={t('chat.email')}
          maxLength={200}
          autoComplete="email"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <Textarea
          label={t('chat.question')}
          required
          autosize
          minRows={3}
          maxRows={8}
          maxLength={4000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" loading={busy}>
          {t('chat.open')}
        </Button>
      </Stack>
    </form>
  );
}
