import { Button, Group } from '@mantine/core';
import { type ReactElement, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../client/call.js';
import { Fault } from '../client/fault.js';
import { newId } from '../client/new-id.js';
import { queryClient } from '../client/query-client.js';
import { ScriptRunner } from '../scripts/ScriptRunner.js';
import { startScript, viewKey } from '../scripts/use-script.js';
import { FaultPanel } from '../ui/FaultPanel.js';
import { Rows } from '../ui/Rows.js';
import { PortalHandover } from './PortalHandover.js';

const place = (script: string): string => `caruso.script.${script}`;

/** The session this visitor has open with a script, or a new one where there is none any more. */
async function openSession(script: string, language: string, requestId: string): Promise<string> {
  const kept = sessionStorage.getItem(place(script));
  if (kept !== null) {
    try {
      queryClient.setQueryData(viewKey(kept), await call('scripts.view', { session: kept, channel: 'web' }));
      return kept;
    } catch (error) {
      if (Fault.from(error).unreachable) throw error;
      sessionStorage.removeItem(place(script));
    }
  }
  const view = await startScript({ script, params: {}, language }, 'web', requestId);
  sessionStorage.setItem(place(script), view.session);
  return view.session;
}

/** A script as a page of its own; a reload finds it where it was. */
export function PortalScript({ script, onClose }: { script: string; onClose: () => void }): ReactElement {
  const { t, i18n } = useTranslation();
  const [session, setSession] = useState<string | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const [requestId, setRequestId] = useState(newId);
  const { language } = i18n;
  useEffect(() => {
    openSession(script, language, requestId).then(setSession, (error: unknown) => setFault(Fault.from(error)));
  }, [script, language, requestId]);
  const forget = (): void => sessionStorage.removeItem(place(script));
  const again = (): void => {
    forget();
    setFault(null);
    setSession(null);
    setRequestId(newId());
  };
  return (
    <div className="sheet portal-script">
      {fault !== null && <FaultPanel fault={fault} again={again} />}
      {fault === null && session === null && <Rows count={3} height={48} />}
      {session !== null && (
        <ScriptRunner
          key={session}
          session={session}
          channel="web"
          level={1}
          handover={<PortalHandover session={session} />}
          onEnd={
            <Group>
              <Button
                onClick={() => {
                  forget();
                  onClose();
                }}
              >
                {t('portal.toOverview')}
              </Button>
              <Button variant="default" onClick={again}>
                {t('portal.again')}
              </Button>
            </Group>
          }
        />
      )}
    </div>
  );
}
