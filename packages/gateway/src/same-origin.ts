/** What a browser says about the page that sends a request. */
export interface Sender {
  host: string | undefined;
  origin: string | undefined;
  /** `Sec-Fetch-Site`. */
  site: string | undefined;
}

/**
 * Names the foreign page a request comes from; undefined where it is one of ours, or no browser's. Every browser sends `Origin` with
 * a request that may change something, and with each WebSocket.
 */
export function foreignSender(sender: Sender, allowed: readonly string[]): string | undefined {
  const { host, origin, site } = sender;
  if (origin !== undefined && allowed.includes(origin)) return undefined;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return origin ?? `another site (${site})`;
  if (origin === undefined) return undefined;
  const own = URL.canParse(origin) ? new URL(origin).host : undefined;
  return own !== undefined && own === host?.toLowerCase() ? undefined : origin.slice(0, 200);
}
