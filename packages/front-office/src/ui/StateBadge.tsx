import type { AgentActivity, InteractionState } from '@caruso/communication-server/contract';
import type { ServiceState } from '@caruso/service-manager/contract';
import {
  IconAlertTriangle,
  IconCircle,
  IconCircleCheck,
  IconClock,
  IconMessage2,
  IconMoon,
  IconPencil,
} from '@tabler/icons-react';
import type { ReactElement, ReactNode } from 'react';

export type Tone = 'ready' | 'busy' | 'waiting' | 'late' | 'quiet';

const signs = {
  ready: IconCircleCheck,
  busy: IconMessage2,
  waiting: IconClock,
  late: IconAlertTriangle,
  quiet: IconCircle,
} as const;

/** A state by colour, sign and word; the same everywhere. */
export function StateBadge({
  tone,
  children,
  sign,
}: {
  tone: Tone;
  children: ReactNode;
  sign?: typeof IconCircle;
}): ReactElement {
  const Sign = sign ?? signs[tone];
  return (
    <span className="state-badge" data-tone={tone}>
      <Sign size={12} stroke={2.2} aria-hidden />
      {children}
    </span>
  );
}

export const interactionTones: Record<InteractionState, Tone> = {
  new: 'waiting',
  ivr: 'waiting',
  queued: 'waiting',
  offered: 'waiting',
  active: 'busy',
  held: 'waiting',
  'wrap-up': 'busy',
  done: 'quiet',
  abandoned: 'late',
  failed: 'late',
};

export const activityTones: Record<AgentActivity, Tone> = {
  offline: 'quiet',
  away: 'waiting',
  ready: 'ready',
  offered: 'waiting',
  busy: 'busy',
  'wrap-up': 'busy',
};

export const activitySigns: Record<AgentActivity, typeof IconCircle> = {
  offline: IconCircle,
  away: IconMoon,
  ready: IconCircleCheck,
  offered: IconClock,
  busy: IconMessage2,
  'wrap-up': IconPencil,
};

export const serviceTones: Record<ServiceState, Tone> = {
  installed: 'quiet',
  unsatisfied: 'waiting',
  starting: 'waiting',
  active: 'ready',
  degraded: 'late',
  draining: 'waiting',
  stopping: 'waiting',
  stopped: 'quiet',
  failed: 'late',
};
