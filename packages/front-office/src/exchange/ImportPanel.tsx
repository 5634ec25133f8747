import type { RowState } from '@caruso/data-exchange/contract';
import { Alert, Button, Group, Progress, Stack, Text, Title } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct, useCall } from '../client/use-call.js';
import { FaultPanel } from '../ui/FaultPanel.js';
import { Loaded } from '../ui/Loaded.js';
import { ImportRows } from './ImportRows.js';
import { ImportState } from './ImportState.js';
import { MappingForm } from './MappingForm.js';

const busy = new Set(['checking', 'running', 'undoing']);

/** One import: where its columns go, what is wrong with its rows, and what can be done with it now. */
export function ImportPanel({ id, onClose }: { id: string; onClose: () => void }): ReactElement {
  const { t } = useTranslation();
  const input = { import: id };
  const status = useCall('imports.status', input, { every: 1000, keep: true });
  const check = useAct('imports.check');
  const run = useAct('imports.run');
  const halt = useAct('imports.halt');
  const undo = useAct('imports.undo');
  const fault = check.fault ?? run.fault ?? halt.fault ?? undo.fault;
  const failed = (): null => null;
  return (
    <section className="sheet" aria-label={t('imports.one')}>
      <Loaded from={status}>
        {(now) => (
          <Stack gap="md" p="md">
            <Group justify="space-between">
              <Group gap="sm">
                <Title order={2} size="h4">
                  {now.fileName}
                </Title>
                <ImportState status={now} />
              </Group>
              <Button variant="subtle" onClick={onClose}>
                {t('imports.close')}
              </Button>
            </Group>
            {now.problem !== null && (
              <Alert
                color="red"
                variant="outline"
                title={t(now.state === 'unreadable' ? 'imports.states.unreadable' : 'imports.problem')}
              >
                {now.problem}
              </Alert>
            )}
            {fault !== null && <FaultPanel fault={fault} />}
            <Text size="sm" role="status">
              {(Object.entries(now.counts) as [RowState, number][])
                .filter(([, count]) => count > 0)
                .map(([state, count]) => `${count} ${t(`imports.rowStates.${state}`)}`)
                .join(', ')}
            </Text>
            {(now.state === 'read' || now.state === 'checked') && <MappingForm status={now} />}
            <Group gap="sm">
              {(now.state === 'read' || now.state === 'checked') && (
                <Button variant="default" loading={check.busy} onClick={() => void check.act(input).catch(failed)}>
                  {t('imports.check')}
                </Button>
              )}
              {(now.state === 'read' || now.state === 'checked' || now.state === 'halted') && (
                <Button loading={run.busy} onClick={() => void run.act(input).catch(failed)}>
                  {t(now.state === 'halted' ? 'imports.goOn' : 'imports.run')}
                </Button>
              )}
              {(now.state === 'running' || now.state === 'checking') && (
                <Button variant="default" loading={halt.busy} onClick={() => void halt.act(input).catch(failed)}>
                  {t('imports.halt')}
                </Button>
              )}
              {(now.state === 'done' || now.state === 'halted') && (
                <Button
                  variant="outline"
                  color="red.9"
                  loading={undo.busy}
                  onClick={() => void undo.act(input).catch(failed)}
                >
                  {t('imports.undo')}
                </Button>
              )}
            </Group>
            {busy.has(now.state) && now.rows > 0 && (
              <Progress value={(100 * now.settled) / now.rows} aria-label={t('imports.progress')} />
            )}
            {(now.state === 'clearing' || now.state === 'cleared') && <Text size="sm">{t('imports.rowsGone')}</Text>}
            {now.rows > 0 && now.state !== 'clearing' && now.state !== 'cleared' && (
              // Once something is said of rows, those are what is looked for.
              <ImportRows
                key={now.state === 'read' ? 'read' : 'told'}
                id={id}
                state={now.state}
                columns={now.columns}
              />
            )}
          </Stack>
        )}
      </Loaded>
    </section>
  );
}
