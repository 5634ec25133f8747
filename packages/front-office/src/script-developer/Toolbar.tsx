import { ActionIcon, Button, Group, Tooltip } from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowDown,
  IconArrowForwardUp,
  IconArrowUp,
  IconDeviceFloppy,
  IconHistory,
  IconTrash,
  IconUpload,
} from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { AddStep } from './AddStep.js';
import type { Edits } from './use-edits.js';
import type { Publication } from './use-publication.js';
import type { ScriptInWork } from './use-script.js';

interface Props {
  work: ScriptInWork;
  edits: Edits;
  publication: Publication;
  onVersions: () => void;
  onPublish: () => void;
}

/** What can be done with the chosen element, and with the script. */
export function Toolbar({ work, edits, publication, onVersions, onPublish }: Props): ReactElement {
  const { t } = useTranslation();
  const { editor, stale, selected } = work;
  const acts = [
    { label: t('developer.undo'), Icon: IconArrowBackUp, disabled: !editor.undoable, act: () => editor.undo() },
    { label: t('developer.redo'), Icon: IconArrowForwardUp, disabled: !editor.redoable, act: () => editor.redo() },
    { label: t('developer.up'), Icon: IconArrowUp, disabled: stale, act: () => edits.move(selected?.path, -1) },
    { label: t('developer.down'), Icon: IconArrowDown, disabled: stale, act: () => edits.move(selected?.path, 1) },
    { label: t('developer.remove'), Icon: IconTrash, disabled: stale, act: () => edits.remove(selected?.path) },
  ];
  return (
    <Group gap={6}>
      {acts.map(({ label, Icon, disabled, act }) => (
        <Tooltip key={label} label={label}>
          <ActionIcon aria-label={label} disabled={disabled} onClick={act}>
            <Icon size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
      ))}
      <AddStep disabled={stale} onAdd={edits.addStep} />
      <Button size="xs" variant="default" leftSection={<IconHistory size={14} aria-hidden />} onClick={onVersions}>
        {t('developer.versions')}
      </Button>
      <Button
        size="xs"
        variant="default"
        disabled={!publication.dirty}
        leftSection={<IconDeviceFloppy size={14} aria-hidden />}
        onClick={() => void publication.save()}
      >
        {t('developer.saveDraft')}
      </Button>
      <Button size="xs" leftSection={<IconUpload size={14} aria-hidden />} onClick={onPublish}>
        {t('developer.publish')}
      </Button>
    </Group>
  );
}
