import { CarusoError } from '@caruso/service-manager/contract';

/** The command was called in a way that makes no sense; exit code 2. */
export class WrongUsage extends CarusoError {}

export function folderNotEmpty(folder: string): CarusoError {
  return new WrongUsage({
    code: 'FOLDER_NOT_EMPTY',
    message: `'${folder}' exists and is not empty`,
    remedy: 'name a new folder',
  });
}

export function verticalUnknown(name: string, known: readonly string[]): CarusoError {
  return new WrongUsage({
    code: 'VERTICAL_UNKNOWN',
    message: `There is no vertical '${name}'`,
    remedy: `write one of ${known.join(', ')}, a package, or a folder (./...)`,
  });
}

export function alreadyRunning(folder: string, url: string, pid: number): CarusoError {
  return new CarusoError({
    code: 'ALREADY_RUNNING',
    message: `The front office in '${folder}' runs already: ${url} (process ${pid})`,
    remedy: 'stop that one first, or name another folder',
  });
}

export function componentNotFound(name: string, use: string): CarusoError {
  return new CarusoError({
    code: 'COMPONENT_NOT_FOUND',
    message: `component '${name}' uses '${use}', which is not there`,
    remedy: use.startsWith('.') ? 'correct the path' : `install it (npm install ${use})`,
  });
}

export function componentUnloadable(name: string, use: string, cause: unknown): CarusoError {
  return new CarusoError({
    code: 'COMPONENT_INVALID',
    message: `component '${name}' (${use}) could not be loaded: ${messageOf(cause)}`,
    remedy: 'its default export must be a component made by defineComponent',
    cause,
  });
}

export function notListening(reason: string): CarusoError {
  return new CarusoError({
    code: 'NOT_LISTENING',
    message: `The front office does not listen: ${reason}`,
    remedy: 'run caruso check, and see what the service tree says',
  });
}

export function seedFailed(place: string, what: string, cause: unknown): CarusoError {
  const inner = cause instanceof CarusoError ? cause : undefined;
  return new CarusoError({
    code: 'SEED_FAILED',
    message: `${place} ${what} failed: ${messageOf(cause)}`,
    remedy: inner?.remedy ?? 'correct the seed file; nothing of it was kept',
    details: inner?.details,
    cause,
  });
}

export function demoDatabaseFailed(name: string, file: string, cause: unknown): CarusoError {
  return new CarusoError({
    code: 'DEMO_DATABASE_FAILED',
    message: `the demo database '${name}' could not be made from ${file}: ${messageOf(cause)}`,
    remedy: 'correct the statements, or the path after demo:',
    cause,
  });
}

export function urlUnsupported(url: string): CarusoError {
  return new WrongUsage({
    code: 'DATABASE_URL_INVALID',
    message: `'${url.replace(/:\/\/.*@/, '://***@')}' is not the address of a database`,
    remedy:
      'write sqlite:./file.db, postgres://user:password@host:5432/database or mariadb://user:password@host:3306/database',
  });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
