import { inject, injectable, postConstruct, preDestroy } from 'inversify';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineClassComponent, Tokens } from './class-component.js';
import type { Clock } from './clock.js';
import { defineComponent, need } from './component-definition.js';
import { type Client, defineContract } from './contract-definition.js';
import { createServiceManager } from './service-manager.js';
import { VirtualClock } from './virtual-clock.js';

const Rates = defineContract({
  id: 'rates',
  version: '1.0.0',
  methods: { of: { summary: 'Rate', input: z.object({ year: z.number() }), output: z.number() } },
});
const Tariff = defineContract({
  id: 'tariff',
  version: '1.0.0',
  methods: {
    price: {
      summary: 'Price of a year',
      input: z.object({ units: z.number() }),
      output: z.object({ price: z.number(), at: z.number() }),
    },
  },
});

const rates = defineComponent({
  provides: Rates,
  version: '1.0.0',
  needs: {},
  config: z.strictObject({}),
  create: () => ({ handlers: { of: ({ year }) => year - 2000 } }),
});

const log: string[] = [];

@injectable()
class Rounding {
  constructor(@inject(Tokens.config) private readonly config: { digits: number }) {}

  round(value: number): number {
    return Number(value.toFixed(this.config.digits));
  }
}

@injectable()
class TariffService {
  constructor(
    @inject(Tokens.needs) private readonly needs: { rates: Client<typeof Rates> },
    @inject(Tokens.clock) private readonly clock: Clock,
    @inject(Rounding) private readonly rounding: Rounding,
  ) {}

  @postConstruct()
  open(): void {
    log.push('opened');
  }

  async price({ units }: { units: number }) {
    const rate = await this.needs.rates.of({ year: 2026 });
    return { price: this.rounding.round((units * rate) / 7), at: this.clock.now() };
  }

  @preDestroy()
  close(): void {
    log.push('closed');
  }
}

const tariff = defineClassComponent({
  provides: Tariff,
  version: '1.0.0',
  needs: { rates: need(Rates, '^1.0') },
  config: z.strictObject({ digits: z.number() }),
  bindings: (container) => {
    container.bind(Rounding).toSelf();
  },
  implementation: TariffService,
});

describe('a class component', () => {
  it('gets its needs, configuration and clock injected, and its own bindings', async () => {
    const manager = createServiceManager({ clock: new VirtualClock(1000) });
    manager.install('rates', rates);
    manager.install('tariff', tariff, { digits: 1 });
    await manager.start();
    expect(await manager.use(Tariff, '^1.0').price({ units: 10 })).toEqual({ price: 37.1, at: 1000 });
  });

  it('is one instance for a generation, disposed with it', async () => {
    log.length = 0;
    const manager = createServiceManager({ clock: new VirtualClock(1000) });
    manager.install('rates', rates);
    manager.install('tariff', tariff, { digits: 1 });
    await manager.start();
    const client = manager.use(Tariff, '^1.0');
    await client.price({ units: 1 });
    await client.price({ units: 2 });
    expect(log).toEqual(['opened']);
    await manager.replace('tariff', tariff, { digits: 3 });
    expect(log).toEqual(['opened', 'opened', 'closed']);
    expect((await client.price({ units: 10 })).price).toBe(37.143);
    await manager.stop();
    expect(log).toEqual(['opened', 'opened', 'closed', 'closed']);
  });

  it('fails with the reason when something it injects is not bound', async () => {
    const manager = createServiceManager({
      clock: new VirtualClock(),
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });
    manager.install('rates', rates);
    const { provides, version, needs, config } = tariff;
    const unbound = defineClassComponent({ provides, version, needs, config, implementation: TariffService });
    manager.install('tariff', unbound, { digits: 1 });
    await manager.start();
    const node = manager.inspect().services.find((s) => s.name === 'tariff');
    expect(node?.state).toBe('failed');
    expect(node?.reason).toContain('Rounding');
  });
});
