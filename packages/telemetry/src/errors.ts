import { CarusoError } from '@caruso/service-manager/contract';

export function metricsPortTaken(host: string, port: number, cause: unknown): CarusoError {
  return new CarusoError({
    code: 'METRICS_PORT_TAKEN',
    message: `The metrics cannot be offered on ${host}:${port}: another program listens there`,
    remedy: "stop that program, or give another 'metrics.port' in the component's config",
    cause,
  });
}

/** What a delivery of spans failed with, in a line. */
export function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : String(error ?? 'no reason given');
}
