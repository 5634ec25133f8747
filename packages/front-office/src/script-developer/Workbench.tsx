import type { Fault as ScriptFault } from '@caruso/dialog-script';
import { holds } from '@caruso/dialog-script';
import type { OpenedScript } from '@caruso/script-engine/contract';
import { ActionIcon, Alert, Button, Group, Tabs, Tooltip } from '@mantine/core';
import { useHotkeys, useMediaQuery } from '@mantine/hooks';
import {
  IconArrowBackUp,
  IconArrowDown,
  IconArrowForwardUp,
  IconArrowUp,
  IconDeviceFloppy,
  IconHistory,
  IconTrash,
  IconUpload,
} from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { type ReactElement, type ReactNode, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../client/call.js';
import { refresh, useCall } from '../client/use-call.js';
import { Page } from '../ui/Page.js';
import { sayDone, sayFault } from '../ui/say-fault.js';
import { AddStep } from './AddStep.js';
import { CasesPane } from './CasesPane.js';
import { coverageOf } from './coverage.js';
import { FaultList } from './FaultList.js';
import { moveEdit, nodeAt } from './move-edit.js';
import { OutlineTree } from './OutlineTree.js';
import { PreviewPane } from './PreviewPane.js';
import { PropertiesPane } from './PropertiesPane.js';
import { PublishDialog } from './PublishDialog.js';
import { StepGraph } from './StepGraph.js';
import type { Material } from './script-material.js';
import { TextPane } from './TextPane.js';
import { usePreview } from './use-preview.js';
import { useScript } from './use-script.js';
import { VersionsDrawer } from './VersionsDrawer.js';

type Pane = 'outline' | 'graph' | 'text' | 'properties' | 'preview' | 'cases';

interface Props {
  opened: OpenedScript;
  material: Material;
  /** Reads the script anew, as it is published. */
  onReopen: () => void;
}

/** The tool: one text, seen as tree, graph and text, with the form of what is chosen and the dialog tried out beside it. */
export function Workbench({ opened, material, onReopen }: Props): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { file, draft } = opened;
  const [begun] = useState(() => ({
    text: draft?.text ?? opened.text ?? '',
    positions: draft?.positions ?? opened.positions,
  }));
  const work = useScript(file, begun, material);
  const { editor, outline, drawing, stale, selected, edit, select, compiled } = work;
  const { program, faults } = compiled;
  const preview = usePreview(program, material.setting);
  const [published, setPublished] = useState({
    text: opened.text ?? '',
    base: draft === null ? opened.base : draft.base,
  });
  const [kept, setKept] = useState({ text: begun.text, positions: begun.positions, hash: draft?.hash ?? null });
  const [dialog, setDialog] = useState<'publish' | 'versions' | null>(null);
  const [pane, setPane] = useState<Pane>('outline');
  const [centre, setCentre] = useState<Pane>('graph');
  const [side, setSide] = useState<Pane>('properties');
  const wide = useMediaQuery('(min-width: 1100px)', true, { getInitialValueInEffect: false });
  const form = useRef<HTMLDivElement>(null);
  const script = outline?.id ?? compiled.id;
  const recorded = useCall('script-developer.cases', { script });
  const usage = useCall('scripts.usage', { script, silence: 24 });
  const used = usage.data?.versions.find(({ version }) => version === program?.version) ?? usage.data?.versions.at(-1);
  const coverage = useMemo(
    () =>
      program === undefined || recorded.data === undefined
        ? undefined
        : coverageOf(program, recorded.data.cases, recorded.data.infeasible, material.setting),
    [program, recorded.data, material.setting],
  );
  const languages = useMemo(
    () => [...new Set([...work.text.matchAll(/xml:lang\s*=\s*["']([\w-]+)/g)].map((found) => found[1] ?? ''))],
    [work.text],
  );
  const written = editor.written;
  const dirty = written !== kept.text || work.positions !== kept.positions;

  const save = async (): Promise<boolean> => {
    const saved = { text: editor.written, positions: work.positions };
    try {
      const { hash } = await call('script-developer.saveDraft', {
        file,
        ...saved,
        base: published.base,
        draft: kept.hash,
      });
      setKept({ ...saved, hash });
      sayDone(t('developer.draftSaved'));
      return true;
    } catch (error) {
      sayFault(error);
      return false;
    }
  };
  // What was typed is kept, wherever one goes.
  useBlocker({ shouldBlockFn: async () => dirty && !(await save()), enableBeforeUnload: dirty });
  const removed = (path: string): void => void (edit({ kind: 'remove', at: path }) || refusedEdit());
  const moved = (path: string, by: -1 | 1): void => {
    const wanted = outline === undefined ? undefined : moveEdit(outline, path, by);
    if (wanted === undefined || !edit(wanted)) refusedEdit();
  };
  const refusedEdit = (): void => sayDone(t('developer.noPlace'));
  const openForm = (): void => {
    setSide('properties');
    setPane('properties');
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('input, textarea, button')?.focus());
  };
  const showFault = ({ line, column }: ScriptFault): void => {
    setCentre('text');
    setPane('text');
    requestAnimationFrame(() => editor.show(compiled.document.positions.offsetOf(line, 1) + column - 1));
  };
  useHotkeys(
    [
      ['mod+S', () => void save()],
      ['mod+Z', () => editor.undo()],
      ['mod+shift+Z', () => editor.redo()],
      ['mod+Y', () => editor.redo()],
    ],
    ['INPUT', 'TEXTAREA', 'SELECT'],
  );
  useHotkeys([['mod+S', () => void save()]], []);

  const step = stepAround(outline, selected?.path);
  const addStep = (element: string): void => {
    const section = step?.section ?? outline?.children.filter(({ name }) => name === 'section').at(-1)?.path;
    if (section === undefined || !edit({ kind: 'add', parent: section, element, before: step?.next })) refusedEdit();
  };
  const panes: Record<Pane, ReactNode> = {
    outline: outline !== undefined && (
      <OutlineTree
        outline={outline}
        selected={selected?.path}
        onSelect={select}
        onOpen={openForm}
        onRemove={removed}
        onMove={moved}
      />
    ),
    graph: drawing !== undefined && (
      <StepGraph
        drawing={drawing}
        selected={selected?.path}
        here={preview.rehearsal?.present?.script === script ? preview.rehearsal.present.step : undefined}
        positions={work.positions}
        coverage={coverage}
        usage={used?.steps ?? []}
        readOnly={stale}
        onSelect={select}
        onPlaces={work.setPositions}
        onRemove={removed}
        onConnect={(from, to) => {
          const path = drawing.steps.find(({ id }) => id === from)?.path;
          const target = drawing.steps.find(({ id }) => id === to);
          if (path === undefined || target === undefined || target.kind === 'set') return refusedEdit();
          if (!edit({ kind: 'add', parent: path, element: 'next', attributes: { to } })) refusedEdit();
        }}
      />
    ),
    text: <TextPane editor={editor} />,
    properties: (
      <div ref={form}>
        <PropertiesPane work={work} />
      </div>
    ),
    preview: (
      <PreviewPane
        preview={preview}
        program={program}
        setting={material.setting}
        languages={languages}
        onRecord={async (each) => {
          try {
            const saved = await call('script-developer.saveCase', { script, case: JSON.parse(JSON.stringify(each)) });
            await refresh(client, 'script-developer.cases');
            sayDone(t('developer.recorded', saved));
          } catch (error) {
            sayFault(error);
          }
        }}
      />
    ),
    cases: <CasesPane coverage={coverage} />,
  };
  const tabs = (label: string, names: Pane[], value: Pane, onChange: (pane: Pane) => void): ReactElement => (
    <Tabs
      value={value}
      onChange={(next) => onChange((next ?? value) as Pane)}
      className="sheet workbench-pane"
      keepMounted={false}
      aria-label={label}
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

  return (
    <Page
      title={
        <>
          {script} <span className="small">{program?.version}</span>
        </>
      }
      actions={
        <Group gap={6}>
          <Act
            label={t('developer.undo')}
            onClick={() => editor.undo()}
            disabled={!editor.undoable}
            icon={<IconArrowBackUp size={18} />}
          />
          <Act
            label={t('developer.redo')}
            onClick={() => editor.redo()}
            disabled={!editor.redoable}
            icon={<IconArrowForwardUp size={18} />}
          />
          <Act
            label={t('developer.up')}
            onClick={() => selected !== undefined && moved(selected.path, -1)}
            disabled={stale}
            icon={<IconArrowUp size={18} />}
          />
          <Act
            label={t('developer.down')}
            onClick={() => selected !== undefined && moved(selected.path, 1)}
            disabled={stale}
            icon={<IconArrowDown size={18} />}
          />
          <Act
            label={t('developer.remove')}
            onClick={() => selected !== undefined && removed(selected.path)}
            disabled={stale}
            icon={<IconTrash size={18} />}
          />
          <AddStep disabled={stale} onAdd={addStep} />
          <Button
            size="xs"
            variant="default"
            leftSection={<IconHistory size={14} aria-hidden />}
            onClick={() => setDialog('versions')}
          >
            {t('developer.versions')}
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={!dirty}
            leftSection={<IconDeviceFloppy size={14} aria-hidden />}
            onClick={() => void save()}
          >
            {t('developer.saveDraft')}
          </Button>
          <Button size="xs" leftSection={<IconUpload size={14} aria-hidden />} onClick={() => setDialog('publish')}>
            {t('developer.publish')}
          </Button>
        </Group>
      }
    >
      {draft !== null && (
        <Alert color="yellow" variant="outline" role="status" mb="xs" py={6}>
          <Group justify="space-between">
            {t('developer.draftOf', { by: draft.by })}
            <Button
              size="compact-xs"
              variant="default"
              disabled={kept.hash === null}
              onClick={() => {
                if (kept.hash === null) return;
                call('script-developer.discardDraft', { file, draft: kept.hash }).then(onReopen, sayFault);
              }}
            >
              {t('developer.discard')}
            </Button>
          </Group>
        </Alert>
      )}
      {draft !== null && published.base !== opened.base && published.text === opened.text && (
        <Alert color="red" variant="outline" role="status" mb="xs" py={6}>
          <Group justify="space-between">
            {t('developer.overtaken')}
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => setPublished({ text: opened.text ?? '', base: opened.base })}
            >
              {t('developer.goOn')}
            </Button>
          </Group>
        </Alert>
      )}
      {stale && (
        <Alert color="red" variant="outline" role="status" mb="xs" py={6}>
          {t('developer.notWellFormed')}
        </Alert>
      )}
      {wide ? (
        <div className="workbench">
          <section className="sheet workbench-pane" aria-label={t('developer.panes.outline')}>
            <div className="workbench-body" data-pane="outline">
              {panes.outline}
            </div>
          </section>
          {tabs(t('developer.seen'), ['graph', 'text'], centre, setCentre)}
          {tabs(t('developer.beside'), ['properties', 'preview', 'cases'], side, setSide)}
        </div>
      ) : (
        <div className="workbench">
          {tabs(t('developer.seen'), ['outline', 'graph', 'text', 'properties', 'preview', 'cases'], pane, setPane)}
        </div>
      )}
      <FaultList faults={faults} onShow={showFault} />
      {dialog === 'publish' && (
        <PublishDialog
          file={file}
          before={published.text}
          text={written}
          positions={work.positions}
          base={published.base}
          faults={faults}
          onClose={() => setDialog(null)}
          onPublished={(base) => {
            setPublished({ text: written, base });
            setKept({ text: written, positions: work.positions, hash: null });
            setDialog(null);
            sayDone(t('developer.published', { file }));
            void refresh(client, 'script-developer.publish');
          }}
        />
      )}
      {dialog === 'versions' && (
        <VersionsDrawer
          file={file}
          present={published.text}
          base={published.base}
          onClose={() => setDialog(null)}
          onRolledBack={() => {
            sayDone(t('developer.rolledBack', { file }));
            onReopen();
          }}
        />
      )}
    </Page>
  );
}

interface ActProps {
  label: string;
  icon: ReactElement;
  disabled: boolean;
  onClick: () => void;
}

function Act({ label, icon, disabled, onClick }: ActProps): ReactElement {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} disabled={disabled} onClick={onClick}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}

/** The step that an element is in or is, in its section, and the step behind it. */
function stepAround(outline: ReturnType<typeof useScript>['outline'], path: string | undefined) {
  if (outline === undefined || path === undefined) return undefined;
  const section = nodeAt(
    outline,
    (node) => node.name === 'section' && (path === node.path || path.startsWith(`${node.path}/`)),
  );
  if (section === undefined) return undefined;
  const steps = section.children.filter(({ name }) => name !== 'title' && holds('section', name) !== undefined);
  const index = steps.findIndex((each) => path === each.path || path.startsWith(`${each.path}/`));
  return { section: section.path, next: index < 0 ? undefined : steps[index + 1]?.path };
}
