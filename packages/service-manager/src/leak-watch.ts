import type { Clock } from './clock.js';
import type { AnyComponent, Log } from './component-definition.js';
import { originOf } from './component-origin.js';
import { GRACE, unwatched, watchProcess } from './leak-hook.js';
import type { Opened } from './leak-opened.js';
import { LeakOwner } from './leak-owner.js';
import { captureStack, placeOf } from './leak-stack.js';
import type { Services } from './services.js';

/** Whose open ends are told: those of components that come from a file, or of all. */
export type Watched = 'files' | 'all';

/** What a generation is to the watch. */
interface Beginning {
  name: string;
  number: number;
  component: AnyComponent;
  source: string | undefined;
}

/**
 * Notes what runs in the name of a generation opens (timers, sockets, servers, processes, listeners), and tells what is
 * still open a while after the generation was disposed of: a wrapper that is replaced often would else fill the machine,
 * and nobody would know which one it was.
 *
 * @example
 * const owner = watch.begin({ name, number, component, source });
 * markCall(call, owner); // what happens within this call is its doing
 * watch.disposed(owner, (leaks) => registration.leaked(leaks));
 */
export class LeakWatch {
  readonly #owners = new Set<LeakOwner>();
  #stop: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly watched: Watched,
  ) {}

  begin({ name, number, component, source }: Beginning): LeakOwner {
    const origin = originOf(component);
    const watched = this.watched === 'all' || origin?.file === true;
    const owner = new LeakOwner(name, number, origin?.path, source, watched);
    if (watched) {
      this.#owners.add(owner);
      this.#stop ??= watchProcess();
    }
    return owner;
  }

  /**
   * The generation was disposed of. What it left open is told once, a while later.
   *
   * @param told with each thing left open, in words, if there is any
   */
  disposed(owner: LeakOwner, told: (leaks: string[]) => void): void {
    if (owner.disposed) return;
    owner.disposed = true;
    if (!owner.watched && owner.empty) return owner.end();
    unwatched(() => this.clock.after(GRACE, () => this.#look(owner, told)));
  }

  /** The services as one generation has them: what it forgets to stop listening to is told, and stopped. */
  services(services: Services, owner: LeakOwner): Services {
    return {
      ...services,
      onChange: (listener) => noted(owner, 'listener to the service tree, added', () => services.onChange(listener)),
      observe: (observer) => noted(owner, 'observer of calls, added', () => services.observe(observer)),
    };
  }

  #look(owner: LeakOwner, told: (leaks: string[]) => void): void {
    const open = owner.open();
    const leaks = describe(open, owner);
    for (const each of open) each.close?.();
    owner.end();
    this.#owners.delete(owner);
    if (this.#owners.size === 0) {
      this.#stop?.();
      this.#stop = undefined;
    }
    if (leaks.length === 0) return;
    const { name, number } = owner;
    this.log.warn(
      { component: name, generation: number, leaks },
      `'${name}' generation ${number} left open: ${leaks.join(', ')}`,
    );
    told(leaks.map((leak) => `generation ${number}: ${leak}`));
  }
}

/** Listens in the owner's name until the function given back is called. */
function noted(owner: LeakOwner, what: string, listen: () => () => void): () => void {
  const stop = listen();
  const entry: Opened = {
    kind: 'subscription',
    what: () => what,
    open: () => true,
    close: stop,
    stack: captureStack(noted),
  };
  owner.note(entry);
  return () => {
    owner.closed(entry);
    stop();
  };
}

/** In words, each thing once with its number and its place. */
function describe(open: readonly Opened[], { origin, source }: LeakOwner): string[] {
  const places = open.map((each) => placeOf(each.stack(), origin, source));
  const counts = new Map<string, number>();
  open.forEach((each, index) => {
    const place = places[index];
    const said = open.some((other, at) => places[at] === place && other.lesser !== true);
    if (each.lesser === true && said) return;
    const words = place === undefined ? each.what() : `${each.what()} at ${place}`;
    counts.set(words, (counts.get(words) ?? 0) + 1);
  });
  return [...counts].map(([words, count]) => (count === 1 ? words : `${count} times ${words}`));
}
