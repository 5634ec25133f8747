import type { Drawing, DrawnLine, DrawnStep } from '@caruso/dialog-script';
import type { StepUsage } from '@caruso/script-engine/contract';
import { type Edge, Handle, MarkerType, type Node, type NodeProps, Position, useNodesState } from '@xyflow/react';
import { type ReactElement, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/use-format.js';
import { Drawing as DrawingOf } from '../ui/Drawing.js';
import type { Coverage } from './coverage.js';
import { boxSize, type Places, placesOf } from './graph-layout.js';

type StepNode = Node<{ step: DrawnStep; chosen: boolean; here: boolean; usage: StepUsage | undefined }, 'step'>;

const kinds = { step: StepBox };

interface Props {
  drawing: Drawing;
  selected: string | undefined;
  /** The step at which the preview is. */
  here: string | undefined;
  positions: Places;
  coverage: Coverage | undefined;
  usage: readonly StepUsage[];
  readOnly: boolean;
  onSelect: (path: string) => void;
  onPlaces: (positions: Places) => void;
  onRemove: (path: string) => void;
  onConnect: (from: string, to: string) => void;
}

/** The steps of a script and the ways between them; a way is drawn from one box to another, a box is moved and taken away. */
export function StepGraph(props: Props): ReactElement {
  const { drawing, selected, here, positions, coverage, usage, readOnly, onSelect, onPlaces, onRemove, onConnect } =
    props;
  const { t } = useTranslation();
  const places = useMemo(() => placesOf(drawing, positions), [drawing, positions]);
  const wanted = useMemo(
    (): StepNode[] =>
      drawing.steps.map((step) => ({
        id: step.id,
        type: 'step',
        position: places[step.id] ?? { x: 0, y: 0 },
        ...boxSize,
        data: {
          step,
          chosen: selected !== undefined && (selected === step.path || selected.startsWith(`${step.path}/`)),
          here: here === step.id,
          usage: usage.find((each) => each.step === step.id),
        },
        draggable: !readOnly,
        connectable: !readOnly && !['end', 'set', 'lookup', 'action', 'loop', 'escalate', 'on'].includes(step.kind),
        deletable: !readOnly,
        ariaLabel: t('developer.boxLabel', { kind: step.kind, step: step.id, text: step.label }),
      })),
    [drawing, places, selected, here, usage, readOnly, t],
  );
  // Boxes follow the mouse while they are moved; where they are put is told at the end.
  const [nodes, setNodes, onNodesChange] = useNodesState<StepNode>(wanted);
  useEffect(() => setNodes(wanted), [wanted, setNodes]);
  const edges = useMemo(
    () =>
      drawing.lines.map((line) => {
        const isBack = (places[line.to]?.y ?? 0) <= (places[line.from]?.y ?? 0);
        return { ...edgeOf(line, coverage), type: isBack ? 'smoothstep' : 'default' };
      }),
    [drawing, coverage, places],
  );
  return (
    <DrawingOf
      label={t('developer.graph')}
      className="step-graph"
      nodes={nodes}
      edges={edges}
      kinds={kinds}
      smallest={0.15}
      onChoose={(id) => {
        const step = drawing.steps.find((each) => each.id === id);
        if (step !== undefined) onSelect(step.path);
      }}
      editing={{
        deleteKeyCode: ['Delete'],
        onNodesChange,
        onNodeDragStop: (_, { id, position }) => onPlaces({ ...positions, [id]: position }),
        onBeforeDelete: ({ nodes: [first] }) => {
          // The text says what is left; nothing is taken away here.
          if (first !== undefined) onRemove(first.data.step.path);
          return Promise.resolve(false);
        },
        onConnect: ({ source, target }) => onConnect(source, target),
      }}
    />
  );
}

function edgeOf({ from, to, ways }: DrawnLine, coverage: Coverage | undefined): Edge {
  const label = ways
    .map(({ kind, label: said }) => (kind === 'fail' ? `✗ ${said}` : said))
    .filter((said) => said !== '')
    .join(' | ');
  const taken = ways.filter(({ name }) => coverage?.taken.has(name) === true).length;
  const state = coverage === undefined ? 'plain' : taken === ways.length ? 'taken' : taken > 0 ? 'partly' : 'open';
  const inks = {
    plain: { stroke: 'var(--mantine-color-dimmed)' },
    taken: { stroke: 'var(--caruso-ready)', strokeWidth: 2 },
    partly: { stroke: 'var(--caruso-waiting)', strokeWidth: 2 },
    open: { stroke: 'var(--caruso-late)', strokeDasharray: '5 4', strokeWidth: 1.5 },
  };
  return {
    id: `${from}>${to}`,
    source: from,
    target: to,
    label: label.length > 44 ? `${label.slice(0, 42)}…` : label,
    focusable: false,
    deletable: false,
    className: `way-${state}`,
    markerEnd: { type: MarkerType.ArrowClosed, color: inks[state].stroke },
    style: inks[state],
  };
}

function StepBox({ data: { step, chosen, here, usage } }: NodeProps<StepNode>): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className="step-box" data-kind={step.kind} data-chosen={chosen} data-here={here}>
      <Handle type="target" position={Position.Top} />
      <div className="one-line">
        <span className="outline-name">{step.kind}</span> <b>{step.id}</b>
      </div>
      <div className="one-line step-said">{step.label}</div>
      {usage !== undefined && (
        <div className="one-line step-usage">
          {t('developer.stepUsage', {
            visits: format.number(usage.visits),
            dropped: format.number(usage.dropped),
            duration: usage.duration === null ? '–' : `${format.number(Math.round(usage.duration / 1000))} s`,
            corrections: format.number(usage.corrections),
          })}
        </div>
      )}
      <Handle type="source" position={Position.Bottom} />
    </div>
  );
}
