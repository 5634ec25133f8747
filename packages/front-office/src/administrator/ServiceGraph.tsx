import '@xyflow/react/dist/style.css';
import type { ServiceNode } from '@caruso/service-manager/contract';
import { Text } from '@mantine/core';
import {
  Background,
  Controls,
  type Edge,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from '@xyflow/react';
import { type ReactElement, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { StateBadge, serviceTones } from '../ui/StateBadge.js';
import { type Box, boxSize, drawing } from './service-graph.js';
import { dependentsOf } from './service-links.js';

type Role = 'chosen' | 'needed' | 'dependent' | 'other' | 'plain';
type BoxNode = Node<{ box: Box; role: Role }, 'service'>;

const kinds = { service: ServiceBox };

interface Props {
  services: ServiceNode[];
  chosen: string | null;
  onChoose: (id: string) => void;
}

/** What depends on what: each component above those it needs. Enter on a box opens it. */
export function ServiceGraph({ services, chosen, onChoose }: Props): ReactElement {
  const { t } = useTranslation();
  const { boxes, lines } = useMemo(() => drawing(services), [services]);
  const nodes: BoxNode[] = boxes.map((box) => ({
    id: box.id,
    type: 'service',
    position: { x: box.x, y: box.y },
    ...boxSize,
    data: { box, role: roleOf(box.id, chosen, services) },
    draggable: false,
    connectable: false,
    deletable: false,
    ariaLabel: t('services.boxLabel', {
      name: box.id,
      state: t(`services.states.${box.service.state}`),
      dependents: dependentsOf(services, box.service.name).join(', ') || t('services.nobody'),
    }),
  }));
  const edges: Edge[] = lines.map(({ id, from, to, optional }) => ({
    id,
    source: from,
    target: to,
    focusable: false,
    deletable: false,
    markerEnd: { type: MarkerType.ArrowClosed },
    style: {
      ...(optional ? { strokeDasharray: '5 4' } : {}),
      ...(chosen === from || chosen === to ? { stroke: 'var(--mantine-primary-color-filled)', strokeWidth: 2 } : {}),
    },
  }));
  return (
    <section className="sheet service-graph" aria-label={t('services.graph')}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={kinds}
        fitView
        // On a telephone a part that can be read is better than a whole that cannot.
        fitViewOptions={{ minZoom: 0.5 }}
        minZoom={0.2}
        maxZoom={1.5}
        nodesConnectable={false}
        edgesFocusable={false}
        onNodeClick={(_, { id }) => onChoose(id)}
        onNodesChange={(changes) => {
          // Enter and the space bar select the box that has the focus.
          for (const change of changes) if (change.type === 'select' && change.selected) onChoose(change.id);
        }}
        ariaLabelConfig={{
          'controls.ariaLabel': t('services.view'),
          'controls.zoomIn.ariaLabel': t('services.zoomIn'),
          'controls.zoomOut.ariaLabel': t('services.zoomOut'),
          'controls.fitView.ariaLabel': t('services.fit'),
          'node.a11yDescription.default': t('services.boxKeys'),
          'node.a11yDescription.keyboardDisabled': t('services.boxKeys'),
        }}
        proOptions={{ hideAttribution: true }}
      >
        <Background gap={24} />
        <Controls showInteractive={false} fitViewOptions={{ minZoom: 0.2 }} />
      </ReactFlow>
    </section>
  );
}

function roleOf(id: string, chosen: string | null, services: readonly ServiceNode[]): Role {
  if (chosen === null) return 'plain';
  if (id === chosen) return 'chosen';
  const [name = chosen] = chosen.split('@');
  if (dependentsOf(services, name).includes(id)) return 'dependent';
  const own = services.find((service) => service.name === name);
  return own?.needs.some(({ provider }) => provider === id) === true ? 'needed' : 'other';
}

function ServiceBox({ data: { box, role } }: NodeProps<BoxNode>): ReactElement {
  const { t } = useTranslation();
  const { state, version } = box.service;
  return (
    <div className="service-box" data-tone={serviceTones[state]} data-role={role}>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <Text size="sm" fw={600} className="one-line">
        {box.id}
      </Text>
      <div className="small one-line">
        {version} <StateBadge tone={serviceTones[state]}>{t(`services.states.${state}`)}</StateBadge>
      </div>
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </div>
  );
}
