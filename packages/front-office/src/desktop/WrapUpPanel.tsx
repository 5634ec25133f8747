import { Button, Group, Radio, Stack, Text, Textarea, Title } from '@mantine/core';
import { type FormEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../client/use-call.js';
import { Running } from '../ui/Running.js';
import { sayFault } from '../ui/say-fault.js';
import type { Contact, Desk } from './desk-news.js';
import { keepDraft, readDraft } from './drafts.js';

/** What came of the contact, and what the next colleague should know. */
export function WrapUpPanel({ contact, desk }: { contact: Contact; desk: Desk }): ReactElement {
  const { t } = useTranslation();
  const { act, busy } = useAct('communication.wrapUp');
  const place = `${contact.id}.wrap-up`;
  const [disposition, choose] = useState('');
  const [note, setNote] = useState(() => readDraft(sessionStorage, place).text);
  const [missing, miss] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector('input')?.focus();
  }, []);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (disposition === '') {
      miss(true);
      return;
    }
    const input = { interaction: contact.id, disposition };
    act(note.trim() === '' ? input : { ...input, note: note.trim() }).then(
      () => keepDraft(sessionStorage, place, { text: '', note: false }),
      sayFault,
    );
  };
  return (
    <form className="wrap-up" ref={form} onSubmit={submit} aria-label={t('wrapUp.title')}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2}>{t('wrapUp.title')}</Title>
          {desk.wrapUpUntil !== null && (
            <Text size="sm">
              {t('wrapUp.left')} <Running until={desk.wrapUpUntil} />
            </Text>
          )}
        </Group>
        <Radio.Group
          label={t('wrapUp.disposition')}
          withAsterisk
          error={missing ? t('wrapUp.missing') : null}
          value={disposition}
          onChange={(value) => {
            choose(value);
            miss(false);
          }}
        >
          <Group gap="md" mt={6}>
            {desk.dispositions.map((one) => (
              <Radio key={one} value={one} label={one} />
            ))}
          </Group>
        </Radio.Group>
        <Textarea
          label={t('wrapUp.note')}
          autosize
          minRows={2}
          maxRows={6}
          maxLength={10_000}
          value={note}
          onChange={(event) => {
            setNote(event.currentTarget.value);
            keepDraft(sessionStorage, place, { text: event.currentTarget.value, note: false });
          }}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={busy}>
            {t('wrapUp.complete')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
