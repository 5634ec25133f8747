import type { Draft } from '@caruso/modeler/contract';
import { Button, Code, Group, Modal, Stack, Text, TextInput, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../client/contracts.js';
import { useAct, useCall } from '../client/use-call.js';
import { FaultPanel } from '../ui/FaultPanel.js';
import { Loaded } from '../ui/Loaded.js';
import { StateBadge } from '../ui/StateBadge.js';
import { TextDifference } from '../ui/TextDifference.js';
import { FaultList } from './FaultList.js';

interface Props {
  drafts: Draft[];
  onClose: () => void;
  onApplied: () => void;
}

/** The difference and the migration before anything is written; what loses data is taken only with a word. */
export function ReviewDialog({ drafts, onClose, onApplied }: Props): ReactElement {
  const { t } = useTranslation('modeler');
  const preview = useCall('modeler.preview', { drafts });
  return (
    <Modal opened onClose={onClose} title={t('reviewTitle')} size="xl">
      <Loaded from={preview}>
        {(read) => <Review preview={read} drafts={drafts} onClose={onClose} onApplied={onApplied} />}
      </Loaded>
    </Modal>
  );
}

function Review({
  preview: { files, faults, steps, notes, unfollowed },
  drafts,
  onClose,
  onApplied,
}: Props & { preview: Output<'modeler.preview'> }): ReactElement {
  const { t } = useTranslation('modeler');
  const { t: common } = useTranslation();
  const { act, busy, fault } = useAct('modeler.apply');
  const [word, setWord] = useState('');
  const losing = steps.filter(({ kind }) => kind === 'remove');
  const broken = faults.some(({ severity }) => severity === 'error');
  const meant = word.trim() === t('loseWord');
  return (
    <Stack gap="md">
      <FaultList faults={faults} />
      {files.map(({ name, before, after }) => (
        <section key={name} aria-label={name}>
          <Title order={3} mb={4}>
            {name} {before === null && <StateBadge tone="ready">{t('newFile')}</StateBadge>}
            {after === null && <StateBadge tone="late">{t('goneFile')}</StateBadge>}
          </Title>
          <TextDifference name={name} before={before ?? ''} after={after ?? ''} />
        </section>
      ))}
      {unfollowed.length > 0 && (
        <section aria-label={t('unfollowed')}>
          <Title order={3} mb={4}>
            {t('unfollowed')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('unfollowedHint')}
          </Text>
          <ul className="model-steps">
            {unfollowed.map(({ file, line, column, text }) => (
              <li key={`${file}:${line}:${column}`}>
                {file}:{line}:{column} <Code>{text}</Code>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-label={t('steps')}>
        <Title order={3} mb={4}>
          {t('steps')}
        </Title>
        {steps.length === 0 && <Text size="sm">{t('noSteps')}</Text>}
        <ul className="model-steps">
          {steps.map(({ database, statement, summary, kind }) => (
            <li key={`${database} ${statement}`}>
              <Text size="sm">
                {kind === 'remove' && <StateBadge tone="late">{t('losesData')}</StateBadge>} {database}: {summary}
              </Text>
              <Code block>{statement}</Code>
            </li>
          ))}
          {notes.map((note) => (
            <li key={note}>
              <Text size="sm" c="dimmed">
                {note}
              </Text>
            </li>
          ))}
        </ul>
      </section>
      {losing.length > 0 && (
        <TextInput
          label={t('loseLabel', { word: t('loseWord') })}
          description={t('loseHint')}
          value={word}
          onChange={(event) => setWord(event.currentTarget.value)}
        />
      )}
      {fault !== null && <FaultPanel fault={fault} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {common('common.cancel')}
        </Button>
        <Button
          loading={busy}
          disabled={broken}
          onClick={() =>
            act({ drafts, lose: meant ? losing.map(({ statement }) => statement) : [] }).then(
              ({ files: written, steps: taken }) => {
                notifications.show({ message: t('applied', { files: written.join(', '), count: taken.length }) });
                onApplied();
              },
              () => {},
            )
          }
        >
          {t('apply')}
        </Button>
      </Group>
    </Stack>
  );
}
