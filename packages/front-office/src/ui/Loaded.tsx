import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactElement, ReactNode } from 'react';
import type { Fault } from '../client/fault.js';
import { FaultPanel } from './FaultPanel.js';
import { Rows } from './Rows.js';

interface Props<T> {
  from: UseQueryResult<T, Fault>;
  /** Stands in its place while it loads; must be as high as what follows. */
  skeleton?: ReactNode;
  children: (value: T) => ReactNode;
}

/** Something read from the server: its placeholder, its error, or itself. What was read once stays while it is read anew. */
export function Loaded<T>({ from, skeleton, children }: Props<T>): ReactElement {
  if (from.data !== undefined) return <>{children(from.data)}</>;
  if (from.error !== null) return <FaultPanel fault={from.error} again={from.refetch} />;
  return <>{skeleton ?? <Rows />}</>;
}
