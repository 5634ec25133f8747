import { IconForms, IconMail, IconMessageCircle, IconMessages, IconPhone, IconPrinter } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { humanise } from '../format/humanise.js';

const icons = {
  chat: IconMessageCircle,
  mail: IconMail,
  voice: IconPhone,
  sms: IconMessages,
  fax: IconPrinter,
  form: IconForms,
} as const;

/** Sign of a channel, with its name for those who do not see it. */
export function ChannelIcon({ channel, size = 16 }: { channel: string; size?: number }): ReactElement {
  const Icon = channel in icons ? icons[channel as keyof typeof icons] : IconMessages;
  return <Icon size={size} stroke={1.7} role="img" aria-label={humanise(channel)} />;
}
