import type { z } from 'zod';
import { CarusoError } from './caruso-error.js';

type Issues = readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];

/** `lines.0.amount: expected number; ...` */
function places(issues: Issues): string {
  return issues.map((i) => `${i.path.length === 0 ? 'value' : i.path.map(String).join('.')}: ${i.message}`).join('; ');
}

/** The faults as plain data; zod's own issues may hold the input, which must not travel back. */
function faults(issues: Issues): { path: string; message: string }[] {
  return issues.map((i) => ({ path: i.path.map(String).join('.'), message: i.message }));
}

export function inputInvalid(method: string, error: z.ZodError): CarusoError {
  return new CarusoError({
    code: 'INPUT_INVALID',
    message: `The input of ${method} is invalid: ${places(error.issues)}`,
    remedy: 'send what the contract asks for',
    status: 400,
    details: { method, issues: faults(error.issues) },
  });
}

export function outputInvalid(method: string, provider: string, error: z.ZodError): CarusoError {
  return new CarusoError({
    code: 'OUTPUT_INVALID',
    message: `'${provider}' answered ${method} with what its contract does not allow: ${places(error.issues)}`,
    remedy: `correct the component behind '${provider}'`,
    details: { method, provider, issues: faults(error.issues) },
  });
}

export function methodUnknown(method: string, nearest: string | undefined): CarusoError {
  return new CarusoError({
    code: 'METHOD_UNKNOWN',
    message: `No service has a method '${method}'${nearest === undefined ? '' : `; did you mean '${nearest}'?`}`,
    remedy: '`caruso services` lists what there is',
    status: 404,
    details: { method, ...(nearest === undefined ? {} : { nearest }) },
  });
}

export function serviceUnavailable(method: string, why: string): CarusoError {
  return new CarusoError({
    code: 'SERVICE_UNAVAILABLE',
    message: `${method} cannot be called: ${why}`,
    remedy: '`caruso services` shows why it waits',
    status: 503,
    details: { method },
  });
}

export function accessDenied(method: string, who: string, allow: readonly string[]): CarusoError {
  return new CarusoError({
    code: 'ACCESS_DENIED',
    message: `${who} may not call ${method}, which ${allow.length === 0 ? 'is for components only' : `asks for one of: ${allow.join(', ')}`}`,
    remedy: 'sign in with a role that may',
    status: 403,
    details: { method, allow },
  });
}

export function callTimedOut(method: string, provider: string | undefined, cause?: unknown): CarusoError {
  return new CarusoError({
    code: 'CALL_TIMED_OUT',
    message:
      provider === undefined
        ? `Nobody answered ${method} before the deadline`
        : `'${provider}' did not answer ${method} before the deadline`,
    remedy: 'allow more time, or see in the service tree what holds the provider up',
    status: 504,
    details: { method, ...(provider === undefined ? {} : { provider }) },
    ...(cause === undefined ? {} : { cause }),
  });
}

export function callCancelled(method: string, reason: unknown): CarusoError {
  return new CarusoError({
    code: 'CALL_CANCELLED',
    message: `The caller no longer waits for ${method}`,
    status: 499,
    details: { method },
    cause: reason,
  });
}

export function callAbandoned(method: string, provider: string, generation: number): CarusoError {
  return new CarusoError({
    code: 'CALL_ABANDONED',
    message: `${method} was still running when generation ${generation} of '${provider}' had to go`,
    remedy: 'call again; if the method is not idempotent, see first whether it took effect',
    status: 503,
    details: { method, provider, generation },
  });
}

export function serviceBusy(method: string, provider: string, concurrency: number, waiting: number): CarusoError {
  return new CarusoError({
    code: 'SERVICE_BUSY',
    message: `'${provider}' is busy: ${concurrency} calls run and ${waiting} wait, ${method} is one too many`,
    remedy: `call again later, or raise components.${provider}.limits if the system behind it can bear more`,
    status: 503,
    details: { method, provider, delivered: false },
  });
}

export function circuitOpen(method: string, provider: string, why: string, until: number): CarusoError {
  return new CarusoError({
    code: 'CIRCUIT_OPEN',
    message: `${method} is not sent to '${provider}' before ${new Date(until).toISOString()}: ${why}`,
    remedy: `see why the system behind '${provider}' does not answer; calls go on by themselves once it does`,
    status: 503,
    details: { method, provider, until: new Date(until).toISOString(), delivered: false },
  });
}

export function parkedTooMany(method: string, provider: string, most: number): CarusoError {
  return new CarusoError({
    code: 'SERVICE_BUSY',
    message: `'${provider}' hands its state over to a new generation and ${most} calls wait for that; ${method} is one too many`,
    remedy: 'call again later',
    status: 503,
    details: { method, provider, delivered: false },
  });
}

export function handOverInvalid(name: string, from: string, to: string, error: z.ZodError): CarusoError {
  return new CarusoError({
    code: 'HAND_OVER_INVALID',
    message: `${to} of '${name}' cannot take the state that ${from} hands over: ${places(error.issues)}`,
    remedy: `let the state schema of ${to} accept it, by a default or a transform`,
    status: 409,
    details: { name, from, to, issues: faults(error.issues) },
  });
}

