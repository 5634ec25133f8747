import type { ScriptVersion } from '@caruso/script-engine/contract';
import { Button, Drawer, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../client/call.js';
import { Fault } from '../client/fault.js';
import { useCall } from '../client/use-call.js';
import { FaultPanel } from '../ui/FaultPanel.js';
import { Loaded } from '../ui/Loaded.js';
import { Moment } from '../ui/Moment.js';
import { NothingHere } from '../ui/NothingHere.js';
import { StateBadge } from '../ui/StateBadge.js';
import { TextDifference } from '../ui/TextDifference.js';

interface Props {
  file: string;
  /** What serves now. */
  present: string;
  base: string | null;
  /** Keeps what is in work; false where that failed. */
  onBefore: () => Promise<boolean>;
  onClose: () => void;
  onRolledBack: () => void;
}

/** What was published, by whom and when; each can be compared with what serves now, and be published again. */
export function VersionsDrawer({ file, present, base, onBefore, onClose, onRolledBack }: Props): ReactElement {
  const { t } = useTranslation();
  const read = useCall('script-developer.versions', { file });
  const [chosen, choose] = useState<ScriptVersion | null>(null);
  return (
    <Drawer opened onClose={onClose} title={t('developer.versions')} size={760}>
      <Loaded from={read}>
        {({ versions }) =>
          versions.length === 0 ? (
            <NothingHere title={t('developer.noVersions')} hint={t('developer.noVersionsHint')} />
          ) : (
            <Stack gap="sm">
              <ul className="script-versions">
                {versions.map((version) => (
                  <li key={`${version.seq} ${version.before}`}>
                    <UnstyledButton
                      className="script-version"
                      aria-pressed={chosen === version}
                      onClick={() => choose(version)}
                    >
                      <b>{version.version ?? t('developer.notOwn')}</b>
                      <span>{version.by ?? (version.version === null ? null : t('developer.foundThere'))}</span>
                      <Moment at={version.at} />
                      {version.present && <StateBadge tone="ready">{t('developer.serves')}</StateBadge>}
                    </UnstyledButton>
                  </li>
                ))}
              </ul>
              {chosen !== null && (
                <Chosen
                  key={`${chosen.seq} ${chosen.before}`}
                  {...{ file, version: chosen, present, base, onBefore, onRolledBack }}
                />
              )}
            </Stack>
          )
        }
      </Loaded>
    </Drawer>
  );
}

interface ChosenProps extends Omit<Props, 'onClose'> {
  version: ScriptVersion;
}

function Chosen({ file, version, present, base, onBefore, onRolledBack }: ChosenProps): ReactElement {
  const { t } = useTranslation();
  const { seq, before } = version;
  const read = useCall('script-developer.version', { file, seq, before });
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const back = async (): Promise<void> => {
    setBusy(true);
    setFault(null);
    try {
      if (!(await onBefore())) return setBusy(false);
      await call('script-developer.rollBack', { file, seq, before, base });
      onRolledBack();
    } catch (error) {
      setFault(Fault.from(error));
      setBusy(false);
    }
  };
  return (
    <Loaded from={read}>
      {({ text }) => (
        <Stack gap="xs">
          {fault !== null && <FaultPanel fault={fault} />}
          <Text size="sm">{text === null ? t('developer.notOwnHint') : t('developer.differenceHint')}</Text>
          {text !== null && text !== present && <TextDifference name={file} before={present} after={text} />}
          <Group>
            <Button size="xs" loading={busy} disabled={version.present} onClick={() => void back()}>
              {t('developer.rollBack')}
            </Button>
          </Group>
        </Stack>
      )}
    </Loaded>
  );
}
