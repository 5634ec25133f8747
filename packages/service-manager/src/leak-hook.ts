import { createHook } from 'node:async_hooks';
import { currentOwner } from './leak-owner.js';
import { captureStack } from './leak-stack.js';

/** Milliseconds after a generation's disposal at which it is looked at: what ends by itself until then is no leak. */
export const GRACE = 5_000;

/** What is watched, by Node's names, and how it is told. */
const handles: Readonly<Record<string, { what: string; lesser?: boolean }>> = {
  TCPWRAP: { what: 'connection' },
  TCPSERVERWRAP: { what: 'server' },
  PIPEWRAP: { what: 'pipe', lesser: true },
  PIPESERVERWRAP: { what: 'server on a local socket' },
  UDPWRAP: { what: 'UDP socket' },
  FSEVENTWRAP: { what: 'watch on files' },
  STATWATCHER: { what: 'watch on a file' },
  PROCESSWRAP: { what: 'child process' },
  WORKER: { what: 'worker thread' },
  MESSAGEPORT: { what: 'message port', lesser: true },
};

interface TimerResource {
  _repeat: number | null;
  _idleTimeout: number;
  _destroyed: boolean;
}

/** Depth of code whose timers are the service manager's own business, though it runs in the name of others. */
let quiet = 0;

/** Runs `work` without noting what it opens. Synchronous work only. */
export function unwatched<T>(work: () => T): T {
  quiet++;
  try {
    return work();
  } finally {
    quiet--;
  }
}

// Only the beginning of a resource is told: a hook for its end would slow down every promise of the process.
const hook = createHook({ init });

function init(_id: number, type: string, _trigger: number, resource: object): void {
  // By far the most are promises.
  if (type === 'PROMISE' || quiet > 0) return;
  if (type === 'Timeout') noteTimer(resource as TimerResource);
  else {
    const known = handles[type];
    if (known !== undefined) noteHandle(known, resource);
  }
}

function noteTimer(timer: TimerResource): void {
  const owner = currentOwner();
  if (owner === undefined || !owner.watched || owner.over) return;
  const repeats = timer._repeat !== null;
  // The most frequent of all, a short wait, is over when the generation is looked at.
  if (!repeats && timer._idleTimeout < GRACE && !owner.disposed) return;
  const held = new WeakRef(timer);
  owner.note({
    kind: 'timer',
    what: () => `${repeats ? 'interval' : 'timeout'} set`,
    open: () => held.deref()?._destroyed === false,
    stack: captureTimer(),
  });
}

/** From whoever called Node's timers. */
function captureTimer(): () => readonly string[] {
  const stack = captureStack(init);
  return () => {
    const frames = stack();
    const caller = frames.findIndex((frame) => !/^node:(internal\/(timers|async_hooks)|timers):/.test(frame));
    return caller < 0 ? [] : frames.slice(caller);
  };
}

interface Handle {
  /** Open, and keeping the process alive: one that was let go of waits in somebody's pool. */
  hasRef?(): boolean;
}

function noteHandle({ what, lesser }: { what: string; lesser?: boolean }, resource: Handle): void {
  const owner = currentOwner();
  if (owner === undefined || !owner.watched || owner.over) return;
  const held = new WeakRef(resource);
  owner.note({
    kind: 'handle',
    lesser: lesser === true,
    what: () => `${what}${addressOf(what, held.deref())} opened`,
    open: () => held.deref()?.hasRef?.() === true,
    stack: captureStack(init),
  });
}

/** Who is at the other end, or which port is served, as far as the handle can tell. */
function addressOf(what: string, handle: object | undefined): string {
  const ask = (method: string): string | undefined => {
    const found: { address?: string; port?: number } = {};
    try {
      (handle as Record<string, ((out: object) => void) | undefined> | undefined)?.[method]?.(found);
    } catch {
      return undefined;
    }
    return found.port === undefined ? undefined : `${found.address}:${found.port}`;
  };
  const address = what === 'connection' ? ask('getpeername') : ask('getsockname');
  if (address === undefined) return '';
  return what === 'connection' ? ` to ${address}` : ` on ${address}`;
}

function noteListener(event: string | symbol, listener: (...args: unknown[]) => void): void {
  const owner = currentOwner();
  if (owner === undefined || !owner.watched || owner.over || quiet > 0) return;
  const held = new WeakRef(listener);
  owner.note({
    kind: 'listener',
    what: () => `listener '${String(event)}' on process, added`,
    open: () => process.listeners(event as NodeJS.Signals).includes(held.deref() as never),
    stack: captureStack(noteListener),
  });
}

let watching = 0;

/** Begins to watch; gives the way to stop. While nobody watches, the process pays nothing. */
export function watchProcess(): () => void {
  if (watching++ === 0) {
    hook.enable();
    process.on('newListener', noteListener);
  }
  let stopped = false;
  return () => {
    if (stopped) return;
    stopped = true;
    if (--watching > 0) return;
    hook.disable();
    process.off('newListener', noteListener);
  };
}
