import type { View } from '@caruso/script-engine/contract';
import { type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { call } from '../client/call.js';
import { Fault } from '../client/fault.js';
import { newId } from '../client/new-id.js';
import { queryClient } from '../client/query-client.js';

export type ScriptChannel = 'agent' | 'web';

export const viewKey = (session: string): [string, { session: string }] => ['scripts.view', { session }];

export interface ScriptStart {
  script: string;
  params: Record<string, unknown>;
  interaction?: string;
  language?: string;
}

/** Starts a session; its first view is there at once for whoever shows it. */
export async function startScript(start: ScriptStart, channel: ScriptChannel, requestId: string): Promise<View> {
  const view = await call('scripts.start', { ...start, channel, requestId });
  queryClient.setQueryData(viewKey(view.session), view);
  return view;
}

interface Running {
  view: UseQueryResult<View, Fault>;
  busy: boolean;
  fault: Fault | null;
  answer: (answers: Record<string, unknown>) => Promise<void>;
  back: (to?: string) => Promise<void>;
  /** Something happened: `wants-human`, for instance. */
  signal: (event: string) => Promise<void>;
}

/** A running dialog session: its present view, and the ways on and back. */
export function useScript(session: string, channel: ScriptChannel): Running {
  const client = useQueryClient();
  const view = useQuery<View, Fault>({
    queryKey: viewKey(session),
    queryFn: async ({ signal }) => {
      const read = await call('scripts.view', { session, channel }, signal);
      // An answer may have been given while it was read: what came with that is newer.
      const shown = client.getQueryData<View>(viewKey(session));
      return shown !== undefined && shown.seq > read.seq ? shown : read;
    },
  });
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  // The same step sent again after a lost answer keeps its id, so that it has one effect.
  const sent = useRef({ what: '', messageId: '' });

  const go = async (what: string, send: (seq: number, messageId: string) => Promise<View>): Promise<void> => {
    if (view.data === undefined || busy) return;
    const { seq } = view.data;
    const attempt = `${seq} ${what}`;
    if (sent.current.what !== attempt) sent.current = { what: attempt, messageId: newId() };
    setBusy(true);
    setFault(null);
    try {
      client.setQueryData(viewKey(session), await send(seq, sent.current.messageId));
    } catch (error) {
      const failed = Fault.from(error);
      setFault(failed);
      // Somebody went on elsewhere, in another tab or on the telephone: show where the session is now.
      if (failed.code === 'SESSION_STALE') await view.refetch();
    } finally {
      setBusy(false);
    }
  };

  return {
    view,
    busy,
    fault,
    answer: (answers) =>
      go(`answer ${JSON.stringify(answers)}`, (seq, messageId) =>
        call('scripts.answer', { session, seq, messageId, answers }),
      ),
    back: (to) =>
      go(`back ${to ?? ''}`, (seq, messageId) =>
        call('scripts.back', { session, seq, messageId, ...(to === undefined ? {} : { to }) }),
      ),
    signal: (event) =>
      go(`signal ${event}`, (seq, messageId) => call('scripts.signal', { session, seq, messageId, event })),
  };
}
