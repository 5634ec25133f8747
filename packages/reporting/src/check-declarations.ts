import type { Fault } from '@caruso/declarations';
import type { CheckContext } from '@caruso/declarations/contract';
import { compileMetrics } from './compile-metrics.js';
import { compileReports } from './compile-reports.js';

/** What is wrong in metrics.yaml and reports/*.yaml, for `caruso check`. */
export function checkDeclarations({ folder, schema }: CheckContext): Fault[] {
  const objects = schema?.objects ?? {};
  const metrics = compileMetrics(folder.sources('metrics'), objects, new Map());
  return [...metrics.faults, ...compileReports(folder.sources('reports'), metrics.metrics, objects).faults];
}
