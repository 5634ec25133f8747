import { CarusoError } from '@caruso/service-manager/contract';

export function deliveryUnknown(delivery: string): CarusoError {
  return new CarusoError({
    code: 'DELIVERY_UNKNOWN',
    message: `there is no webhook delivery '${delivery.slice(0, 200)}'`,
    remedy: 'read the list anew',
    status: 404,
  });
}

export function webhookUnknown(webhook: string, known: readonly string[]): CarusoError {
  return new CarusoError({
    code: 'WEBHOOK_UNKNOWN',
    message: `there is no webhook '${webhook.slice(0, 80)}'`,
    remedy: known.length === 0 ? 'declare one in caruso.yaml' : `there are ${known.join(', ')}`,
    status: 404,
  });
}
