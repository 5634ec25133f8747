import type { Fault } from '@caruso/dialog-script';
import { CarusoError } from '@caruso/service-manager/contract';

export function scriptUnknown(script: string, known: readonly string[]): CarusoError {
  const remedy = known.length === 0 ? 'add it to scripts/' : `there are: ${known.join(', ')}`;
  return new CarusoError({ code: 'SCRIPT_UNKNOWN', message: `there is no script '${script}'`, remedy, status: 404 });
}

export function scriptChannel(script: string, channel: string, channels: readonly string[]): CarusoError {
  return new CarusoError({
    code: 'SCRIPT_CHANNEL',
    message: `the script '${script}' is not for the channel '${channel}', but for ${channels.join(', ')}`,
    remedy: `start it on one of these, or add '${channel}' to its channels`,
    status: 403,
  });
}

export function paramsDenied(script: string): CarusoError {
  return new CarusoError({
    code: 'SCRIPT_PARAMS_DENIED',
    message: `a visitor gives the script '${script}' no parameters`,
    remedy: 'start it without params; the script asks for what it needs',
    status: 403,
  });
}

export function paramInvalid(script: string, message: string, remedy: string): CarusoError {
  return new CarusoError({
    code: 'SCRIPT_PARAM_INVALID',
    message: `parameters of the script '${script}': ${message}`,
    remedy,
    status: 422,
  });
}

export function sessionUnknown(session: string): CarusoError {
  return new CarusoError({
    code: 'SESSION_UNKNOWN',
    message: `there is no session '${session}' of yours`,
    remedy: 'start the script anew',
    status: 404,
  });
}

export function sessionStale(session: string, given: number, present: number): CarusoError {
  return new CarusoError({
    code: 'SESSION_STALE',
    message: `session '${session}' is at ${present}, the answer was meant for ${given}`,
    remedy: 'read the view again and answer what it asks now',
    status: 409,
    details: { seq: present },
  });
}

export function sessionEnded(session: string): CarusoError {
  return new CarusoError({
    code: 'SESSION_ENDED',
    message: `session '${session}' has ended`,
    remedy: 'start the script anew',
    status: 409,
  });
}

export function stepNotOnPath(session: string, step: string | undefined): CarusoError {
  return new CarusoError({
    code: 'STEP_NOT_ON_PATH',
    message:
      step === undefined
        ? `session '${session}' is at its first step`
        : `the step '${step}' is not on the path of session '${session}'`,
    remedy: 'go back to a step that was answered',
    status: 409,
  });
}

export function sessionBroken(session: string, script: string, faults: readonly Fault[]): CarusoError {
  const [first] = faults;
  return new CarusoError({
    code: 'SESSION_BROKEN',
    message: `the version of '${script}' that session '${session}' runs no longer fits the model: ${first?.message}`,
    remedy: 'start the script anew, or put back what the model had',
    status: 409,
    details: { faults },
  });
}

export function scriptFailed(script: string, cause: unknown): CarusoError {
  return new CarusoError({
    code: 'SCRIPT_FAILED',
    message: `the script '${script}' cannot go on: ${cause instanceof Error ? cause.message : String(cause)}`,
    remedy: 'correct the script; the session stays where it was',
    status: 500,
    cause,
  });
}

export function contentTooLarge(limit: number): CarusoError {
  return new CarusoError({
    code: 'ANSWERS_TOO_LARGE',
    message: `the answers hold more than ${limit} characters`,
    remedy: 'send shorter answers',
    status: 413,
  });
}

export function sessionPaused(session: string): CarusoError {
  return new CarusoError({
    code: 'SESSION_PAUSED',
    message: `session '${session}' is paused`,
    remedy: 'resume it first',
    status: 409,
  });
}

export function sessionWaitsForAgent(session: string): CarusoError {
  return new CarusoError({
    code: 'SESSION_WAITS_FOR_AGENT',
    message: `session '${session}' waits for an agent to take it over`,
    remedy: 'an agent resumes it on the channel agent',
    status: 409,
  });
}

export function stepBehindBarrier(session: string, step: string | undefined): CarusoError {
  return new CarusoError({
    code: 'STEP_BEHIND_BARRIER',
    message: `the way back${step === undefined ? '' : ` to '${step}'`} in session '${session}' is closed: an action was done that stands`,
    remedy: 'go on from here, or start the script anew',
    status: 409,
  });
}

export function signalUnknown(session: string, signal: string): CarusoError {
  return new CarusoError({
    code: 'SIGNAL_UNKNOWN',
    message: `the script of session '${session}' does nothing about the event '${signal}' now`,
    remedy: `add <on event="${signal}" to="..."/> to the script`,
    status: 422,
  });
}

export function fileUnknown(session: string, file: string): CarusoError {
  return new CarusoError({
    code: 'SCRIPT_FILE_UNKNOWN',
    message: `session '${session}' has no whole file '${file}'`,
    remedy: 'send all its parts by scripts.attach before it is answered',
    status: 422,
  });
}

export function fileRefused(message: string, remedy: string): CarusoError {
  return new CarusoError({ code: 'SCRIPT_FILE_REFUSED', message, remedy, status: 422 });
}

export function questionUnknown(session: string, question: string, type: string): CarusoError {
  return new CarusoError({
    code: 'SCRIPT_QUESTION_UNKNOWN',
    message: `session '${session}' does not ask a question '${question}' of type ${type} now`,
    remedy: 'read the view again',
    status: 422,
  });
}

export function draftStale(file: string, by: string | undefined): CarusoError {
  return new CarusoError({
    code: 'SCRIPT_DRAFT_STALE',
    message: `the draft of ${file} was ${by === undefined ? 'taken away or published' : `saved by ${by}`} since you opened it`,
    remedy: 'open the script again; copy what you want to keep first',
    status: 409,
  });
}

export function versionUnknown(file: string, seq: number): CarusoError {
  return new CarusoError({
    code: 'SCRIPT_VERSION_UNKNOWN',
    message: `the journal has no version ${seq} of ${file}`,
    remedy: 'read the versions again',
    status: 404,
  });
}
