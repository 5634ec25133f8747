import '@xyflow/react/dist/style.css';
import {
  Background,
  Controls,
  type Edge,
  MarkerType,
  type Node,
  type NodeTypes,
  ReactFlow,
  type ReactFlowProps,
} from '@xyflow/react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

interface Props<N extends Node> {
  label: string;
  className: string;
  nodes: N[];
  edges: Edge[];
  /** How each kind of box is drawn. */
  kinds: NodeTypes;
  /** The smallest scale; what fits on a telephone is larger. */
  smallest: number;
  onChoose: (id: string) => void;
  /** What a drawing that is edited does besides. */
  editing?: Partial<ReactFlowProps<N>>;
}

/** A box that is looked at and opened, not moved. */
export const still = { draggable: false, connectable: false, deletable: false } as const;

/** The arrow of a line; it stands out where it leads from or to the chosen box. */
export function arrow(isChosen: boolean): Partial<Edge> {
  return {
    focusable: false,
    deletable: false,
    markerEnd: { type: MarkerType.ArrowClosed },
    style: isChosen ? { stroke: 'var(--mantine-primary-color-filled)', strokeWidth: 2 } : {},
  };
}

/** Boxes and lines between them, by mouse and keyboard: Enter on a box chooses it. */
export function Drawing<N extends Node>(props: Props<N>): ReactElement {
  const { label, className, nodes, edges, kinds, smallest, onChoose, editing } = props;
  const { t } = useTranslation();
  return (
    <section className={className} aria-label={label}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={kinds}
        fitView
        // On a telephone a part that can be read is better than a whole that cannot.
        fitViewOptions={{ minZoom: 0.5, maxZoom: 1 }}
        minZoom={smallest}
        maxZoom={1.5}
        nodesConnectable={editing !== undefined}
        edgesFocusable={false}
        onNodeClick={(_, { id }) => onChoose(id)}
        ariaLabelConfig={{
          'controls.ariaLabel': t('drawing.view'),
          'controls.zoomIn.ariaLabel': t('drawing.zoomIn'),
          'controls.zoomOut.ariaLabel': t('drawing.zoomOut'),
          'controls.fitView.ariaLabel': t('drawing.fit'),
          'node.a11yDescription.default': t('drawing.boxKeys'),
          'node.a11yDescription.keyboardDisabled': t('drawing.boxKeys'),
        }}
        proOptions={{ hideAttribution: true }}
        {...editing}
        onNodesChange={(changes) => {
          editing?.onNodesChange?.(changes);
          // Enter and the space bar select the box that has the focus.
          for (const change of changes) if (change.type === 'select' && change.selected) onChoose(change.id);
        }}
      >
        <Background gap={24} />
        <Controls showInteractive={false} fitViewOptions={{ minZoom: smallest }} />
      </ReactFlow>
    </section>
  );
}
