import type { ReactElement } from 'react';
import { RecordActions } from './RecordActions.js';
import { RecordHead } from './RecordHead.js';
import { RecordTabs } from './RecordTabs.js';
import type { RecordScreen } from './record-screen.js';

/** A record screen of the front office. */
export function RecordScreenView({ screen }: { screen: RecordScreen }): ReactElement {
  return (
    <div className="page">
      <div className="record-head">
        <RecordHead screen={screen} level={1} />
        <RecordActions screen={screen} />
      </div>
      <RecordTabs screen={screen} />
    </div>
  );
}
