import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serves } from './life-cycle.js';
import { nextSteps, type Standing } from './reconciliation.js';

const CONTRACTS = ['a', 'b', 'c', 'd'];

const anyStandings = fc
  .array(
    fc.record({
      state: fc.constantFrom('installed', 'unsatisfied', 'starting', 'active', 'degraded', 'failed', 'stopped'),
      wanted: fc.boolean(),
      offers: fc.subarray(CONTRACTS, { maxLength: 2 }),
      needs: fc.subarray(CONTRACTS, { maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .map((all) =>
    all.map(
      ({ state, wanted, offers, needs }, order): Standing => ({
        name: `s${order}`,
        order,
        state,
        wanted,
        alive: serves(state) || state === 'starting',
        busy: state === 'starting',
        offers: offers.map((contract) => ({ contract, version: '1.0.0' })),
        needs: needs.map((contract) => ({ contract, range: '^1.0' })),
      }),
    ),
  );

/** Carries the steps out at once, until there are none; gives the order of what was done. */
function run(all: Standing[]): { end: Standing[]; done: string[] } {
  const done: string[] = [];
  let now = all.map((s) => (s.state === 'starting' ? { ...s, state: 'active' as const, busy: false } : s));
  for (let round = 0; round < 50; round++) {
    const { start, stop } = nextSteps(now);
    if (start.length + stop.length === 0) return { end: now, done };
    now = now.map((s): Standing => {
      if (start.includes(s.name)) return { ...s, state: 'active', alive: true };
      if (stop.includes(s.name)) return { ...s, state: s.wanted ? 'unsatisfied' : 'stopped', alive: false };
      return s;
    });
    done.push(...stop.map((name) => `-${name}`), ...start.map((name) => `+${name}`));
  }
  throw new Error('never comes to rest');
}

describe('nextSteps', () => {
  it('always comes to rest', () => {
    expect(() => fc.assert(fc.property(anyStandings, (all) => void run(all)))).not.toThrow();
  });

  it('leaves running only what is wanted and has all it needs', () => {
    fc.assert(
      fc.property(anyStandings, (all) => {
        const { end } = run(all);
        const alive = end.filter((s) => s.alive);
        for (const s of alive) {
          expect(s.wanted).toBe(true);
          for (const need of s.needs) {
            const met = alive.some((p) => p !== s && p.offers.some((o) => o.contract === need.contract));
            expect(met).toBe(true);
          }
        }
      }),
    );
  });

  it('gives a reason for everything wanted that does not run, unless it failed', () => {
    fc.assert(
      fc.property(anyStandings, (all) => {
        const { end } = run(all);
        const { wait } = nextSteps(end);
        const idle = end.filter((s) => s.wanted && !s.alive && s.state !== 'failed');
        for (const s of idle) expect(wait.get(s.name)).toContain(`'${s.name}' needs`);
      }),
    );
  });

  it('begins nothing that is under way', () => {
    fc.assert(
      fc.property(anyStandings, (all) => {
        const { start, stop } = nextSteps(all);
        const busy = new Set(all.filter((s) => s.busy).map((s) => s.name));
        expect([...start, ...stop].filter((name) => busy.has(name))).toEqual([]);
      }),
    );
  });

  it('never stops a provider before the dependents that only it serves', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8 }), (length) => {
        const chain = Array.from(
          { length },
          (_, order): Standing => ({
            name: `s${order}`,
            order,
            state: 'active',
            wanted: order > 0,
            alive: true,
            busy: false,
            offers: [{ contract: `c${order}`, version: '1.0.0' }],
            needs: order === 0 ? [] : [{ contract: `c${order - 1}`, range: '^1.0' }],
          }),
        );
        expect(run(chain).done).toEqual(Array.from({ length }, (_, i) => `-s${length - 1 - i}`));
      }),
    );
  });

  it('gets two apart that have come to lean on each other', () => {
    const pair = (name: string, order: number, offers: string, needs: string): Standing => ({
      name,
      order,
      state: 'active',
      wanted: false,
      alive: true,
      busy: false,
      offers: [{ contract: offers, version: '1.0.0' }],
      needs: [{ contract: needs, range: '^1.0' }],
    });
    expect(run([pair('first', 0, 'a', 'b'), pair('second', 1, 'b', 'a')]).done).toEqual(['-second', '-first']);
  });
});
