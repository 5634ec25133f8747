import { CarusoError } from '@caruso/service-manager/contract';

export function policyLoop(policy: string, subject: string, times: number): CarusoError {
  return new CarusoError({
    code: 'POLICY_LOOP',
    message: `policy '${policy}' fired ${times} times within a minute for ${subject}, so it stopped there`,
    remedy: 'give its `if` a condition that its own consequence makes false',
  });
}

export function consequenceFailed(policy: string, consequence: string, cause: unknown): CarusoError {
  return new CarusoError({
    code: 'POLICY_CONSEQUENCE_FAILED',
    message: `policy '${policy}' could not ${consequence}: ${cause instanceof Error ? cause.message : String(cause)}`,
    remedy:
      cause instanceof CarusoError && cause.remedy !== undefined
        ? cause.remedy
        : 'see the cause; the event is tried again',
    cause,
  });
}

export function reminderUnknown(id: string): CarusoError {
  return new CarusoError({
    code: 'REMINDER_UNKNOWN',
    message: `reminder '${id}' does not exist, or is not yours`,
    remedy: 'read the list anew',
    status: 404,
  });
}

export function reminderTimeInvalid(at: string): CarusoError {
  return new CarusoError({
    code: 'REMINDER_TIME_INVALID',
    message: `'${at}' is not a time at which reminders.create could remind`,
    remedy: 'give an ISO time such as 2026-03-01T10:00:00Z, or an expression such as = now() + 2h',
    status: 422,
  });
}
