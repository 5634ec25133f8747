import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../client/contracts.js';
import { StateBadge, type Tone } from '../ui/StateBadge.js';

const tones: Record<Output<'imports.status'>['state'], Tone> = {
  reading: 'busy',
  unreadable: 'late',
  read: 'waiting',
  checking: 'busy',
  checked: 'waiting',
  running: 'busy',
  halted: 'waiting',
  done: 'ready',
  undoing: 'busy',
  undone: 'quiet',
  clearing: 'busy',
  cleared: 'quiet',
};

/** Where an import is, and how far. */
export function ImportState({ status }: { status: Output<'imports.status'> }): ReactElement {
  const { t } = useTranslation();
  const { state, settled, rows } = status;
  const busy = state === 'checking' || state === 'running' || state === 'undoing';
  return (
    <StateBadge tone={tones[state]}>
      {t(`imports.states.${state}`)}
      {busy && rows > 0 ? ` ${Math.floor((100 * settled) / rows)} %` : ''}
    </StateBadge>
  );
}
