import { Button, Group, Stack, TextInput } from '@mantine/core';
import { IconPhoneOutgoing } from '@tabler/icons-react';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../client/use-call.js';
import { FaultPanel } from '../ui/FaultPanel.js';
import { sayDone } from '../ui/say-fault.js';

/** Lets a simulated customer call. */
export function CallForm(): ReactElement {
  const { t } = useTranslation();
  const { act, busy, fault } = useAct('simulated-telephone.call');
  const [number, setNumber] = useState('');
  const [name, setName] = useState('');
  const [queue, setQueue] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const who = { number: number.trim(), ...(name.trim() === '' ? {} : { name: name.trim() }) };
    act(queue.trim() === '' ? who : { ...who, queue: queue.trim() }).then(
      () => sayDone(t('telephone.placed')),
      // The fault stands in the form.
      () => null,
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {fault !== null && <FaultPanel fault={fault} />}
        <TextInput
          type="tel"
          label={t('telephone.number')}
          required
          maxLength={40}
          value={number}
          onChange={(event) => setNumber(event.currentTarget.value)}
        />
        <TextInput
          label={t('telephone.name')}
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t('telephone.queue')}
          description={t('telephone.queueHint')}
          value={queue}
          onChange={(event) => setQueue(event.currentTarget.value)}
        />
        <Group>
          <Button type="submit" loading={busy} leftSection={<IconPhoneOutgoing size={16} aria-hidden />}>
            {t('telephone.call')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
