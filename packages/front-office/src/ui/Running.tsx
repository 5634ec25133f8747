import type { ReactElement } from 'react';
import { runningTime } from '../format/duration.js';
import { useFormat } from '../format/use-format.js';
import { useNow } from '../format/use-now.js';

/** Time that has passed since a moment, ticking; with `until`, the time that is left. Not announced: it changes every second. */
export function Running({ since, until }: { since?: string; until?: string }): ReactElement {
  const format = useFormat();
  const now = useNow();
  const at = until ?? since ?? '';
  const ms = until === undefined ? now - Date.parse(at) : Date.parse(at) - now;
  return (
    <time dateTime={at} title={format.exact(at)} aria-live="off">
      {runningTime(ms)}
    </time>
  );
}
