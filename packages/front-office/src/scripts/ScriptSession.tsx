import { type ReactElement, useEffect, useState } from 'react';
import { Fault } from '../client/fault.js';
import { newId } from '../client/new-id.js';
import { FaultPanel } from '../ui/FaultPanel.js';
import { Rows } from '../ui/Rows.js';
import { ScriptRunner } from './ScriptRunner.js';
import { type ScriptStart, startScript } from './use-script.js';

/** Starts a script for the agent where there is no contact, and runs it. */
export function ScriptSession({ start }: { start: ScriptStart }): ReactElement {
  const [session, setSession] = useState<string | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const [requestId] = useState(newId);
  useEffect(() => {
    startScript(start, 'agent', requestId).then(
      (view) => setSession(view.session),
      (error: unknown) => setFault(Fault.from(error)),
    );
  }, [start, requestId]);
  if (fault !== null) return <FaultPanel fault={fault} />;
  return session === null ? <Rows /> : <ScriptRunner session={session} channel="agent" />;
}
