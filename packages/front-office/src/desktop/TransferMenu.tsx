import { Button, Popover, Select, Stack, Textarea } from '@mantine/core';
import { IconArrowForwardUp } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../client/use-call.js';
import { sayDone, sayFault } from '../ui/say-fault.js';
import type { Contact, Desk } from './desk-news.js';

/** Gives the contact to another queue, with a word to whoever takes it. */
export function TransferMenu({ contact, desk }: { contact: Contact; desk: Desk }): ReactElement {
  const { t } = useTranslation();
  const { act, busy } = useAct('communication.transfer');
  const [opened, open] = useState(false);
  const [queue, setQueue] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const targets = desk.waiting.filter((one) => one.queue !== contact.queue);
  const transfer = (): void => {
    if (queue === null) return;
    const input = { interaction: contact.id, queue };
    act(note.trim() === '' ? input : { ...input, note: note.trim() }).then(() => {
      open(false);
      sayDone(t('desktop.transferred', { queue: targets.find((one) => one.queue === queue)?.label ?? queue }));
    }, sayFault);
  };
  return (
    <Popover opened={opened} onChange={open} position="bottom-end" width={300} shadow="md" trapFocus>
      <Popover.Target>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconArrowForwardUp size={14} aria-hidden />}
          onClick={() => open(!opened)}
        >
          {t('desktop.transfer')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Select
            label={t('desktop.transferTo')}
            data={targets.map((one) => ({ value: one.queue, label: one.label }))}
            value={queue}
            onChange={setQueue}
            comboboxProps={{ withinPortal: false }}
            nothingFoundMessage={t('common.nothingFound')}
          />
          <Textarea
            label={t('desktop.transferNote')}
            autosize
            minRows={2}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Button disabled={queue === null} loading={busy} onClick={transfer}>
            {t('desktop.transfer')}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
