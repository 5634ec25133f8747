import { z } from 'zod';

/** An environment variable that is not set leaves an empty text: as if the key were absent. */
const Address = z.preprocess(
  (value) => (value === '' ? undefined : value),
  z.url({ protocol: /^https?$/, error: 'write the address of a collector, such as http://127.0.0.1:4318' }).optional(),
);

/** Configuration of the telemetry component. */
export const TelemetrySettings = z.strictObject({
  /** `service.name` of the traces and the process that the metrics speak of. */
  name: z.string().min(1).max(100).default('caruso'),
  /** Where Prometheus reads; `false`: nowhere. There is no sign-in: keep the address inside. */
  metrics: z
    .union([
      z.literal(false),
      z.strictObject({
        /** 0: any free one. */
        port: z.coerce.number().int().min(0).max(65_535).default(9464),
        host: z.string().min(1).default('127.0.0.1'),
      }),
    ])
    .prefault({}),
  traces: z
    .strictObject({
      /** OTLP/HTTP endpoint of a collector, without `/v1/traces`; absent or empty: no traces. */
      url: Address,
      /** Sent with each delivery, such as `authorization`. */
      headers: z.record(z.string().min(1), z.string()).default({}),
      /** Share of traces kept, from 0 to 1. A call that belongs to a trace from outside follows that one's decision. */
      sample: z.number().min(0).max(1).default(1),
      /** Milliseconds between deliveries. */
      every: z.number().int().min(100).max(60_000).default(5_000),
    })
    .prefault({}),
});
export type TelemetrySettings = z.output<typeof TelemetrySettings>;
