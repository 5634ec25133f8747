import type { ReactElement } from 'react';
import { FaultPanel } from '../ui/FaultPanel.js';

/** A page that could not be loaded or drawn. */
export function RouteFault({ error, reset }: { error: unknown; reset?: () => void }): ReactElement {
  return (
    <main className="page">
      <FaultPanel fault={error} again={reset ?? (() => location.reload())} />
    </main>
  );
}
