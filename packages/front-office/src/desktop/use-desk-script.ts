import { useEffect, useRef, useState } from 'react';
import { call } from '../client/call.js';
import { Fault } from '../client/fault.js';
import { newId } from '../client/new-id.js';
import { queryClient } from '../client/query-client.js';
import { refresh } from '../client/use-call.js';
import { startScript } from '../scripts/use-script.js';
import type { Contact } from './desk-news.js';

export interface DeskScript {
  /** The session that runs with the contact; null: none, or the agent wants to choose another. */
  session: string | null;
  start: (script: string, params: Record<string, unknown>) => void;
  /** Back to the choice of scripts. */
  choose: () => void;
  busy: boolean;
  fault: Fault | null;
}

/** Sessions that were started here: there is nothing to take over. */
const mine = new Set<string>();

/** Starts a script that accompanies a contact, and tells the communication server so. */
async function begin(
  interaction: string,
  script: string,
  params: Record<string, unknown>,
  requestId: string,
): Promise<string> {
  const { session } = await startScript({ script, params, interaction }, 'agent', requestId);
  mine.add(session);
  await call('communication.attachScript', { interaction, session });
  await refresh(queryClient, 'communication.attachScript');
  return session;
}

/** The dialog script of a contact; the communication server knows its session, so that a reload finds it again. */
export function useDeskScript(contact: Contact, suggestedParams: Record<string, unknown> | undefined): DeskScript {
  const { id: interaction, script: suggested, scriptSession } = contact;
  const [started, setStarted] = useState<string | null>(null);
  const [choosing, setChoosing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const attempt = useRef({ script: '', id: '' });

  const run = async (script: string, params: Record<string, unknown>): Promise<void> => {
    setBusy(true);
    setFault(null);
    // After a lost answer the same id gives the session that was started, not a second one.
    if (attempt.current.script !== script) attempt.current = { script, id: newId() };
    try {
      setStarted(await begin(interaction, script, params, attempt.current.id));
      setChoosing(false);
      attempt.current = { script: '', id: '' };
    } catch (error) {
      setFault(Fault.from(error));
    } finally {
      setBusy(false);
    }
  };

  // The channel knows what it is about: the script is there when the contact pops. One id, whoever asks first.
  const waits = suggested !== null && scriptSession === null && started === null;
  const known = suggestedParams === undefined ? null : JSON.stringify(suggestedParams);
  useEffect(() => {
    if (!waits || known === null) return;
    const told = JSON.parse(known) as Record<string, unknown>;
    begin(interaction, suggested, told, `${interaction} ${suggested}`).then(setStarted, (error: unknown) =>
      setFault(Fault.from(error)),
    );
  }, [waits, known, interaction, suggested]);

  // A dialog has led the customer so far: the agent goes on with it. Said again after a reload it has no second effect.
  const [taken, setTaken] = useState<string | null>(null);
  const own = scriptSession !== null && mine.has(scriptSession);
  const led = started === null && !own && taken !== scriptSession ? scriptSession : null;
  useEffect(() => {
    if (led === null) return;
    const messageId = `taken with ${interaction}`;
    call('scripts.resume', { session: led, channel: 'agent', messageId }).then(
      () => setTaken(led),
      (error: unknown) => {
        const failed = Fault.from(error);
        // At its end it is only looked at.
        if (failed.code === 'SESSION_ENDED') setTaken(led);
        else setFault(failed);
      },
    );
  }, [led, interaction]);

  return {
    session: choosing ? null : (started ?? (own ? scriptSession : taken)),
    start: (script, params) => void run(script, params),
    choose: () => setChoosing(true),
    busy,
    fault,
  };
}
