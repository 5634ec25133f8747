import { hostname } from 'node:os';
import { defineComponent } from '@caruso/service-manager/contract';
import { Registry } from 'prom-client';
import { callMetrics } from './call-metrics.js';
import { callTraces } from './call-traces.js';
import { Telemetry } from './contract.js';
import { MetricsServer } from './metrics-server.js';
import { processMetrics } from './process-metrics.js';
import { serviceMetrics } from './service-metrics.js';
import { TelemetrySettings } from './settings.js';
import { SpanDelivery } from './span-delivery.js';
import { SteadyTime } from './steady-time.js';

/** Traces and metrics of every call between services. Without it nobody watches, and calls cost nothing more. */
export default defineComponent({
  provides: Telemetry,
  version: '1.0.0',
  needs: {},
  config: TelemetrySettings,
  create({ config: settings, services, clock, effect, log }) {
    const { metrics, traces } = settings;
    const server =
      metrics === false
        ? undefined
        : { ...metrics, registry: new Registry(), http: undefined as MetricsServer | undefined };
    let delivery: SpanDelivery | undefined;
    const { url } = traces;
    if (url !== undefined) {
      delivery = new SpanDelivery({
        ...traces,
        url,
        resource: { 'service.name': settings.name, 'host.name': hostname(), 'process.pid': process.pid },
        onTurn: (trouble) =>
          trouble === null
            ? log.info({ url }, 'traces are delivered again')
            : log.warn({ url, trouble }, `traces cannot be delivered: ${trouble}`),
      });
    }

    return {
      handlers: {
        describe: () => ({
          metrics: server?.http?.url === undefined ? null : { url: server.http.url },
          traces: delivery?.inspect() ?? null,
        }),
        flush: async () => {
          await delivery?.flush();
          return { sent: delivery?.inspect().sent ?? 0 };
        },
      },
      // Only now the generation before is gone, and with it its port.
      async started() {
        if (delivery !== undefined) {
          effect('delivery of traces', () => delivery.close());
          effect(
            'traces of calls',
            services.observe(callTraces(delivery.tracer, new SteadyTime(clock), delivery.count)),
          );
        }
        if (server === undefined) return;
        const { registry, host, port } = server;
        effect('event-loop delay', processMetrics(registry));
        effect('metrics of services', serviceMetrics(registry, services));
        effect('metrics of calls', services.observe(callMetrics(registry, clock)));
        server.http = new MetricsServer(registry);
        effect('metrics server', () => server.http?.close());
        await server.http.listen(port, host);
        log.info({ url: server.http.url }, `metrics are at ${server.http.url}`);
      },
      health: () => {
        const trouble = delivery?.inspect().trouble ?? null;
        return trouble === null ? undefined : `traces cannot be delivered to ${url}: ${trouble}`;
      },
      inspect: () => ({ metrics: server?.http?.url ?? null, traces: delivery?.inspect() ?? null }),
    };
  },
});
