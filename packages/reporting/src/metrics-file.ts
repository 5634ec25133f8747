import { z } from 'zod';
import { Unit } from './contract.js';

const Text = z.string().min(1);
const Shared = { label: Text.optional(), unit: Unit.optional() };
const Simple = { at: Text.optional(), where: Text.optional(), ...Shared };

/** One metric: exactly one of `count`, `sum`, `average` and `share` says what it is. */
const MetricSchema = z
  .strictObject({
    count: Text.optional(),
    sum: Text.optional(),
    average: Text.optional(),
    share: Text.optional(),
    of: Text.optional(),
    ...Simple,
  })
  .check((context) => {
    const { count, sum, average, share, of, at, where } = context.value;
    const issue = (message: string, remedy: string) =>
      context.issues.push({ code: 'custom', input: context.value, message, params: { remedy } });
    if ([count, sum, average, share].filter((kind) => kind !== undefined).length !== 1)
      issue('a metric is one of count, sum, average and share', 'write one of them');
    if (count !== undefined && of !== undefined) issue("a count has no 'of'", 'write count: and the object');
    if (count === undefined && of === undefined)
      issue("'of' is missing", share === undefined ? 'name the object' : 'name the metric it is a share of');
    if (share !== undefined && (at !== undefined || where !== undefined))
      issue('a share has the times and conditions of its two metrics', "take 'at' and 'where' away");
  });
export type MetricFile = z.output<typeof MetricSchema>;

const MonitorFigureSchema = z.strictObject({
  metric: Text,
  period: z.enum(['now', 'today']).default('now'),
  label: Text.optional(),
  'at least': z.number().optional(),
  'at most': z.number().optional(),
});

/** The schema of metrics.yaml. */
export const MetricsFileSchema = z.strictObject({
  metrics: z.record(Text, MetricSchema).default({}),
  monitors: z
    .record(Text, z.strictObject({ label: Text.optional(), figures: z.array(MonitorFigureSchema).min(1).max(30) }))
    .default({}),
});
export type MetricsFile = z.output<typeof MetricsFileSchema>;

/** Periods that a report may have by itself; see `periodOf`. */
export const PeriodName = z.enum([
  'today',
  'yesterday',
  'this week',
  'last 7 days',
  'last 30 days',
  'this month',
  'last month',
]);
export type PeriodName = z.infer<typeof PeriodName>;

/** The schema of reports/*.yaml. */
export const ReportFileSchema = z.strictObject({
  report: z.string().regex(/^[a-z][a-z0-9-]*$/, 'a report is named in lower-case letters, digits and hyphens'),
  label: Text.optional(),
  description: z.string().default(''),
  metrics: z.array(Text).min(1).max(20),
  by: z.array(Text).max(4).default([]),
  period: z.strictObject({ every: Text, of: PeriodName }),
  chart: z
    .strictObject({ line: z.union([Text, z.array(Text)]).optional(), bar: z.union([Text, z.array(Text)]).optional() })
    .check((context) => {
      if ((context.value.line === undefined) !== (context.value.bar === undefined)) return;
      const params = { remedy: 'write line: or bar: and the metrics' };
      context.issues.push({
        code: 'custom',
        input: context.value,
        message: 'a chart is a line or a bar chart',
        params,
      });
    })
    .optional(),
});
