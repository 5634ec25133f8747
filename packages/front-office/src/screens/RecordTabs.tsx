import { Tabs } from '@mantine/core';
import type { ReactElement } from 'react';
import { BlockView } from './BlockView.js';
import type { RecordScreen } from './record-screen.js';

/** Tabs of a record with their blocks; only the open one is drawn. */
export function RecordTabs({
  screen,
  compact = false,
}: {
  screen: RecordScreen;
  compact?: boolean;
}): ReactElement | null {
  const first = screen.tabs[0];
  if (first === undefined) return null;
  return (
    <Tabs defaultValue={first.label} keepMounted={false} className={compact ? 'compact' : ''}>
      <Tabs.List mb="sm">
        {screen.tabs.map(({ label }) => (
          <Tabs.Tab key={label} value={label} px="sm">
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {screen.tabs.map(({ label, blocks }) => (
        <Tabs.Panel key={label} value={label}>
          {blocks.map((block, index) => (
            <BlockView key={`${block.kind} ${index}`} block={block} screen={screen} compact={compact} />
          ))}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
