import { type Fault, type Locate, type Path, readYaml, type Source } from '@caruso/declarations';
import { childrenOf, compile, type Expression, type Node, type Schema, type ValueType } from '@caruso/expressions';
import type { Metric, SimpleMetric, UnitName } from './metric.js';
import { unknown } from './metric-faults.js';
import { type MetricFile, type MetricsFile, MetricsFileSchema } from './metrics-file.js';
import { type Target, targetOf } from './target.js';

export type ObjectTypes = Record<string, Record<string, ValueType>>;

/** A row of figures of the status monitor. */
export interface Monitor {
  name: string;
  label: string;
  figures: {
    metric: string;
    label: string;
    period: 'now' | 'today';
    target: Target | null;
  }[];
}

export interface CompiledMetrics {
  metrics: Map<string, Metric>;
  monitors: Map<string, Monitor>;
  faults: Fault[];
}

/**
 * Compiles metrics.yaml. `computed` names the attributes of each object that are computed when read, which changes of rows do not show.
 * A metric with a fault is left out.
 */
export function compileMetrics(
  sources: readonly Source[],
  objects: ObjectTypes,
  computed: ReadonlyMap<string, ReadonlySet<string>>,
): CompiledMetrics {
  const compiled: CompiledMetrics = { metrics: new Map(), monitors: new Map(), faults: [] };
  const read = readYaml(sources, MetricsFileSchema);
  compiled.faults.push(...read.faults);
  if (read.value === undefined) return compiled;
  for (const [name, file] of Object.entries(read.value.metrics)) {
    const metric = compileMetric(name, file, read.value, read.locate, objects, computed, compiled.faults);
    if (metric !== undefined) compiled.metrics.set(name, metric);
  }
  for (const [name, file] of Object.entries(read.value.monitors)) {
    const figures = file.figures.flatMap((figure, index) => {
      const path = ['monitors', name, 'figures', index, 'metric'];
      const metric = compiled.metrics.get(figure.metric);
      if (metric === undefined) {
        if (read.value?.metrics[figure.metric] === undefined)
          compiled.faults.push(
            unknown(read.locate(path), 'metric', figure.metric, Object.keys(read.value?.metrics ?? {})),
          );
        return [];
      }
      return [
        {
          metric: figure.metric,
          label: figure.label ?? metric.label,
          period: figure.period,
          target: targetOf(figure),
        },
      ];
    });
    compiled.monitors.set(name, { name, label: file.label ?? name, figures });
  }
  return compiled;
}

function compileMetric(
  name: string,
  file: MetricFile,
  all: MetricsFile,
  locate: Locate,
  objects: ObjectTypes,
  computed: ReadonlyMap<string, ReadonlySet<string>>,
  faults: Fault[],
): Metric | undefined {
  const label = file.label ?? name;
  if (file.share !== undefined) return compileRatio(name, label, file, all, locate, faults);

  const before = faults.length;
  const object = file.count ?? file.of ?? '';
  const attributes = objects[object];
  if (attributes === undefined) {
    faults.push(
      unknown(
        locate(['metrics', name, file.count === undefined ? 'of' : 'count']),
        'object',
        object,
        Object.keys(objects),
      ),
    );
    return undefined;
  }
  if (file.at !== undefined && attributes[file.at] !== 'datetime') {
    const times = Object.keys(attributes).filter((each) => attributes[each] === 'datetime');
    const position = locate(['metrics', name, 'at']);
    if (attributes[file.at] === undefined) faults.push(unknown(position, 'time', file.at, times));
    else
      faults.push({
        ...position,
        code: 'METRIC_TIME',
        message: `'${file.at}' of ${object} is not a date with a time`,
        remedy: `take one of ${times.join(', ')}`,
        severity: 'error',
      });
  }
  const schema: Schema = { variables: attributes, objects };
  const expression = (source: string | undefined, key: string, expects?: ValueType): Expression | undefined => {
    if (source === undefined) return undefined;
    const result = compile(source, schema, expects === undefined ? {} : { expects });
    if (result.ok) return result.expression;
    const path: Path = ['metrics', name, key];
    faults.push(
      ...result.faults.map((fault) => ({
        ...locate.within(path, fault.offset),
        code: fault.code,
        message: fault.message,
        remedy: fault.remedy,
        severity: 'error' as const,
      })),
    );
    return undefined;
  };
  const where = expression(file.where, 'where', 'boolean');
  const measure = file.count !== undefined ? 'count' : file.sum === undefined ? 'average' : 'sum';
  const of = expression(file.sum ?? file.average, measure);
  if (of !== undefined && !numeric(of.type)) {
    faults.push({
      ...locate(['metrics', name, measure]),
      code: 'METRIC_NOT_A_NUMBER',
      message: `'${of.source}' cannot be added up`,
      remedy: 'take a number, a decimal or a span of time; of money its .amount',
      severity: 'error',
    });
  }
  if (faults.length > before) return undefined;
  const hidden = computed.get(object) ?? new Set<string>();
  const parts = [where, of].filter((part) => part !== undefined);
  const incremental = parts.every(
    (part) => !readsClock(part.tree) && part.dependencies.every((path) => !path.includes('.') && !hidden.has(path)),
  );
  return {
    kind: 'simple',
    name,
    label,
    unit: file.unit ?? unitOf(measure, of),
    measure,
    object,
    at: file.at,
    where,
    of,
    incremental,
  } satisfies SimpleMetric;
}

function compileRatio(
  name: string,
  label: string,
  file: MetricFile,
  all: MetricsFile,
  locate: Locate,
  faults: Fault[],
): Metric | undefined {
  const before = faults.length;
  for (const key of ['share', 'of'] as const) {
    const part = file[key] ?? '';
    const position = locate(['metrics', name, key]);
    if (all.metrics[part] === undefined) faults.push(unknown(position, 'metric', part, Object.keys(all.metrics)));
    else if (all.metrics[part].share !== undefined) {
      faults.push({
        ...position,
        code: 'METRIC_OF_SHARE',
        message: `'${part}' is a share itself, and shares cannot be added up`,
        remedy: 'take a count or a sum',
        severity: 'error',
      });
    }
  }
  if (faults.length > before) return undefined;
  return {
    kind: 'ratio',
    name,
    label,
    unit: file.unit ?? 'share',
    numerator: file.share ?? '',
    denominator: file.of ?? '',
  };
}

function unitOf(measure: SimpleMetric['measure'], of: Expression | undefined): UnitName {
  if (measure === 'count') return 'count';
  return of?.type === 'duration' ? 'duration' : 'number';
}

function numeric(type: ValueType): boolean {
  return type === 'integer' || type === 'decimal' || type === 'number' || type === 'duration';
}

function readsClock(node: Node): boolean {
  if (node.kind === 'call' && (node.name === 'now' || node.name === 'today')) return true;
  return childrenOf(node).some(readsClock);
}
