import './texts.js';
import './modeler.css';
import { ActionIcon, Button, Drawer, Group, SegmentedControl, Skeleton, Stack, Switch, Text } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp, IconPlus } from '@tabler/icons-react';
import { lazy, type ReactElement, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FaultPanel } from '../ui/FaultPanel.js';
import { Loaded } from '../ui/Loaded.js';
import { NothingHere } from '../ui/NothingHere.js';
import { Page } from '../ui/Page.js';
import { useUppermost } from '../ui/use-uppermost.js';
import { FaultList } from './FaultList.js';
import { NameDialog } from './NameDialog.js';
import { ObjectPanel } from './ObjectPanel.js';
import { ObjectTable } from './ObjectTable.js';
import { ReviewDialog } from './ReviewDialog.js';
import { type State, useModeler } from './use-modeler.js';

const ModelDiagram = lazy(async () => ({ default: (await import('./ModelDiagram.js')).ModelDiagram }));

/** The model as a drawing and as forms; edits are gathered, looked at as a whole, and applied while the front office runs. */
export function ModelerView(): ReactElement {
  const { t } = useTranslation('modeler');
  const modeler = useModeler();
  const [view, setView] = useState('list');
  const [all, setAll] = useState(false);
  const [opened, open] = useState<string | null>(null);
  const uppermost = useUppermost(() => open(null));
  const [adding, setAdding] = useState(false);
  const [reviewing, setReviewing] = useState(false);
  const { history, drafts, read, fault } = modeler;
  const stale = read.error !== null && drafts.length > 0;
  const objects = (state: State) => state.objects.filter(({ writtenBy }) => all || writtenBy === null);
  return (
    <Page
      title={t('title')}
      actions={
        <>
          <SegmentedControl
            size="xs"
            aria-label={t('view')}
            value={view}
            onChange={setView}
            data={[
              { value: 'list', label: t('list') },
              { value: 'diagram', label: t('diagram') },
            ]}
          />
          <ActionIcon aria-label={t('undo')} disabled={history.past.length === 0} onClick={modeler.undo}>
            <IconArrowBackUp size={18} />
          </ActionIcon>
          <ActionIcon aria-label={t('redo')} disabled={history.future.length === 0} onClick={modeler.redo}>
            <IconArrowForwardUp size={18} />
          </ActionIcon>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => setAdding(true)}
          >
            {t('addObject')}
          </Button>
          <Button size="xs" disabled={drafts.length === 0} onClick={() => setReviewing(true)}>
            {t('review', { count: drafts.length })}
          </Button>
        </>
      }
    >
      <Stack gap="sm">
        {stale && (
          <>
            <FaultPanel fault={read.error} />
            <Button variant="default" onClick={modeler.settle} style={{ alignSelf: 'start' }}>
              {t('giveUp')}
            </Button>
          </>
        )}
        {fault !== null && opened === null && !adding && <FaultPanel fault={fault} />}
        {!stale && (
          <Loaded from={read}>
            {(state) => (
              <Stack gap="sm">
                <Group gap="md">
                  <Text size="sm" c="dimmed">
                    {t('hint')}
                  </Text>
                  <Switch
                    size="xs"
                    label={t('everyObject')}
                    checked={all}
                    onChange={(event) => setAll(event.currentTarget.checked)}
                  />
                </Group>
                <FaultList faults={state.faults} />
                {objects(state).length === 0 ? (
                  <NothingHere title={t('none')} hint={t('noneHint')} />
                ) : view === 'list' ? (
                  <ObjectTable
                    objects={objects(state)}
                    own={new Set(state.files.map(({ name }) => name))}
                    drafts={drafts}
                    onChoose={open}
                  />
                ) : (
                  <Suspense fallback={<Skeleton height={420} />}>
                    <ModelDiagram objects={objects(state)} drafts={drafts} chosen={opened} onChoose={open} />
                  </Suspense>
                )}
                <Drawer opened={opened !== null} {...uppermost} title={opened} size="min(1180px, 100%)">
                  {opened !== null && <ObjectPanel state={state} name={opened} modeler={modeler} onChoose={open} />}
                </Drawer>
                {adding && (
                  <NameDialog
                    title={t('addObject')}
                    label={t('objectName')}
                    hint={t('objectNameHint')}
                    fault={fault}
                    onClose={() => setAdding(false)}
                    onName={async (name) => {
                      if (!(await modeler.edit({ do: 'add object', name }))) return;
                      setAdding(false);
                      open(name);
                    }}
                  />
                )}
                {reviewing && (
                  <ReviewDialog
                    drafts={drafts}
                    onClose={() => setReviewing(false)}
                    onApplied={() => {
                      setReviewing(false);
                      modeler.settle();
                    }}
                  />
                )}
              </Stack>
            )}
          </Loaded>
        )}
      </Stack>
    </Page>
  );
}
