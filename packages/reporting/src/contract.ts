import { defineContract } from '@caruso/service-manager/contract';
import { z } from 'zod';

/** How a figure is written: a count, a share between 0 and 1, milliseconds, an amount. */
export const Unit = z.enum(['count', 'share', 'duration', 'number', 'money']);

export const Figure = z.object({
  metric: z.string(),
  label: z.string(),
  unit: Unit,
  /** Null: unknown, there was nothing to measure. */
  value: z.number().nullable(),
  target: z.object({ atLeast: z.number().optional(), atMost: z.number().optional() }).nullable(),
  /** Against the target; `unknown` without value or target. */
  status: z.enum(['good', 'bad', 'unknown']),
  /** What it covers. */
  period: z.enum(['now', 'today']),
});
export type Figure = z.infer<typeof Figure>;

/** A goal of the strategy, and how it stands in the running period. */
export const Goal = Figure.omit({ period: true }).extend({
  /** The rhythm: it holds for each day, week or month. */
  per: z.enum(['day', 'week', 'month']),
  /** Local days of the running period, `to` exclusive. */
  from: z.string(),
  to: z.string(),
  why: z.string(),
});
export type Goal = z.infer<typeof Goal>;

export const ReportTable = z.object({
  report: z.string(),
  label: z.string(),
  /** Half-open [from, to), ISO UTC. */
  from: z.string(),
  to: z.string(),
  timezone: z.string(),
  columns: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      kind: z.enum(['period', 'dimension', 'metric']),
      unit: Unit.optional(),
    }),
  ),
  rows: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()]))),
  /** Ratios over all rows are sums over sums, never averages of averages. */
  totals: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  chart: z.object({ kind: z.enum(['line', 'bar']), metrics: z.array(z.string()) }).nullable(),
});
export type ReportTable = z.infer<typeof ReportTable>;

const floor = ['supervisor', 'administrator'] as const;
const Period = z.object({
  report: z.string(),
  /** Local dates in the front office's time zone, `to` exclusive; absent: the report's own period. */
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  /** Bucket: `15m`, `1h`, `1d`, `1w`, `1mo`. */
  every: z.string().optional(),
});

export const Reporting = defineContract({
  id: 'reporting',
  version: '1.0.0',
  methods: {
    monitor: {
      summary: 'The live figures of the status monitor against their targets',
      input: z.object({ monitor: z.string().optional() }),
      output: z.object({ monitor: z.string(), label: z.string(), at: z.string(), figures: z.array(Figure) }),
      idempotent: true,
      allow: floor,
    },
    goals: {
      summary: "The strategy's goals, each with its metric's value so far in the running day, week or month",
      input: z.object({}),
      /** Without strategy.yaml: null and no goals. */
      output: z.object({ strategy: z.string().nullable(), at: z.string(), goals: z.array(Goal) }),
      idempotent: true,
      allow: floor,
    },
    reports: {
      summary: 'The reports that can be run',
      input: z.object({}),
      output: z.object({
        reports: z.array(
          z.object({
            report: z.string(),
            label: z.string(),
            description: z.string(),
            every: z.string(),
            from: z.string(),
            to: z.string(),
          }),
        ),
      }),
      idempotent: true,
      allow: floor,
    },
    run: {
      summary: 'Runs a report for a period',
      input: Period,
      output: ReportTable,
      idempotent: true,
      allow: floor,
    },
    export: {
      summary: 'A report as CSV or XLSX',
      input: Period.extend({ format: z.enum(['csv', 'xlsx']) }),
      output: z.object({ fileName: z.string(), contentType: z.string(), base64: z.string() }),
      idempotent: true,
      allow: floor,
    },
  },
});
