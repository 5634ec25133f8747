import http from 'node:http';
import https from 'node:https';
import type { Clock } from '@caruso/service-manager/contract';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';

/** What a receiver answered. */
export interface Answer {
  status: number;
  /** Milliseconds after which it wants to be asked again. */
  retryAfter: number;
  /** The beginning of its body. */
  text: string;
}

export interface PostOptions {
  clock: Clock;
  /** Milliseconds until the whole answer must be there. */
  timeout: number;
  /** Addresses and networks of the inside that may be called. */
  private: readonly string[];
}

/** Bytes of an answer that are read. */
const READ = 2000;

/**
 * Sends a body and gives the answer. The address that the name leads to is looked at when the connection is made, so that a name cannot
 * lead inside by changing in between; redirections are not followed.
 */
export function post(
  url: string,
  headers: Record<string, string>,
  body: string,
  options: PostOptions,
): Promise<Answer> {
  const secure = url.startsWith('https:');
  const filter = { allowIPAddressList: [...options.private], stopPortScanningByUrlRedirection: true };
  const agent = secure ? new RequestFilteringHttpsAgent(filter) : new RequestFilteringHttpAgent(filter);
  return new Promise<Answer>((resolve, reject) => {
    const request = (secure ? https : http).request(url, {
      method: 'POST',
      agent,
      headers: { ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' },
    });
    const cancel = options.clock.after(options.timeout, () =>
      request.destroy(new Error(`it did not answer within ${options.timeout / 1000} s`)),
    );
    const end = (finish: () => void): void => {
      cancel();
      finish();
      request.destroy();
    };
    request.on('error', (error) => end(() => reject(inOurWords(error, url))));
    request.on('response', (response) => {
      let text = '';
      const answer = (): Answer => ({
        status: response.statusCode ?? 0,
        retryAfter: retryAfter(response.headers['retry-after'], options.clock.now()),
        text: text.slice(0, READ),
      });
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > READ) end(() => resolve(answer()));
      });
      response.on('end', () => end(() => resolve(answer())));
      response.on('error', (error) => end(() => reject(error)));
    });
    request.end(body);
  }).finally(() => agent.destroy());
}

/** The agent's own words name neither end nor remedy. */
function inOurWords(error: Error, url: string): Error {
  if (!/is not allowed/.test(error.message)) return error;
  const { hostname } = new URL(url);
  return new Error(`${hostname} is an address of the inside: name it under 'private' if it may be called`, {
    cause: error,
  });
}

/** Seconds, or a date. */
function retryAfter(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  const time = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(time) && time > 0 ? time : 0;
}