export function handOverStuck(name: string, generation: number, calls: number, milliseconds: number): CarusoError {
  return new CarusoError({
    code: 'HAND_OVER_STUCK',
    message: `generation ${generation} of '${name}' still runs ${calls === 1 ? 'a call' : `${calls} calls`} after ${milliseconds / 1000} s, so that its state cannot be handed over`,
    remedy: 'let its methods heed call.signal, or allow more time to drain',
    status: 409,
    details: { name, generation, calls },
  });
}

export function replacedFromWithin(name: string, method: string): CarusoError {
  return new CarusoError({
    code: 'REPLACEMENT_FROM_WITHIN',
    message: `${method} of '${name}' asks for the replacement or removal of '${name}', which would wait for this very call`,
    remedy: 'let the call return first, or ask from elsewhere',
    status: 409,
    details: { name, method },
  });
}

export function configurationFailed(name: string, why: string, cause: unknown): CarusoError {
  return new CarusoError({
    code: 'CONFIGURATION_FAILED',
    message: `'${name}' did not take its new configuration and goes on with the one before: ${why}`,
    remedy: `correct components.${name}.config`,
    status: 409,
    details: { name },
    cause,
  });
}

export function healthTimedOut(milliseconds: number): string {
  return `it did not say within ${milliseconds / 1000} s whether it is well`;
}

export function configInvalid(name: string, source: string | undefined, error: z.ZodError): CarusoError {
  return new CarusoError({
    code: 'COMPONENT_CONFIG_INVALID',
    message: `The configuration of '${name}'${source === undefined ? '' : ` (${source})`} is invalid: ${places(error.issues)}`,
    remedy: `correct components.${name}.config`,
    status: 400,
    details: { name, issues: faults(error.issues) },
  });
}

export function componentInvalid(where: string, what: string, cause?: unknown, details?: unknown): CarusoError {
  return new CarusoError({
    code: 'COMPONENT_INVALID',
    message: `${where} ${what}`,
    remedy: 'export by default what defineComponent gives',
    ...(details === undefined ? {} : { details }),
    ...(cause === undefined ? {} : { cause }),
  });
}

export function nameTaken(name: string): CarusoError {
  return new CarusoError({
    code: 'COMPONENT_NAME_TAKEN',
    message: `A component named '${name}' is installed already`,
    remedy: 'choose another name, or replace it',
    status: 409,
  });
}

export function notInstalled(name: string, nearest: string | undefined): CarusoError {
  return new CarusoError({
    code: 'COMPONENT_UNKNOWN',
    message: `No component named '${name}' is installed${nearest === undefined ? '' : `; did you mean '${nearest}'?`}`,
    remedy: '`caruso services` lists what there is',
    status: 404,
  });
}

export function needsCyclic(path: readonly string[]): CarusoError {
  return new CarusoError({
    code: 'COMPONENT_NEEDS_CYCLIC',
    message: `These components need each other, so that none could start: ${path.join(' -> ')}`,
    remedy: 'make one of these needs optional, or move what they share to a component of its own',
    details: { path },
  });
}

export function replacementRefused(name: string, reasons: readonly string[]): CarusoError {
  return new CarusoError({
    code: 'REPLACEMENT_REFUSED',
    message: `'${name}' was not replaced: ${reasons.join('; ')}`,
    remedy: 'the present one serves on; correct the new one, or those that depend on it',
    status: 409,
    details: { name, reasons },
  });
}

export function replacementFailed(name: string, generation: number, cause: unknown): CarusoError {
  return new CarusoError({
    code: 'REPLACEMENT_FAILED',
    message: `'${name}' was not replaced, generation ${generation} of it serves on: ${messageOf(cause)}`,
    remedy: 'correct the new component or its configuration and try again',
    details: { name, generation },
    cause,
  });
}

export function startTimedOut(name: string, milliseconds: number): CarusoError {
  return new CarusoError({
    code: 'COMPONENT_START_TIMED_OUT',
    message: `'${name}' was not ready within ${milliseconds / 1000} s`,
    remedy: 'see what its create() waits for',
  });
}

export function rollbackImpossible(name: string): CarusoError {
  return new CarusoError({
    code: 'ROLLBACK_IMPOSSIBLE',
    message: `'${name}' cannot be rolled back: it was not replaced since it was installed`,
    remedy: 'replace it by the version wanted',
    status: 409,
  });
}

export function notLoadable(): CarusoError {
  return new CarusoError({
    code: 'COMPONENT_NOT_LOADABLE',
    message: 'This service manager was put together by a program, so that components cannot be loaded by name',
    remedy: 'change what runs where the program installs it',
    status: 409,
  });
}

export function componentEssential(name: string): CarusoError {
  return new CarusoError({
    code: 'COMPONENT_ESSENTIAL',
    message: `'${name}' cannot be removed: without it nothing could be added again`,
    remedy: 'stop the front office instead',
    status: 409,
  });
}

export function componentNeeded(name: string, dependents: readonly string[]): CarusoError {
  return new CarusoError({
    code: 'COMPONENT_NEEDED',
    message: `'${name}' is needed by ${dependents.map((each) => `'${each}'`).join(', ')}, which would stop serving`,
    remedy: 'remove those first, or say force',
    status: 409,
    details: { name, dependents },
  });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
