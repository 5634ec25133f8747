import type { Need } from './component-definition.js';
import { messageOf } from './errors.js';
import type { ForeignProvider } from './foreign-provider.js';
import { needFact, type Registration } from './registration.js';
import type { Routing } from './routing.js';
import type { ServiceNode } from './services.js';

/** One registration as the service tree shows it: plain data. */
export function serviceNode(registration: Registration, routing: Routing): ServiceNode {
  const { name, component, generation, state, reason, since, source, statistics } = registration;
  const details = detailsOf(registration);
  const former = registration.former.at(-1);
  return {
    name,
    provides: registration.offers.map((offer) => ({ ...offer })),
    version: component.version,
    generation: generation?.number ?? registration.generations,
    state,
    ...(reason === undefined ? {} : { reason }),
    since: new Date(since).toISOString(),
    needs: Object.entries(registration.allNeeds).map(([key, need]: [string, Need]) => ({
      name: key,
      contract: need.contract.id,
      range: need.range,
      optional: need.optional,
      provider: routing.answering(needFact(need), name)?.name ?? null,
    })),
    calls: statistics.snapshot(),
    effects: generation?.effects ?? [],
    ...(source === undefined ? {} : { source }),
    replacements: registration.replacements.map((r) => ({ ...r })),
    ...(generation?.circuit.state === undefined ? {} : { circuit: generation.circuit.state }),
    ...(registration.probation === undefined ? {} : { probation: new Date(registration.probation).toISOString() }),
    ...(former === undefined ? {} : { former: former.component.version }),
    ...(registration.leaks.length === 0 ? {} : { leaks: [...registration.leaks] }),
    ...(details === undefined ? {} : { details }),
  };
}

/** A provider on another node, as far as that node tells of it. */
export function foreignNode(provider: ForeignProvider): ServiceNode {
  const { name, node, remote, offers, state, reason, circuit } = provider;
  return {
    name,
    node,
    provides: offers.map((offer) => ({ ...offer })),
    version: remote.version,
    generation: remote.generation,
    state,
    ...(reason === undefined ? {} : { reason }),
    since: new Date(remote.since).toISOString(),
    needs: [],
    calls: remote.calls,
    effects: [],
    replacements: [],
    ...(circuit.state === undefined ? {} : { circuit: circuit.state }),
  };
}

function detailsOf({ generation }: Registration): unknown {
  try {
    return generation?.instance?.inspect?.();
  } catch (error) {
    // One component that cannot describe itself must not hide the others.
    return { error: messageOf(error) };
  }
}

/**
 * The service tree as text, a component to a paragraph.
 *
 * @example
 * billing  1.2.3  active  (generation 2, since 2026-01-05T08:00:00.000Z)
 *   provides billing 1.2.0
 *   needs    objects: business-objects ^1.0 <- objects
 *   calls    12, 0 failed, 0 in flight, p50 1.2 ms, p95 4.0 ms
 *   effects  connection to FAKTUUR
 */
export function formatTree(nodes: readonly ServiceNode[]): string {
  return nodes.map(paragraph).join('\n\n');
}

function paragraph(node: ServiceNode): string {
  const where = node.node === undefined ? '' : ` on ${node.node}`;
  const lines = [
    `${node.name}${where}  ${node.version}  ${node.state}  (generation ${node.generation}, since ${node.since})`,
  ];
  if (node.reason !== undefined) lines.push(`  because  ${node.reason}`);
  if (node.circuit === 'half-open') lines.push('  circuit  half-open: the next call shows whether it answers');
  if (node.probation !== undefined) lines.push(`  watched  until ${node.probation}, rolled back should it do worse`);
  if (node.source !== undefined) lines.push(`  from     ${node.source}`);
  if (node.provides.length > 0) {
    lines.push(`  provides ${node.provides.map((p) => `${p.contract} ${p.version}`).join(', ')}`);
  }
  node.needs.forEach((need, i) => {
    const from = need.provider ?? (need.optional ? 'nobody (optional)' : 'nobody');
    lines.push(`  ${i === 0 ? 'needs   ' : '        '} ${need.name}: ${need.contract} ${need.range} <- ${from}`);
  });
  const { total, failed, inFlight, p50, p95 } = node.calls;
  const times = p50 === null || p95 === null ? '' : `, p50 ${p50.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms`;
  if (total > 0) lines.push(`  calls    ${total}, ${failed} failed, ${inFlight} in flight${times}`);
  if (node.effects.length > 0) lines.push(`  effects  ${node.effects.join(', ')}`);
  for (const leak of node.leaks ?? []) lines.push(`  leaks    ${leak}`);
  for (const r of node.replacements) lines.push(`  replaced ${r.at}  ${r.from} -> ${r.to}  ${r.outcome}`);
  return lines.join('\n');
}
