import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../client/use-call.js';
import { NothingHere } from '../ui/NothingHere.js';
import { BlockFrame } from './BlockFrame.js';
import { CreateDrawer } from './CreateDrawer.js';
import { valuesFromParent } from './form-fields.js';
import { RecordTable } from './RecordTable.js';
import type { BlockOf, RecordScreen } from './record-screen.js';

interface Props {
  block: BlockOf<'list'>;
  screen: RecordScreen;
  compact: boolean;
}

/** Records related to the one on the screen. */
export function ListBlock({ block, screen, compact }: Props): ReactElement {
  const { t } = useTranslation();
  const [creating, create] = useState(false);
  const parent = useCall('objects.describe', { object: screen.object }, { enabled: block.create });
  const action = block.create && (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<IconPlus size={14} aria-hidden />}
      aria-label={t('list.createIn', { list: block.label })}
      onClick={() => create(true)}
    >
      {t('common.create')}
    </Button>
  );
  return (
    <BlockFrame label={block.label} action={action}>
      <RecordTable
        label={block.label}
        object={block.object}
        columns={compact ? block.columns.slice(0, 4) : block.columns}
        where={block.where}
        params={block.params}
        include={block.include}
        sort={block.sort}
        opens={block.opens}
        pageSize={compact ? 5 : 15}
        empty={<NothingHere title={block.empty ?? t('list.empty')} />}
      />
      {creating && (
        <CreateDrawer
          object={block.object}
          values={valuesFromParent(parent.data?.objects[0], block.object, block.label, screen.key)}
          onClose={() => create(false)}
        />
      )}
    </BlockFrame>
  );
}
