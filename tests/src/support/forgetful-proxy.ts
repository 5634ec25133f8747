import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ForgetfulProxy {
  url: string;
  /** Bodies of the requests that came, in order. */
  seen: string[];
  /** The next so many requests that change something are passed on, and their answers kept back for ever. */
  forget(requests: number): void;
  close(): Promise<void>;
}

/** Stands before a SOAP server: what it was asked is done, but the asker may never hear of it. */
export async function forgetfulProxy(upstream: string): Promise<ForgetfulProxy> {
  const seen: string[] = [];
  let forgotten = 0;
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const body = await text(incoming);
      seen.push(body);
      const silent = body.includes('<Create') && forgotten-- > 0;
      const answer = await fetch(upstream, {
        method: 'POST',
        body,
        headers: { 'content-type': incoming.headers['content-type'] ?? 'text/xml' },
      }).catch(() => undefined);
      if (answer === undefined) outgoing.destroy();
      else if (!silent) {
        outgoing.writeHead(answer.status, { 'content-type': 'text/xml; charset=utf-8' }).end(await answer.text());
      }
    })();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${new URL(upstream).pathname}`,
    seen,
    forget: (requests) => {
      forgotten = requests;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
