import { Tabs } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NothingHere } from '../ui/NothingHere.js';
import { CustomerTab } from './CustomerTab.js';
import type { Contact } from './desk-news.js';
import { ScriptTab } from './ScriptTab.js';
import { scriptParams } from './script-params.js';
import { useCustomerScreen } from './use-customer-screen.js';
import { useDeskScript } from './use-desk-script.js';

/** What goes with the contact: the customer, and the script that leads the conversation. */
export function ContextColumn({ contact }: { contact: Contact | undefined }): ReactElement {
  const { t } = useTranslation();
  return (
    <section className="desk-column" data-pane="context" aria-label={t('desktop.context')}>
      {contact === undefined ? (
        <div style={{ margin: 'auto' }}>
          <NothingHere title={t('desktop.noContext')} hint={t('desktop.noContextHint')} />
        </div>
      ) : (
        <Context key={contact.id} contact={contact} />
      )}
    </section>
  );
}

function Context({ contact }: { contact: Contact }): ReactElement {
  const { t } = useTranslation();
  const [tab, setTab] = useState<string | null>(contact.scriptSession === null ? 'customer' : 'script');
  const customer = useCustomerScreen(contact);
  const actions = customer.screen.data?.actions ?? [];
  // Where the customer is known, what the script is told of the customer comes with the customer's screen.
  const known = customer.target === null || !customer.screen.isPending;
  const script = useDeskScript(contact, known ? scriptParams(actions, contact.script) : undefined);
  return (
    <Tabs value={tab} onChange={setTab} style={{ display: 'contents' }} keepMounted={false}>
      <Tabs.List>
        <Tabs.Tab value="customer" h={44}>
          {t('desktop.customer')}
        </Tabs.Tab>
        <Tabs.Tab value="script" h={44}>
          {t('desktop.script')}
        </Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="customer" className="desk-scroll context">
        <CustomerTab
          contact={contact}
          customer={customer}
          onScript={({ id, params }) => {
            setTab('script');
            script.start(id, params);
          }}
        />
      </Tabs.Panel>
      <Tabs.Panel value="script" className="desk-scroll context">
        <ScriptTab script={script} actions={actions} />
      </Tabs.Panel>
    </Tabs>
  );
}
