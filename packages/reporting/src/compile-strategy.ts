import { type Fault, readYaml, type Source } from '@caruso/declarations';
import type { Metric } from './metric.js';
import { periodFaults } from './metric-faults.js';
import { StrategyFileSchema } from './strategy-file.js';
import { type Target, targetOf } from './target.js';

/** The customer strategy, checked: every goal's metric can be measured over a period. */
export interface Strategy {
  /** In a sentence. */
  strategy: string;
  goals: { metric: string; target: Target | null; per: 'day' | 'week' | 'month'; why: string }[];
}

/** Compiles strategy.yaml; a goal with a fault is left out. Undefined where there is none, or nothing of it can be read. */
export function compileStrategy(
  sources: readonly Source[],
  metrics: ReadonlyMap<string, Metric>,
): { strategy: Strategy | undefined; faults: Fault[] } {
  if (sources.length === 0) return { strategy: undefined, faults: [] };
  const { value: file, locate, faults } = readYaml(sources, StrategyFileSchema);
  if (file === undefined) return { strategy: undefined, faults };
  const found: Fault[] = [...faults];
  const goals = file.goals.flatMap((goal, index) => {
    const wrong = periodFaults(goal.metric, locate(['goals', index, 'metric']), metrics);
    found.push(...wrong);
    return wrong.length > 0 ? [] : [{ metric: goal.metric, target: targetOf(goal), per: goal.per, why: goal.why }];
  });
  return { strategy: { strategy: file.strategy, goals }, faults: found };
}
