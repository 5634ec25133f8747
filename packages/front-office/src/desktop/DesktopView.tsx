import './desktop.css';
import '../screens/screens.css';
import { SegmentedControl, Skeleton, VisuallyHidden } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../client/use-call.js';
import { FaultPanel } from '../ui/FaultPanel.js';
import { ContactColumn } from './ContactColumn.js';
import { ContextColumn } from './ContextColumn.js';
import { ConversationColumn } from './ConversationColumn.js';
import { DeskAnnouncer } from './DeskAnnouncer.js';
import type { Desk } from './desk-news.js';
import { useDeskKeys } from './use-desk-keys.js';
import { useSelection } from './use-selection.js';

type Pane = 'contacts' | 'talk' | 'context';

/** Where an agent sits all day: contacts at the left, the conversation in the middle, customer and script at the right. */
export function DesktopView(): ReactElement {
  const desktop = useCall('communication.desktop', {});
  if (desktop.data !== undefined) return <Columns desk={desktop.data} />;
  if (desktop.error !== null) {
    return (
      <div className="page">
        <FaultPanel fault={desktop.error} again={desktop.refetch} />
      </div>
    );
  }
  return (
    <div className="desk">
      {['contacts', 'talk', 'context'].map((pane) => (
        <div key={pane} className="desk-column" style={{ padding: 12, gap: 8 }}>
          <Skeleton height={32} />
          <Skeleton height={64} />
          <Skeleton height={64} />
        </div>
      ))}
    </div>
  );
}

function Columns({ desk }: { desk: Desk }): ReactElement {
  const { t } = useTranslation();
  const { selected, select } = useSelection(desk);
  const [pane, setPane] = useState<Pane>('contacts');
  const open = (id: string): void => {
    select(id);
    setPane('talk');
  };
  useDeskKeys(desk, selected?.id, open);
  return (
    <div className="desk" data-pane={pane}>
      <VisuallyHidden>
        <h1>{t('desktop.title')}</h1>
      </VisuallyHidden>
      <DeskAnnouncer desk={desk} />
      <div className="desk-panes">
        <SegmentedControl
          fullWidth
          value={pane}
          onChange={setPane}
          data={[
            { value: 'contacts', label: t('desktop.contacts') },
            { value: 'talk', label: t('desktop.conversation') },
            { value: 'context', label: t('desktop.customer') },
          ]}
        />
      </div>
      <ContactColumn desk={desk} selected={selected?.id} onSelect={open} />
      <ConversationColumn desk={desk} contact={selected} />
      <ContextColumn contact={selected} />
    </div>
  );
}
