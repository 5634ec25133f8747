import { type Fault, readYaml, type Source } from '@caruso/declarations';
import { type BucketWidth, parseBucketWidth } from './buckets.js';
import type { ObjectTypes } from './compile-metrics.js';
import { type Metric, simpleParts } from './metric.js';
import { periodFaults, unknown } from './metric-faults.js';
import { type PeriodName, ReportFileSchema } from './metrics-file.js';

/** A report, checked: every metric knows a time, and all of them can be split by the same attributes. */
export interface Report {
  name: string;
  label: string;
  description: string;
  metrics: string[];
  by: string[];
  every: BucketWidth;
  everyText: string;
  of: PeriodName;
  chart: { kind: 'line' | 'bar'; metrics: string[] } | null;
}

/** Compiles reports/*.yaml; a report with a fault is left out. */
export function compileReports(
  sources: readonly Source[],
  metrics: ReadonlyMap<string, Metric>,
  objects: ObjectTypes,
): { reports: Map<string, Report>; faults: Fault[] } {
  const reports = new Map<string, Report>();
  const faults: Fault[] = [];
  for (const source of sources) {
    const { draft: file, locate, faults: found } = readYaml(source, ReportFileSchema);
    const before = faults.length;
    faults.push(...found);
    if (file === undefined) continue;
    const kind = file.chart?.bar === undefined ? 'line' : 'bar';
    const charted = [file.chart?.[kind] ?? []].flat();
    for (const [path, names] of [
      [['metrics'], file.metrics],
      [['chart', kind], charted],
    ] as const) {
      names.forEach((name, index) => {
        faults.push(...periodFaults(name, locate([...path, index]), metrics));
        const metric = metrics.get(name);
        for (const part of metric === undefined ? [] : simpleParts(metric, metrics)) {
          const attributes = objects[part.object] ?? {};
          file.by.forEach((by, at) => {
            if (attributes[by] === undefined)
              faults.push(unknown(locate(['by', at]), 'attribute', by, Object.keys(attributes)));
          });
        }
      });
    }
    for (const name of charted.filter((each) => metrics.has(each) && !file.metrics.includes(each))) {
      faults.push({
        ...locate(['chart', kind]),
        code: 'REPORT_CHART_METRIC',
        message: `the chart shows '${name}', which the report does not`,
        remedy: "add it to 'metrics:'",
        severity: 'error',
      });
    }
    const every = parseBucketWidth(file.period.every);
    if (every === undefined) {
      faults.push({
        ...locate(['period', 'every']),
        code: 'REPORT_PERIOD',
        message: `'${file.period.every}' is not the width of a period`,
        remedy: 'write 15m, 30m, 1h, 1d, 1w or 1mo',
        severity: 'error',
      });
    } else if (faults.length === before) {
      reports.set(file.report, {
        name: file.report,
        label: file.label ?? file.report,
        description: file.description,
        metrics: file.metrics,
        by: file.by,
        every,
        everyText: file.period.every,
        of: file.period.of,
        chart: charted.length === 0 ? null : { kind, metrics: charted },
      });
    }
  }
  return { reports, faults };
}
