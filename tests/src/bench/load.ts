import autocannon from 'autocannon';

/** Requests that are sent again and again, each in its turn. */
export interface Load {
  url: string;
  headers: Record<string, string>;
  /** Addresses, taken in turn; all with the same method and body. */
  paths: readonly string[];
  method?: 'GET' | 'POST';
  body?: unknown;
}

/** Connections at once, for whoever is measured. */
export const connections = 8;

/** Answers a second over `duration` seconds; throws where one is not a success. */
export async function load({ url, headers, paths, method = 'GET', body }: Load, duration: number): Promise<number> {
  const result = await autocannon({
    url,
    connections,
    duration,
    requests: paths.map((each) => ({
      method,
      path: each,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })),
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}${paths[0]}: ${result.non2xx} answers were not 2xx, ${result.errors} errors`);
  return result.requests.average;
}
