import type { Fault } from '@caruso/declarations';
import type { CheckContext } from '@caruso/declarations/contract';
import { compileMetrics } from './compile-metrics.js';
import { compileReports } from './compile-reports.js';
import { compileStrategy } from './compile-strategy.js';

/** What is wrong in metrics.yaml, reports/*.yaml and strategy.yaml, for `caruso check`. */
export function checkDeclarations({ folder, schema }: CheckContext): Fault[] {
  const objects = schema?.objects ?? {};
  const { metrics, faults } = compileMetrics(folder.sources('metrics'), objects, new Map());
  return [
    ...faults,
    ...compileReports(folder.sources('reports'), metrics, objects).faults,
    ...compileStrategy(folder.sources('strategy'), metrics).faults,
  ];
}
