import type { ReactElement } from 'react';
import { DeleteRecord } from './DeleteRecord.js';
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
        <div className="record-acts">
          <RecordActions screen={screen} />
          <DeleteRecord screen={screen} />
        </div>
      </div>
      <RecordTabs screen={screen} />
    </div>
  );
}
