import type { ServiceNode } from '@caruso/service-manager/contract';
import { Text } from '@mantine/core';
import { type Edge, Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { type ReactElement, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { arrow, Drawing, still } from '../ui/Drawing.js';
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
    ...still,
    ariaLabel: t('services.boxLabel', {
      name: box.id,
      state: t(`services.states.${box.service.state}`),
      dependents: dependentsOf(services, box.service.name).join(', ') || t('services.nobody'),
    }),
  }));
  const edges = lines.map(({ id, from, to, optional }): Edge => {
    const look = arrow(chosen === from || chosen === to);
    const style = optional ? { ...look.style, strokeDasharray: '5 4' } : look.style;
    return { ...look, id, source: from, target: to, ...(style === undefined ? {} : { style }) };
  });
  return (
    <Drawing
      label={t('services.graph')}
      className="sheet service-graph"
      nodes={nodes}
      edges={edges}
      kinds={kinds}
      smallest={0.2}
      onChoose={onChoose}
    />
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
