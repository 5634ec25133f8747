import type { Generation } from './generation.js';
import type { LifeCycleEvent } from './life-cycle.js';
import type { Registration } from './registration.js';
import { type House, healthOf } from './starting.js';

/** How often the health of what serves is asked, in milliseconds. */
const PERIOD = 10_000;

/** Asks what serves how it is, and degrades what is not well or what the system behind does not answer. */
export class Health {
  #stop: (() => void) | undefined;

  constructor(
    private readonly house: House,
    private readonly registrations: () => Registration[],
    private readonly enter: (registration: Registration, event: LifeCycleEvent, reason?: string) => void,
  ) {}

  start(): void {
    this.#stop ??= this.house.clock.every(PERIOD, () => this.#round());
  }

  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  async check(registration: Registration, generation: Generation): Promise<void> {
    const sick = await healthOf(generation, this.house);
    if (registration.generation !== generation || !registration.serving || registration.busy) return;
    registration.sick = sick;
    this.assess(registration);
  }

  /** Makes the state fit what is known of the health of what serves and of the system behind it. */
  assess(registration: Registration): void {
    if (!registration.serving) return;
    const reason = registration.sick ?? registration.generation?.circuit.reason;
    if (reason !== undefined) {
      if (reason !== registration.reason) this.enter(registration, 'degrade', reason);
    } else if (registration.state === 'degraded') this.enter(registration, 'serve');
  }

  #round(): void {
    for (const registration of this.registrations()) {
      const { generation } = registration;
      if (generation?.instance?.health === undefined || !registration.serving || registration.busy) continue;
      void this.check(registration, generation);
    }
  }
}
