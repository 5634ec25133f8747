import type { ErrorInfo } from '@caruso/service-manager/contract';

/** An answer that was no success, or no answer at all, in a form that a screen can show. */
export class Fault extends Error {
  readonly code: string;
  readonly remedy: string | undefined;
  readonly details: unknown;
  /** HTTP status; 0 when nobody answered. */
  readonly status: number;
  /** Names the request in the server's log. */
  readonly request: string | undefined;

  constructor(info: ErrorInfo & { request?: string | undefined }) {
    super(info.message);
    this.name = 'Fault';
    this.code = info.code;
    this.remedy = info.remedy;
    this.details = info.details;
    this.status = info.status ?? 0;
    this.request = info.request;
  }

  /** Nobody answered, or only a proxy did: the same request may succeed later. */
  get unreachable(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }

  /** Nobody of this server answered. A 503 that it wrote itself speaks of a system behind it, and names it. */
  get serverAway(): boolean {
    return this.unreachable && this.request === undefined;
  }

  get signedOut(): boolean {
    return this.status === 401;
  }

  get refused(): boolean {
    return this.status === 403;
  }

  static from(error: unknown): Fault {
    if (error instanceof Fault) return error;
    return new Fault({ code: 'SCREEN_FAILED', message: error instanceof Error ? error.message : String(error) });
  }
}
