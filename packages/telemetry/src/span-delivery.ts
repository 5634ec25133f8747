import type { Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type ReadableSpan,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Delivery } from './contract.js';
import { messageOf } from './errors.js';

/** Spans that may wait for the collector; those that end while so many wait are lost. */
const QUEUE = 8192;
/** Milliseconds for one delivery with its repetitions; shorter than a disposer may take. */
const PATIENCE = 4_000;

export interface SpanDeliveryOptions {
  /** OTLP/HTTP endpoint, with or without `/v1/traces`. */
  url: string;
  headers: Readonly<Record<string, string>>;
  sample: number;
  /** Milliseconds between deliveries. */
  every: number;
  /** What the spans speak of: `service.name` and the like. */
  resource: Readonly<Record<string, string | number>>;
  /** Told when deliveries begin to fail, with the reason, and when they succeed again, with null. */
  onTurn: (trouble: string | null) => void;
}

/** Sends spans in batches to a collector over OTLP/HTTP, and knows how that fares. */
export class SpanDelivery {
  readonly tracer: Tracer;
  #ended = 0;
  readonly #provider: TracerProvider;
  readonly #exporter: CountingExporter;

  constructor(options: SpanDeliveryOptions) {
    this.#exporter = new CountingExporter(tracesUrl(options.url), options);
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes(options.resource),
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(options.sample) }),
      spanProcessors: [
        new BatchSpanProcessor({
          exporter: this.#exporter,
          maxQueueSize: QUEUE,
          scheduledDelayMillis: options.every,
          exportTimeoutMillis: PATIENCE + 1_000,
        }),
      ],
    });
    this.tracer = this.#provider.getTracer('@caruso/telemetry');
  }

  /** A span was ended. */
  readonly count = (): void => {
    this.#ended++;
  };

  inspect(): Delivery {
    const { url, sent, lost, trouble } = this.#exporter;
    return { url, ended: this.#ended, sent, lost, trouble };
  }

  /** Delivers what waits; what cannot be delivered is counted as lost. */
  async flush(): Promise<void> {
    await this.#provider.forceFlush().catch(() => {});
  }

  async close(): Promise<void> {
    await this.#provider.shutdown().catch(() => {});
  }
}

type Outcome = Parameters<Parameters<SpanExporter['export']>[1]>[0];

/** The exporter of OpenTelemetry, counting what becomes of the spans: by itself it fails in silence. */
class CountingExporter implements SpanExporter {
  sent = 0;
  lost = 0;
  trouble: string | null = null;
  readonly #exporter: OTLPTraceExporter;

  constructor(
    readonly url: string,
    private readonly options: Pick<SpanDeliveryOptions, 'headers' | 'onTurn'>,
  ) {
    this.#exporter = new OTLPTraceExporter({
      url,
      headers: { ...options.headers },
      timeoutMillis: PATIENCE,
      // A connection kept open would outlive this generation.
      keepAlive: false,
    });
  }

  export(spans: ReadableSpan[], told: (outcome: Outcome) => void): void {
    this.#exporter.export(spans, (outcome) => {
      const failed = outcome.code !== 0;
      if (failed) this.lost += spans.length;
      else this.sent += spans.length;
      this.#turn(failed ? messageOf(outcome.error) : null);
      told(outcome);
    });
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }

  forceFlush(): Promise<void> {
    return this.#exporter.forceFlush();
  }

  #turn(trouble: string | null): void {
    const turned = (trouble === null) !== (this.trouble === null);
    this.trouble = trouble;
    if (turned) this.options.onTurn(trouble);
  }
}

function tracesUrl(url: string): string {
  const base = url.replace(/\/+$/, '');
  return base.endsWith('/v1/traces') ? base : `${base}/v1/traces`;
}
