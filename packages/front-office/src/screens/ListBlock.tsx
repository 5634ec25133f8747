import type { ObjectRecord } from '@caruso/business-objects/contract';
import { Button, Group } from '@mantine/core';
import { IconLink, IconPlus } from '@tabler/icons-react';
import { type ReactElement, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct, useCall } from '../client/use-call.js';
import { NothingHere } from '../ui/NothingHere.js';
import { sayFault } from '../ui/say-fault.js';
import { BlockFrame } from './BlockFrame.js';
import { CreateDrawer } from './CreateDrawer.js';
import { valuesFromParent } from './form-fields.js';
import { LinkDialog } from './LinkDialog.js';
import { RecordTable } from './RecordTable.js';
import type { BlockOf, RecordScreen } from './record-screen.js';
import { UnlinkRecord } from './UnlinkRecord.js';

interface Props {
  block: BlockOf<'list'>;
  screen: RecordScreen;
  compact: boolean;
}

/** Records related to the one on the screen. */
export function ListBlock({ block, screen, compact }: Props): ReactElement {
  const { t } = useTranslation();
  const [opened, open] = useState<'create' | 'link' | null>(null);
  const heading = useRef<HTMLDivElement>(null);
  const parent = useCall('objects.describe', { object: screen.object }, { enabled: block.create });
  const { act: link } = useAct('objects.link');
  const { linked } = block;
  const from = linked === undefined ? undefined : { object: screen.object, key: screen.key, relation: linked.relation };
  const close = (): void => open(null);
  /** What is made in a list of links is linked. */
  const created = async (record: ObjectRecord): Promise<void> => {
    if (from === undefined) return;
    try {
      await link({ ...from, keys: [record.key] });
    } catch (error) {
      sayFault(error);
    }
  };
  const action = (
    // Where the keyboard goes when the row that had it is gone.
    <Group gap="xs" ref={heading} tabIndex={-1} aria-label={block.label} role="group">
      {linked?.link === true && (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconLink size={14} aria-hidden />}
          aria-label={t('links.addTo', { list: block.label })}
          onClick={() => open('link')}
        >
          {t('links.add')}
        </Button>
      )}
      {block.create && (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          aria-label={t('list.createIn', { list: block.label })}
          onClick={() => open('create')}
        >
          {t('common.create')}
        </Button>
      )}
    </Group>
  );
  return (
    <BlockFrame label={block.label} action={action}>
      <RecordTable
        label={block.label}
        object={block.object}
        columns={compact ? block.columns.slice(0, 4) : block.columns}
        where={block.where}
        params={block.params}
        from={from}
        include={block.include}
        sort={block.sort}
        opens={block.opens}
        pageSize={compact ? 5 : 15}
        empty={<NothingHere title={block.empty ?? t('list.empty')} />}
        act={
          from === undefined || linked?.unlink !== true
            ? undefined
            : {
                label: t('links.remove'),
                render: (record) => (
                  <UnlinkRecord
                    from={from}
                    record={record}
                    list={block.label}
                    undoable={linked.link && linked.junction === undefined}
                    onDone={() => heading.current?.focus()}
                  />
                ),
              }
        }
      />
      {opened === 'create' && (
        <CreateDrawer
          object={block.object}
          values={valuesFromParent(parent.data?.objects[0], block.object, block.label, screen.key)}
          onClose={close}
          onCreated={(record) => void created(record)}
        />
      )}
      {opened === 'link' && from !== undefined && linked?.junction === undefined && (
        <LinkDialog from={from} object={block.object} list={block.label} onClose={close} />
      )}
      {opened === 'link' && linked?.junction !== undefined && (
        <CreateDrawer object={linked.junction.object} values={{ [linked.junction.from]: screen.key }} onClose={close} />
      )}
    </BlockFrame>
  );
}
