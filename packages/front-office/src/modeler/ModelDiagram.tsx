import type { Draft, ModelerObject } from '@caruso/modeler/contract';
import { type Edge, Handle, MarkerType, type Node, type NodeProps, Position } from '@xyflow/react';
import { type ReactElement, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { arrow, Drawing, still } from '../ui/Drawing.js';
import { BOX_WIDTH, type Box, drawing, SHOWN } from './model-graph.js';

type BoxNode = Node<{ box: Box; changed: boolean; chosen: boolean }, 'object'>;

const kinds = { object: ObjectBox };

interface Props {
  objects: ModelerObject[];
  drafts: Draft[];
  chosen: string | null;
  onChoose: (name: string) => void;
}

/** The objects and what refers to what. Enter on a box opens it. */
export function ModelDiagram({ objects, drafts, chosen, onChoose }: Props): ReactElement {
  const { t } = useTranslation('modeler');
  const { boxes, lines } = useMemo(() => drawing(objects), [objects]);
  const nodes: BoxNode[] = boxes.map((box) => ({
    id: box.object.name,
    type: 'object',
    position: { x: box.x, y: box.y },
    width: BOX_WIDTH,
    height: box.height,
    data: {
      box,
      changed: drafts.some(({ name }) => name === box.object.file),
      chosen: box.object.name === chosen,
    },
    ...still,
    ariaLabel: [
      t('boxLabel', {
        name: box.object.name,
        count: box.object.attributes.length,
        to:
          lines
            .filter(({ from, many }) => !many && from === box.object.name)
            .map(({ to }) => to)
            .join(', ') || t('nothing'),
      }),
      ...lines
        .filter(({ from, to, many }) => many && (from === box.object.name || to === box.object.name))
        .map(({ from, to }) => t('linkedWith', { to: from === box.object.name ? to : from })),
    ].join('; '),
  }));
  const edges: Edge[] = lines.map(({ id, from, to, label, many }) => ({
    id,
    source: from,
    target: to,
    label: chosen === from || chosen === to ? label : '',
    ...arrow(chosen === from || chosen === to),
    // Both directions, and no reference: the links are elsewhere.
    ...(many ? { markerStart: { type: MarkerType.ArrowClosed }, className: 'model-links' } : {}),
  }));
  return (
    <Drawing
      label={t('diagram')}
      className="sheet model-diagram"
      nodes={nodes}
      edges={edges}
      kinds={kinds}
      smallest={0.1}
      onChoose={onChoose}
    />
  );
}

function ObjectBox({ data: { box, changed, chosen } }: NodeProps<BoxNode>): ReactElement {
  const { t } = useTranslation('modeler');
  const { name, attributes } = box.object;
  return (
    <div className="model-box" data-changed={changed} data-chosen={chosen} style={{ height: box.height }}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <div className="model-box-name one-line">{name}</div>
      {attributes.slice(0, SHOWN).map(({ name: attribute, body }) => (
        <div key={attribute} className="model-box-line">
          <span className="one-line">{attribute}</span>
          <span className="one-line small">{String(body['to'] ?? body['type'] ?? '=')}</span>
        </div>
      ))}
      {attributes.length > SHOWN && (
        <div className="model-box-line small">{t('moreObjects', { count: attributes.length - SHOWN })}</div>
      )}
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
}
