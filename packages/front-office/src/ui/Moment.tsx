import type { ReactElement } from 'react';
import { useFormat } from '../format/use-format.js';
import { useNow } from '../format/use-now.js';

/** A time as seen from now; the exact one on hover. */
export function Moment({ at }: { at: string }): ReactElement {
  const format = useFormat();
  return (
    <time dateTime={at} title={format.exact(at)}>
      {format.relative(at, useNow())}
    </time>
  );
}
