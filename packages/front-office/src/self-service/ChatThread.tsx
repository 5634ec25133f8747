import type { ChatView } from '@caruso/channel-chat/contract';
import { ActionIcon, Button, Group, Text, Textarea, VisuallyHidden } from '@mantine/core';
import { IconHeadset, IconRobot, IconSend, IconUser } from '@tabler/icons-react';
import { type FormEvent, type KeyboardEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newId } from '../client/new-id.js';
import { useAct } from '../client/use-call.js';
import { useFormat } from '../format/use-format.js';
import { FaultPanel } from '../ui/FaultPanel.js';
import { sayFault } from '../ui/say-fault.js';

const signs = { customer: IconUser, agent: IconHeadset, machine: IconRobot, note: IconRobot } as const;
const over = new Set<ChatView['state']>(['wrap-up', 'done', 'abandoned', 'failed']);
const place = 'caruso.chat.draft';

/** A visitor's conversation: where it stands, what was said, and the field for the next word. */
export function ChatThread({ view, onAnother }: { view: ChatView; onAnother: () => void }): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const leave = useAct('chat.leave');
  const scroller = useRef<HTMLDivElement>(null);
  const { interaction, state, agent, position, messages } = view;
  const ended = over.has(state);
  const count = messages.length;
  const last = messages.at(-1);
  useEffect(() => {
    if (count > 0 && scroller.current !== null) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [count]);
  const status = ended
    ? t('chat.ended')
    : position !== null
      ? t('chat.position', { position })
      : agent === null
        ? t(state === 'ivr' ? 'chat.led' : 'chat.connecting')
        : t('chat.with', { agent });
  return (
    <>
      <Group justify="space-between" px="md" py={6} wrap="nowrap">
        <Text size="sm" role="status">
          {status}
        </Text>
        {!ended && (
          <Button
            size="compact-xs"
            variant="default"
            loading={leave.busy}
            onClick={() => void leave.act({ interaction }).catch(sayFault)}
          >
            {t('chat.leave')}
          </Button>
        )}
      </Group>
      <div ref={scroller} className="chat-thread" role="log" aria-label={t('chat.thread')} aria-live="off" tabIndex={0}>
        <ol className="thread">
          {messages.map(({ id, from, author, text, at }) => {
            const Sign = signs[from];
            return (
              // The visitor's own words stand where the agent's do on the desktop: at the right.
              <li
                key={id}
                className="message"
                data-from={from === 'customer' ? 'agent' : from === 'agent' ? 'customer' : from}
              >
                <div className="message-meta">
                  <Sign size={13} aria-hidden />
                  <span>
                    {from === 'customer' ? t('chat.you') : author} · {format.time(at)}
                  </span>
                </div>
                <div className="message-text">{text}</div>
              </li>
            );
          })}
        </ol>
      </div>
      <VisuallyHidden aria-live="polite">
        {last !== undefined && last.from !== 'customer' ? last.text : ''}
      </VisuallyHidden>
      {ended ? (
        <div className="composer">
          <Button fullWidth variant="default" onClick={onAnother}>
            {t('chat.another')}
          </Button>
        </div>
      ) : (
        <ChatComposer interaction={interaction} />
      )}
    </>
  );
}

function ChatComposer({ interaction }: { interaction: string }): ReactElement {
  const { t } = useTranslation();
  const { act, busy, fault } = useAct('chat.say');
  const [text, setText] = useState(() => sessionStorage.getItem(place) ?? '');
  const messageId = useRef(newId());
  const write = (typed: string): void => {
    setText(typed);
    sessionStorage.setItem(place, typed);
  };
  const say = (): void => {
    const said = text.trim();
    if (said === '' || busy) return;
    act({ interaction, text: said, messageId: messageId.current }).then(
      () => {
        messageId.current = newId();
        write('');
      },
      // The text stays in the field, with the fault above it.
      () => null,
    );
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    say();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    say();
  };
  return (
    <form className="composer" onSubmit={submit}>
      {fault !== null && <FaultPanel fault={fault} />}
      <Group gap="xs" wrap="nowrap" align="flex-end">
        <Textarea
          aria-label={t('chat.message')}
          placeholder={t('chat.message')}
          autosize
          minRows={1}
          maxRows={5}
          maxLength={4000}
          style={{ flex: 1 }}
          value={text}
          onChange={(event) => write(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <ActionIcon type="submit" variant="filled" color="accent" size={36} loading={busy} aria-label={t('chat.send')}>
          <IconSend size={18} />
        </ActionIcon>
      </Group>
    </form>
  );
}
