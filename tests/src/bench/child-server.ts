import { spawn } from 'node:child_process';

/** A server in a process of its own, that something is measured against. */
export interface ChildServer {
  url: string;
  pid: number;
  stop: () => Promise<void>;
}

/**
 * Runs Node with `args` until what it prints matches `ready`, whose first group is the address.
 *
 * @example
 * const bare = await startServer(['bare-server.js', file], /listening on (\S+)/);
 */
export function startServer(
  args: readonly string[],
  ready: RegExp,
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<ChildServer> {
  const { cwd, env } = options;
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  let printed = '';
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with exit code ${code}:\n${printed}`)));
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const url = ready.exec(printed)?.[1];
      if (url === undefined) return;
      const stop = () =>
        new Promise<void>((done) => {
          child.removeAllListeners('exit');
          child.once('exit', () => done());
          child.kill();
        });
      resolve({ url, pid: child.pid ?? -1, stop });
    });
  });
}
