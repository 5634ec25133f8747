import { Alert, Button, Group } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { sayFault } from '../ui/say-fault.js';
import type { Publication } from './use-publication.js';

interface Props {
  /** Who saved the draft that is worked on. */
  draftBy: string | undefined;
  publication: Publication;
  stale: boolean;
  onDiscarded: () => void;
}

/** What whoever works on a script must know of it before anything else. */
export function Notices({ draftBy, publication, stale, onDiscarded }: Props): ReactElement {
  const { t } = useTranslation();
  const { discard, overtaken, goOn } = publication;
  return (
    <>
      {draftBy !== undefined && (
        <Notice
          color="yellow"
          text={t('developer.draftOf', { by: draftBy })}
          label={t('developer.discard')}
          act={() => discard().then(onDiscarded, sayFault)}
        />
      )}
      {overtaken && <Notice color="red" text={t('developer.overtaken')} label={t('developer.goOn')} act={goOn} />}
      {stale && <Notice color="red" text={t('developer.notWellFormed')} />}
    </>
  );
}

interface NoticeProps {
  color: string;
  text: string;
  label?: string;
  act?: () => unknown;
}

function Notice({ color, text, label, act }: NoticeProps): ReactElement {
  return (
    <Alert color={color} variant="outline" role="status" mb="xs" py={6}>
      <Group justify="space-between">
        {text}
        {act !== undefined && (
          <Button size="compact-xs" variant="default" onClick={act}>
            {label}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
