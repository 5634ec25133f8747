import { vocabulary } from '@caruso/dialog-script';
import { Button, Menu } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

/** The kinds of steps, to be added behind the chosen one. */
export function AddStep({ disabled, onAdd }: { disabled: boolean; onAdd: (element: string) => void }): ReactElement {
  const { t } = useTranslation();
  const steps = (vocabulary().get('section')?.children ?? []).filter(({ name }) => name !== 'title');
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button size="xs" variant="default" disabled={disabled} leftSection={<IconPlus size={14} aria-hidden />}>
          {t('developer.addStep')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {steps.map(({ name }) => (
          <Menu.Item key={name} onClick={() => onAdd(name)}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
