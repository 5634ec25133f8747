import type { Action } from '@caruso/application-builder/contract';
import { Button, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../client/use-call.js';
import { ScriptRunner } from '../scripts/ScriptRunner.js';
import { FaultPanel } from '../ui/FaultPanel.js';
import { Loaded } from '../ui/Loaded.js';
import { NothingHere } from '../ui/NothingHere.js';
import { scriptParams } from './script-params.js';
import type { DeskScript } from './use-desk-script.js';

interface Props {
  script: DeskScript;
  /** Actions of the customer's screen: those that run a script know what to tell it of the customer. */
  actions: Action[];
}

/** The script that leads the conversation, or the choice of one. */
export function ScriptTab({ script, actions }: Props): ReactElement {
  const { t } = useTranslation();
  if (script.session !== null) {
    return (
      <Stack gap="sm">
        {script.fault !== null && <FaultPanel fault={script.fault} />}
        <ScriptRunner
          key={script.session}
          session={script.session}
          channel="agent"
          onEnd={
            <Button variant="default" size="compact-sm" onClick={script.choose}>
              {t('script.another')}
            </Button>
          }
        />
        <Button variant="subtle" size="compact-xs" style={{ alignSelf: 'flex-start' }} onClick={script.choose}>
          {t('script.another')}
        </Button>
      </Stack>
    );
  }
  return <ScriptChoice script={script} actions={actions} />;
}

function ScriptChoice({ script, actions }: Props): ReactElement {
  const { t } = useTranslation();
  const list = useCall('scripts.list', { channel: 'agent' });
  return (
    <Stack gap="sm">
      <Title order={2}>{t('script.choose')}</Title>
      {script.fault !== null && <FaultPanel fault={script.fault} />}
      <Loaded from={list}>
        {({ scripts }) =>
          scripts.length === 0 ? (
            <NothingHere title={t('script.none')} hint={t('script.noneHint')} />
          ) : (
            scripts.map(({ id, title, description }) => (
              <UnstyledButton
                key={id}
                className="script-choice"
                disabled={script.busy}
                onClick={() => script.start(id, scriptParams(actions, id))}
              >
                <IconFileText size={18} stroke={1.6} aria-hidden />
                <span>
                  <Text component="span" fw={600} display="block">
                    {title}
                  </Text>
                  <Text component="span" size="sm" c="dimmed">
                    {description}
                  </Text>
                </span>
              </UnstyledButton>
            ))
          )
        }
      </Loaded>
    </Stack>
  );
}
