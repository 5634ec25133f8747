import type { Action } from '@caruso/application-builder/contract';
import { Button, Drawer, Group, Modal, Text } from '@mantine/core';
import { IconFileText, IconPlayerPlay, IconPlus } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { callByName } from '../client/call.js';
import { ScriptSession } from '../scripts/ScriptSession.js';
import { sayDone, sayFault } from '../ui/say-fault.js';
import { CreateDrawer } from './CreateDrawer.js';
import type { RecordScreen } from './record-screen.js';

type ScriptStart = NonNullable<Action['script']>;

interface Props {
  screen: RecordScreen;
  /** Where a script runs; absent: in a drawer. The agent desktop has a place for it. */
  onScript?: (script: ScriptStart) => void;
  size?: string;
}

/** What can be done with a record: run a script, call a method, create something related. */
export function RecordActions({ screen, onScript, size = 'sm' }: Props): ReactElement | null {
  const { t } = useTranslation();
  const [script, runScript] = useState<ScriptStart | null>(null);
  const [creating, create] = useState<NonNullable<Action['create']> | null>(null);
  if (screen.actions.length === 0) return null;
  return (
    <Group gap="xs">
      {screen.actions.map((action) => (
        <ActionButton
          key={action.label}
          action={action}
          size={size}
          onScript={onScript ?? runScript}
          onCreate={create}
        />
      ))}
      {script !== null && (
        <Drawer opened onClose={() => runScript(null)} size={520} title={t('script.title')}>
          <ScriptSession start={{ script: script.id, params: script.params }} />
        </Drawer>
      )}
      {creating !== null && (
        <CreateDrawer object={creating.object} values={creating.values} onClose={() => create(null)} />
      )}
    </Group>
  );
}

interface ButtonProps {
  action: Action;
  size: string;
  onScript: (script: ScriptStart) => void;
  onCreate: (create: NonNullable<Action['create']>) => void;
}

function ActionButton({ action, size, onScript, onCreate }: ButtonProps): ReactElement | null {
  const { label, script, call, create } = action;
  if (script !== undefined) {
    return (
      <Button
        variant="default"
        size={size}
        leftSection={<IconFileText size={16} aria-hidden />}
        onClick={() => onScript(script)}
      >
        {label}
      </Button>
    );
  }
  if (create !== undefined) {
    return (
      <Button
        variant="default"
        size={size}
        leftSection={<IconPlus size={16} aria-hidden />}
        onClick={() => onCreate(create)}
      >
        {label}
      </Button>
    );
  }
  return call === undefined ? null : <CallButton label={label} call={call} size={size} />;
}

function CallButton({
  label,
  call,
  size,
}: {
  label: string;
  call: NonNullable<Action['call']>;
  size: string;
}): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [asking, ask] = useState(false);
  const { mutate, isPending } = useMutation({
    mutationFn: () => callByName(call.method, call.input),
    onSuccess: () => sayDone(t('record.called', { action: label })),
    onError: sayFault,
    // What a service did may show anywhere.
    onSettled: () => client.invalidateQueries(),
  });
  return (
    <>
      <Button
        variant="default"
        size={size}
        loading={isPending}
        leftSection={<IconPlayerPlay size={16} aria-hidden />}
        onClick={() => (call.confirm === undefined ? mutate() : ask(true))}
      >
        {label}
      </Button>
      <Modal opened={asking} onClose={() => ask(false)} title={label}>
        <Text mb="md">{call.confirm}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => ask(false)}>
            {t('common.cancel')}
          </Button>
          <Button
            onClick={() => {
              ask(false);
              mutate();
            }}
          >
            {label}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
