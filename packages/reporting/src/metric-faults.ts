import type { Fault, Position } from '@caruso/declarations';
import { didYouMean } from '@caruso/expressions';
import { type Metric, simpleParts } from './metric.js';

/** A name that nothing has, with the nearest one that something has. */
export function unknown(position: Position, what: string, name: string, known: readonly string[]): Fault {
  const remedy = didYouMean(name, known, `known are ${known.slice(0, 12).join(', ')}`);
  return {
    ...position,
    code: `${what.toUpperCase()}_UNKNOWN`,
    message: `the ${what} '${name}' does not exist`,
    remedy,
    severity: 'error',
  };
}

/** Why a metric cannot be measured over a period: it does not exist, or a part of it has no time. */
export function periodFaults(name: string, position: Position, metrics: ReadonlyMap<string, Metric>): Fault[] {
  const metric = metrics.get(name);
  if (metric === undefined) return [unknown(position, 'metric', name, [...metrics.keys()])];
  return simpleParts(metric, metrics)
    .filter((part) => part.at === undefined)
    .map((part) => ({
      ...position,
      code: 'METRIC_WITHOUT_TIME',
      message: `'${part.name}' says how it is now, so it has no periods`,
      remedy: "give the metric 'at:', or take another",
      severity: 'error',
    }));
}
