import { CarusoError } from '@caruso/service-manager/contract';

export function unknownName(what: 'report' | 'monitor', name: string, known: readonly string[]): CarusoError {
  return new CarusoError({
    code: what === 'report' ? 'REPORT_UNKNOWN' : 'MONITOR_UNKNOWN',
    message: `the front office has no ${what} '${name}'`,
    remedy: known.length === 0 ? `declare one` : `there are ${known.join(', ')}`,
    status: 404,
  });
}

export function periodInvalid(report: string, reason: string): CarusoError {
  return new CarusoError({
    code: 'REPORT_PERIOD_INVALID',
    message: `report '${report}' cannot be run for this period: ${reason}`,
    remedy: 'choose a shorter period, a wider step, or a first day before the last',
    status: 422,
  });
}
