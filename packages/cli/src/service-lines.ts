import type { ChangeReport, ServiceNode } from '@caruso/service-manager/contract';
import { table } from './addresses.js';

/** What runs, a component to a line; why one waits, is ill or is watched stands below it. Pure. */
export function serviceLines(nodes: readonly ServiceNode[]): string[] {
  const remote = nodes.some((node) => node.node !== undefined);
  const head = ['name', 'version', 'state', 'calls', 'failed', 'p50', 'p95', ...(remote ? ['node'] : [])];
  const rows = nodes.map(({ name, version, state, calls, node }) => [
    name,
    version,
    state,
    String(calls.total),
    String(calls.failed),
    milliseconds(calls.p50),
    milliseconds(calls.p95),
    ...(remote ? [node ?? 'here'] : []),
  ]);
  const [first = '', ...lines] = table([head, ...rows]);
  return [
    first,
    ...nodes.flatMap((node, index) => [lines[index] ?? '', ...remarks(node).map((each) => `    ${each}`)]),
  ];
}

function remarks({ reason, circuit, probation, former, leaks = [] }: ServiceNode): string[] {
  const watched = `on probation until ${probation}; goes back to ${former ?? 'the former one'} by itself should it do worse`;
  return [
    ...(reason === undefined ? [] : [reason]),
    ...(circuit === undefined ? [] : [`circuit ${circuit}`]),
    ...(probation === undefined ? [] : [watched]),
    ...leaks.map((leak) => `leaks ${leak}`),
  ];
}

function milliseconds(value: number | null): string {
  return value === null ? '-' : `${value.toFixed(1)} ms`;
}

/** What came of a change. Pure. */
export function changeLines(report: ChangeReport): string[] {
  const { name, from, to, generation, state, reason, restarted, handedOver, parked, complete } = report;
  return [
    `${name}: ${from} -> ${to}, generation ${generation} is ${state}${reason === undefined ? '' : ` (${reason})`}, ${callsOf(report)}`,
    ...(handedOver ? [`  its state was handed over; ${parked} calls waited for it`] : []),
    ...restarted.map(
      (each) => `  ${each.name} was restarted with it${each.error === undefined ? '' : `: ${each.error}`}`,
    ),
    ...(complete ? [] : ['  the former generation still finishes its calls']),
  ];
}

/** What became of the calls under way. Pure. */
export function callsOf({ drained, abandoned }: Pick<ChangeReport, 'drained' | 'abandoned'>): string {
  return abandoned > 0 ? `${drained} calls finished, ${abandoned} given up` : 'no call was lost';
}
