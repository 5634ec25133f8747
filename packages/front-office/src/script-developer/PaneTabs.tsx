import { Tabs } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export type Pane = 'outline' | 'graph' | 'text' | 'properties' | 'preview' | 'cases';

interface Props {
  label: string;
  names: readonly Pane[];
  panes: Record<Pane, ReactNode>;
  chosen: Pane;
  onChoose: (pane: Pane) => void;
}

/** Several panes in one place. */
export function PaneTabs({ label, names, panes, chosen, onChoose }: Props): ReactElement {
  const { t } = useTranslation();
  return (
    <Tabs
      value={chosen}
      onChange={(next) => onChoose((next ?? chosen) as Pane)}
      className="sheet workbench-pane"
      keepMounted={false}
    >
      <Tabs.List aria-label={label}>
        {names.map((name) => (
          <Tabs.Tab key={name} value={name}>
            {t(`developer.panes.${name}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {names.map((name) => (
        // What is only read is scrolled by keys too.
        <Tabs.Panel key={name} value={name} className="workbench-body" data-pane={name} tabIndex={0}>
          {panes[name]}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
