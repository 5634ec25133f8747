import { ActionIcon, Button, Indicator, Title } from '@mantine/core';
import { IconChevronDown, IconMessageCircle } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../client/use-call.js';
import { Loaded } from '../ui/Loaded.js';
import { ChatForm } from './ChatForm.js';
import { ChatThread } from './ChatThread.js';

/** The chat in its corner: closed a button, open a panel. An open conversation survives a reload. */
export function ChatCorner({ label, greeting }: { label: string; greeting: string }): ReactElement {
  const { t } = useTranslation();
  const current = useCall('chat.current', {});
  const [chosen, open] = useState<boolean | null>(null);
  const [another, begin] = useState(false);
  const running = current.data?.interaction;
  const opened = chosen ?? running !== undefined;
  if (!opened) {
    return (
      <div className="chat-button">
        <Indicator disabled={running === undefined} color="accent" size={10}>
          <Button
            size="md"
            radius="xl"
            leftSection={<IconMessageCircle size={20} aria-hidden />}
            onClick={() => open(true)}
          >
            {label}
          </Button>
        </Indicator>
      </div>
    );
  }
  return (
    <section className="sheet chat-panel" aria-label={label}>
      <div className="chat-head">
        <IconMessageCircle size={20} aria-hidden />
        <Title order={2}>{label}</Title>
        <ActionIcon aria-label={t('chat.minimise')} onClick={() => open(false)}>
          <IconChevronDown size={18} />
        </ActionIcon>
      </div>
      <Loaded from={current}>
        {(view) =>
          view === null || another ? (
            <ChatForm greeting={greeting} onOpened={() => begin(false)} />
          ) : (
            <ChatThread view={view} onAnother={() => begin(true)} />
          )
        }
      </Loaded>
    </section>
  );
}
