/** What went wrong, in a form that a person can act on and that travels over any wire unchanged. */
export interface ErrorInfo {
  /** Stable and upper-case, for example `STORAGE_UNREACHABLE`. */
  code: string;
  /** Names both ends: "'erp' needs storage ^2.0, 'main' offers 1.4.0". */
  message: string;
  /** What the reader can do about it. */
  remedy?: string | undefined;
  /** HTTP status the gateway answers with; 500 where absent. */
  status?: number | undefined;
  /** Plain data for programs: the fields at fault, the version found, ... */
  details?: unknown;
}

/**
 * The one error class of Caruso. Every package makes its errors in its `errors.ts` out of it.
 *
 * @example
 * throw new CarusoError({ code: 'OBJECT_NOT_FOUND', message: "Customer 'C9' does not exist", remedy: 'check the key', status: 404 });
 */
export class CarusoError extends Error implements ErrorInfo {
  readonly code: string;
  readonly remedy: string | undefined;
  readonly status: number;
  readonly details: unknown;

  constructor(info: ErrorInfo & { cause?: unknown }) {
    super(info.message, info.cause === undefined ? undefined : { cause: info.cause });
    this.name = 'CarusoError';
    this.code = info.code;
    this.remedy = info.remedy;
    this.status = info.status ?? 500;
    this.details = info.details;
  }

  /** The part that may leave the process: no stack, no cause. */
  toJSON(): ErrorInfo {
    return {
      code: this.code,
      message: this.message,
      ...(this.remedy === undefined ? {} : { remedy: this.remedy }),
      status: this.status,
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }
}
