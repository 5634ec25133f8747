import type { View } from '@caruso/script-engine/contract';
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconArrowLeft, IconArrowRight, IconNotes } from '@tabler/icons-react';
import { type FormEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answerOf, type Held, heldOf } from './answer-text.js';
import { QuestionField } from './QuestionField.js';
import { plainText, TextRuns } from './TextRuns.js';

interface Props {
  view: View;
  busy: boolean;
  onAnswer: (answers: Record<string, unknown>) => Promise<void>;
  onBack: () => Promise<void>;
  /** Takes the focus only where nothing else has it: somebody may be writing beside it. */
  beside?: boolean;
}

/** One step of a script. Enter goes on; the first field has the focus. */
export function ScriptStep({ view, busy, onAnswer, onBack, beside = false }: Props): ReactElement | null {
  const { t } = useTranslation();
  const { step } = view;
  const form = useRef<HTMLFormElement>(null);
  const [held, setHeld] = useState<Record<string, Held>>(() =>
    Object.fromEntries(step?.questions.map((question) => [question.name, heldOf(question)]) ?? []),
  );

  useEffect(() => {
    if (beside && isElsewhere(form.current)) return;
    const first = form.current?.querySelector<HTMLElement>('input:checked, input:not([type=radio]), textarea, input');
    (first ?? form.current?.querySelector<HTMLElement>('button[type=submit]'))?.focus({ preventScroll: true });
  }, [beside]);
  useEffect(() => {
    if (beside && isElsewhere(form.current)) return;
    const wrong = view.step?.questions.find(({ errors }) => errors.length > 0)?.name;
    if (wrong !== undefined) form.current?.querySelector<HTMLElement>(`[name="${CSS.escape(wrong)}"]`)?.focus();
  }, [view, beside]);

  if (step === null) return null;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const answers = step.questions.map((question) => [question.name, answerOf(question, held[question.name] ?? '')]);
    void onAnswer(Object.fromEntries(answers));
  };
  // A lone question often repeats the text of its step.
  const said = plainText(step.text);
  const repeated = step.questions.length === 1 && step.questions.some(({ text }) => plainText(text) === said);
  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack gap="md">
        {!repeated && said !== '' && (
          <Text className="script-say">
            <TextRuns runs={step.text} />
          </Text>
        )}
        {step.notes?.map((note) => (
          <div key={plainText(note)} className="script-note" role="note">
            <IconNotes size={16} aria-hidden />
            <div>
              <Text size="xs" fw={600}>
                {t('script.note')}
              </Text>
              <TextRuns runs={note} />
            </div>
          </div>
        ))}
        {step.errors.length > 0 && (
          <Alert color="red" variant="outline" role="alert">
            {step.errors.join(' ')}
          </Alert>
        )}
        {step.questions.map((question) => (
          <QuestionField
            key={question.name}
            session={view.session}
            question={question}
            held={held[question.name] ?? ''}
            onHeld={(value) => setHeld((all) => ({ ...all, [question.name]: value }))}
          />
        ))}
        {view.messages.map((message) => (
          <Text key={plainText(message)} size="sm" role="status">
            <TextRuns runs={message} />
          </Text>
        ))}
        <Group justify="space-between">
          <Button
            variant="default"
            disabled={!view.canGoBack || busy}
            leftSection={<IconArrowLeft size={16} aria-hidden />}
            onClick={() => void onBack()}
          >
            {t('script.back')}
          </Button>
          <Button type="submit" loading={busy} rightSection={<IconArrowRight size={16} aria-hidden />}>
            {t('script.next')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Whether something beside the form has the focus. */
function isElsewhere(form: HTMLElement | null): boolean {
  const { activeElement, body } = document;
  return activeElement !== null && activeElement !== body && form?.contains(activeElement) !== true;
}
