import './scripts.css';
import { Button, Progress, Stack, Text, Title } from '@mantine/core';
import { IconHeadset } from '@tabler/icons-react';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FaultPanel } from '../ui/FaultPanel.js';
import { Loaded } from '../ui/Loaded.js';
import { ScriptAnswers } from './ScriptAnswers.js';
import { ScriptOutcome } from './ScriptOutcome.js';
import { ScriptStep } from './ScriptStep.js';
import { type ScriptChannel, useScript } from './use-script.js';

interface Props {
  session: string;
  channel: ScriptChannel;
  /** What can be done when the script has ended. */
  onEnd?: ReactNode;
  level?: 1 | 2;
  /** Where a person can take over: what is shown when one is waited for. */
  handover?: ReactNode;
}

/** Draws a running dialog script, whatever it is about. */
export function ScriptRunner({ session, channel, onEnd, level = 2, handover }: Props): ReactElement {
  const { t } = useTranslation();
  const { view: loading, busy, fault, answer, back, signal } = useScript(session, channel);
  return (
    <Loaded from={loading}>
      {(view) => (
        <Stack gap="md" className="script">
          <div>
            <Title order={level}>{view.title}</Title>
            {view.section !== null && (
              <Text size="sm" c="dimmed">
                {view.section}
              </Text>
            )}
            <Progress
              value={(view.outcome === null ? view.progress : 1) * 100}
              size="sm"
              mt={8}
              aria-label={t('script.progress')}
            />
          </div>
          {fault !== null && <FaultPanel fault={fault} />}
          {view.step === null ? (
            <ScriptOutcome view={view}>{onEnd}</ScriptOutcome>
          ) : (
            <ScriptStep
              key={`${view.session} ${view.step.id}`}
              view={view}
              busy={busy}
              onAnswer={answer}
              onBack={back}
            />
          )}
          {handover !== undefined && view.handover !== null && handover}
          {handover !== undefined && view.handover === null && view.step !== null && (
            <Button
              variant="subtle"
              size="compact-sm"
              style={{ alignSelf: 'flex-start' }}
              disabled={busy}
              leftSection={<IconHeadset size={16} aria-hidden />}
              onClick={() => void signal('wants-human')}
            >
              {t('script.person')}
            </Button>
          )}
          <ScriptAnswers view={view} onBack={busy ? undefined : back} level={level === 1 ? 2 : 3} />
        </Stack>
      )}
    </Loaded>
  );
}
