import { BusinessObjects, Model } from '@caruso/business-objects/contract';
import { type Fault, formatFault } from '@caruso/declarations';
import { Declarations } from '@caruso/declarations/contract';
import { actingAs, defineComponent, need, systemPrincipal } from '@caruso/service-manager/contract';
import { Journal } from '@caruso/storage-manager/contract';
import { z } from 'zod';
import { type BucketWidth, buckets, parseBucketWidth } from './buckets.js';
import { compileMetrics, type ObjectTypes } from './compile-metrics.js';
import { compileReports, type Report } from './compile-reports.js';
import { compileStrategy, type Strategy } from './compile-strategy.js';
import { Reporting, type ReportTable } from './contract.js';
import { periodInvalid, unknownName } from './errors.js';
import { toCsv, toXlsx } from './export-table.js';
import { readGoals } from './goals.js';
import { readHistory } from './history.js';
import { LiveMonitor } from './live-monitor.js';
import { type Metric, simpleParts } from './metric.js';
import { periodOf } from './period.js';
import { buildTable } from './report-table.js';

/** Most rows of periods in one report. */
const bucketLimit = 2000;

interface Asked {
  report: string;
  from?: string | undefined;
  to?: string | undefined;
  every?: string | undefined;
}

export default defineComponent({
  provides: Reporting,
  version: '1.0.0',
  needs: {
    declarations: need(Declarations, '^1.0'),
    journal: need(Journal, '^1.0'),
    model: need(Model, '^1.0'),
    objects: need(BusinessObjects, '^1.0'),
  },
  config: z.strictObject({}),
  create: ({ needs, clock, log, effect }) => {
    const { declarations, journal, model, objects } = needs;
    const timezone = () => declarations.folder().manifest.timezone;
    let metrics: ReadonlyMap<string, Metric> = new Map();
    let reports: ReadonlyMap<string, Report> = new Map();
    let strategy: Strategy | undefined;
    const monitor = new LiveMonitor({
      journal,
      clock,
      timezone,
      setting: () => ({ now: new Date(clock.now()), timezone: timezone() }),
      // The monitor counts for everybody who may see it, so it counts everything.
      read: async (wanted, span) => {
        const bounds = span === undefined ? undefined : [span.from, span.to];
        const rows = await actingAs(systemPrincipal, () => readHistory(objects, wanted, [], bounds));
        return rows[0]?.totals ?? new Map();
      },
    });

    const load = () => {
      const types = model.expressionTypes() as ObjectTypes;
      const computed = new Map(
        model
          .describe()
          .map((object) => [
            object.name,
            new Set(
              object.attributes
                .filter(
                  (each) =>
                    each.formula !== undefined || (each.readOnly && each.type !== 'reference' && !object.readOnly),
                )
                .map((each) => each.name),
            ),
          ]),
      );
      const folder = declarations.folder();
      const compiled = compileMetrics(folder.sources('metrics'), types, computed);
      const built = compileReports(folder.sources('reports'), compiled.metrics, types);
      const aimed = compileStrategy(folder.sources('strategy'), compiled.metrics);
      for (const fault of [...compiled.faults, ...built.faults, ...aimed.faults]) report(fault);
      metrics = compiled.metrics;
      reports = built.reports;
      strategy = aimed.strategy;
      monitor.declare(compiled.metrics, compiled.monitors);
    };
    const report = (fault: Fault) => log.error({ fault: formatFault(fault) }, 'a metric, report or goal has a fault');

    const run = async ({
      report: name,
      from,
      to,
      every,
    }: Asked): Promise<{ table: ReportTable; width: BucketWidth }> => {
      const declared = reports.get(name);
      if (declared === undefined) throw unknownName('report', name, [...reports.keys()]);
      const zone = timezone();
      const own = periodOf(declared.of, clock.now(), zone);
      const width = every === undefined ? declared.every : parseBucketWidth(every);
      if (width === undefined) throw periodInvalid(name, `'${every}' is not the width of a period`);
      const period = { from: from ?? own.from, to: to ?? own.to };
      if (period.to <= period.from)
        throw periodInvalid(name, `it begins on ${period.from} and ends before ${period.to}`);
      const bounds = buckets(period.from, period.to, width, zone, bucketLimit);
      if (bounds === undefined) throw periodInvalid(name, `it would have more than ${bucketLimit} periods`);
      const parts = [...new Set(declared.metrics.flatMap((each) => simpleParts(metrics.get(each) as Metric, metrics)))];
      const rows = await readHistory(objects, parts, declared.by, bounds);
      const labels = new Map(
        model
          .describe()
          .find((each) => each.name === parts[0]?.object)
          ?.attributes.map((each) => [each.name, each.label]),
      );
      return { table: buildTable(declared, rows, bounds, metrics, zone, labels), width };
    };

    return {
      started: () => {
        effect('monitor', () => monitor.stop());
        // Not at a change of the declarations: the model of before would not know what is new in both.
        effect('model listener', model.onChange(load));
        load();
      },
      handlers: {
        monitor: async ({ monitor: name }) => {
          const declared = name === undefined ? [...monitor.monitors.values()][0] : monitor.monitors.get(name);
          if (declared === undefined)
            throw unknownName('monitor', name ?? 'status monitor', [...monitor.monitors.keys()]);
          return {
            monitor: declared.name,
            label: declared.label,
            at: new Date(clock.now()).toISOString(),
            figures: await monitor.figures(declared),
          };
        },
        goals: async () => ({
          strategy: strategy?.strategy ?? null,
          at: new Date(clock.now()).toISOString(),
          goals: strategy === undefined ? [] : await readGoals(strategy, metrics, objects, clock.now(), timezone()),
        }),
        reports: () => ({
          reports: [...reports.values()].map((each) => ({
            report: each.name,
            label: each.label,
            description: each.description,
            every: each.everyText,
            ...periodOf(each.of, clock.now(), timezone()),
          })),
        }),
        run: async (asked) => (await run(asked)).table,
        export: async ({ format, ...asked }) => {
          const { table, width } = await run(asked);
          const withTime = width.unit === 'minutes' || width.unit === 'hours';
          const fileName = `${table.report}-${table.from.slice(0, 10)}.${format}`;
          if (format === 'csv')
            return {
              fileName,
              contentType: 'text/csv; charset=utf-8',
              base64: Buffer.from(toCsv(table, withTime)).toString('base64'),
            };
          const contentType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
          return { fileName, contentType, base64: (await toXlsx(table, withTime)).toString('base64') };
        },
      },
      inspect: () => ({
        metrics: metrics.size,
        goals: strategy?.goals.length ?? 0,
        reports: [...reports.keys()],
        monitors: [...monitor.monitors.keys()],
      }),
    };
  },
});
