import { CarusoError } from '@caruso/service-manager/contract';

const megabytes = (bytes: number) => `${Math.round(bytes / 1_048_576)} MB`;

export function uploadTooLarge(limit: number): CarusoError {
  return new CarusoError({
    code: 'UPLOAD_TOO_LARGE',
    message: `The file is larger than ${megabytes(limit)}`,
    remedy: "split it, or let an administrator raise 'limit' in the configuration of the component exchange",
    status: 413,
    details: { limit },
  });
}

export function formatUnknown(fileName: string): CarusoError {
  return new CarusoError({
    code: 'FORMAT_UNKNOWN',
    message: `'${fileName.slice(0, 100)}' is no file that can be imported`,
    remedy: 'name it .csv, .xlsx, .json or .jsonl',
    status: 415,
  });
}

export function fileUnreadable(place: string, reason: string): CarusoError {
  return new CarusoError({
    code: 'FILE_UNREADABLE',
    message: `${place}: ${reason}`,
    remedy: 'correct the file and send it again',
    status: 422,
  });
}

export function importDenied(): CarusoError {
  return new CarusoError({
    code: 'ACCESS_DENIED',
    message: 'files are imported by supervisors and administrators',
    remedy: 'ask one of them',
    status: 403,
  });
}

export function importUnknown(id: string): CarusoError {
  return new CarusoError({
    code: 'IMPORT_UNKNOWN',
    message: `there is no import '${id.slice(0, 60)}', or it is not yours`,
    remedy: 'list the imports with imports.list',
    status: 404,
  });
}

export function importCleared(id: string, fileName: string, wanted: string): CarusoError {
  return new CarusoError({
    code: 'IMPORT_CLEARED',
    message: `the rows of '${fileName}' (import '${id}') were deleted after the time for which they are kept; it cannot be ${wanted} any more`,
    remedy: 'send the file again; keepDays in the configuration of data-exchange says how long rows are kept',
    status: 410,
  });
}

export function importBusy(id: string, state: string, wanted: string): CarusoError {
  return new CarusoError({
    code: 'IMPORT_STATE',
    message: `import '${id}' is ${state}; it cannot be ${wanted} now`,
    remedy: 'wait until it is done, or halt it; the status tells how far it is',
    status: 409,
    details: { state },
  });
}

export function mappingInvalid(issues: readonly { column: string; message: string }[]): CarusoError {
  return new CarusoError({
    code: 'MAPPING_INVALID',
    message: issues.map(({ column, message }) => `'${column}' ${message}`).join('; '),
    remedy: 'map columns of the file to attributes that you may write',
    status: 422,
    details: issues,
  });
}

export function exportImpossible(object: string, reason: string): CarusoError {
  return new CarusoError({
    code: 'EXPORT_IMPOSSIBLE',
    message: `${object} cannot be exported: ${reason}`,
    remedy: 'name attributes that you may see',
    status: 400,
  });
}
