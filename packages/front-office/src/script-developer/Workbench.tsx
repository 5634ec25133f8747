import type { Case, Fault } from '@caruso/dialog-script';
import type { OpenedScript } from '@caruso/script-engine/contract';
import { useMediaQuery } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactElement, type ReactNode, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../client/call.js';
import { refresh, useCall } from '../client/use-call.js';
import { Page } from '../ui/Page.js';
import { sayDone, sayFault } from '../ui/say-fault.js';
import { CasesPane } from './CasesPane.js';
import { coverageOf } from './coverage.js';
import { FaultList } from './FaultList.js';
import { Notices } from './Notices.js';
import { OutlineTree } from './OutlineTree.js';
import { type Pane, PaneTabs } from './PaneTabs.js';
import { PreviewPane } from './PreviewPane.js';
import { PropertiesPane } from './PropertiesPane.js';
import { PublishDialog } from './PublishDialog.js';
import { StepGraph } from './StepGraph.js';
import type { Material } from './script-material.js';
import { TextPane } from './TextPane.js';
import { Toolbar } from './Toolbar.js';
import { useEdits } from './use-edits.js';
import { usePreview } from './use-preview.js';
import { usePublication } from './use-publication.js';
import { useScript } from './use-script.js';
import { VersionsDrawer } from './VersionsDrawer.js';

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
  const { setting } = material;
  const [begun] = useState(() => ({
    text: draft?.text ?? opened.text ?? '',
    positions: draft?.positions ?? opened.positions,
  }));
  const work = useScript(file, begun, material);
  const { editor, outline, drawing, stale, selected, select, compiled } = work;
  const { program, faults } = compiled;
  const publication = usePublication(opened, begun, work);
  const edits = useEdits(work);
  const preview = usePreview(program, setting);
  const [dialog, setDialog] = useState<'publish' | 'versions' | null>(null);
  const [pane, setPane] = useState<Pane>('outline');
  const [centre, setCentre] = useState<Pane>('graph');
  const [side, setSide] = useState<Pane>('properties');
  const wide = useMediaQuery('(min-width: 1100px)', true, { getInitialValueInEffect: false });
  const form = useRef<HTMLDivElement>(null);
  const script = outline?.id ?? compiled.id;
  const recorded = useCall('script-developer.cases', { script }).data;
  const versions = useCall('scripts.usage', { script, silence: 24 }).data?.versions;
  const usage = versions?.find(({ version }) => version === program?.version) ?? versions?.at(-1);
  const coverage = useMemo(() => {
    if (program === undefined || recorded === undefined) return undefined;
    return coverageOf(program, recorded.cases, recorded.infeasible, setting);
  }, [program, recorded, setting]);

  const openForm = (): void => {
    setSide('properties');
    setPane('properties');
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('input, textarea, button')?.focus());
  };
  const showFault = ({ line, column }: Fault): void => {
    setCentre('text');
    setPane('text');
    requestAnimationFrame(() => editor.show(compiled.document.positions.offsetOf(line, 1) + column - 1));
  };
  const record = async (made: Case): Promise<void> => {
    try {
      const saved = await call('script-developer.saveCase', { script, case: JSON.parse(JSON.stringify(made)) });
      await refresh(client, 'script-developer.cases');
      sayDone(t('developer.recorded', saved));
    } catch (error) {
      sayFault(error);
    }
  };

  const panes: Record<Pane, ReactNode> = {
    outline: outline !== undefined && (
      <OutlineTree
        outline={outline}
        selected={selected?.path}
        onSelect={select}
        onOpen={openForm}
        onRemove={edits.remove}
        onMove={edits.move}
      />
    ),
    graph: drawing !== undefined && (
      <StepGraph
        drawing={drawing}
        selected={selected?.path}
        here={preview.rehearsal?.present?.script === script ? preview.rehearsal.present.step : undefined}
        positions={work.positions}
        coverage={coverage}
        usage={usage?.steps ?? []}
        readOnly={stale}
        onSelect={select}
        onPlaces={work.setPositions}
        onRemove={edits.remove}
        onConnect={edits.connect}
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
        setting={setting}
        languages={languagesIn(work.text)}
        onRecord={record}
      />
    ),
    cases: <CasesPane coverage={coverage} />,
  };
  const title = (
    <>
      {script} <span className="small">{program?.version}</span>
    </>
  );
  const toolbar = (
    <Toolbar
      work={work}
      edits={edits}
      publication={publication}
      onVersions={() => setDialog('versions')}
      onPublish={() => setDialog('publish')}
    />
  );
  return (
    <Page title={title} actions={toolbar}>
      <Notices draftBy={draft?.by} publication={publication} stale={stale} onDiscarded={onReopen} />
      <div className="workbench">
        {wide ? (
          <>
            <section className="sheet workbench-pane" aria-label={t('developer.panes.outline')}>
              <div className="workbench-body" data-pane="outline">
                {panes.outline}
              </div>
            </section>
            <PaneTabs
              label={t('developer.seen')}
              names={['graph', 'text']}
              panes={panes}
              chosen={centre}
              onChoose={setCentre}
            />
            <PaneTabs
              label={t('developer.beside')}
              names={['properties', 'preview', 'cases']}
              panes={panes}
              chosen={side}
              onChoose={setSide}
            />
          </>
        ) : (
          <PaneTabs
            label={t('developer.seen')}
            names={['outline', 'graph', 'text', 'properties', 'preview', 'cases']}
            panes={panes}
            chosen={pane}
            onChoose={setPane}
          />
        )}
      </div>
      <FaultList faults={faults} onShow={showFault} />
      {dialog === 'publish' && (
        <PublishDialog
          file={file}
          before={publication.published.text}
          text={editor.written}
          positions={work.positions}
          moved={work.positions !== opened.positions}
          base={publication.published.base}
          faults={faults}
          onClose={() => setDialog(null)}
          onPublished={(base) => {
            publication.done(base);
            setDialog(null);
            sayDone(t('developer.published', { file }));
          }}
        />
      )}
      {dialog === 'versions' && (
        <VersionsDrawer
          file={file}
          present={publication.published.text}
          base={publication.published.base}
          onBefore={async () => !publication.dirty || (await publication.save())}
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

function languagesIn(text: string): string[] {
  return [...new Set([...text.matchAll(/xml:lang\s*=\s*["']([\w-]+)/g)].map((found) => found[1] ?? ''))];
}
