import { Button, Text, Title } from '@mantine/core';
import { IconPhoneOff, IconPlayerPause, IconPlayerPlay, IconSquareCheck } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../client/use-call.js';
import { humanise } from '../format/humanise.js';
import { ChannelIcon } from '../ui/ChannelIcon.js';
import { sayFault } from '../ui/say-fault.js';
import { type Contact, type Desk, nameOf } from './desk-news.js';
import { TransferMenu } from './TransferMenu.js';

/** Who it is, and what can be done with the conversation as a whole. */
export function ConversationHead({ contact, desk }: { contact: Contact; desk: Desk }): ReactElement {
  const { t } = useTranslation();
  const hold = useAct('communication.hold');
  const resume = useAct('communication.resume');
  const finish = useAct('communication.finish');
  const { id: interaction, state, channel, subject, queue } = contact;
  const running = state === 'active' || state === 'held';
  const voice = channel === 'voice';
  return (
    <div className="desk-head">
      <ChannelIcon channel={channel} size={20} />
      <div style={{ minWidth: 0, marginRight: 'auto' }}>
        <Title order={2} className="one-line">
          {nameOf(contact)}
        </Title>
        <Text size="xs" c="dimmed" className="one-line">
          {[subject, queue === null ? '' : humanise(queue)].filter((part) => part !== '').join(' · ')}
        </Text>
      </div>
      {state === 'active' && (
        <Button
          size="compact-sm"
          variant="default"
          loading={hold.busy}
          leftSection={<IconPlayerPause size={14} aria-hidden />}
          onClick={() => void hold.act({ interaction }).catch(sayFault)}
        >
          {t('desktop.hold')}
        </Button>
      )}
      {state === 'held' && (
        <Button
          size="compact-sm"
          loading={resume.busy}
          leftSection={<IconPlayerPlay size={14} aria-hidden />}
          onClick={() => void resume.act({ interaction }).catch(sayFault)}
        >
          {t('desktop.resume')}
        </Button>
      )}
      {running && <TransferMenu contact={contact} desk={desk} />}
      {running && (
        <Button
          size="compact-sm"
          variant="default"
          loading={finish.busy}
          leftSection={voice ? <IconPhoneOff size={14} aria-hidden /> : <IconSquareCheck size={14} aria-hidden />}
          onClick={() => void finish.act({ interaction }).catch(sayFault)}
        >
          {voice ? t('desktop.endCall') : t('desktop.end')}
        </Button>
      )}
    </div>
  );
}
