import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fits, weight } from './agent-row.js';
import { decide, lineUp } from './decide.js';
import type { AgentRoom, NewOffer, QueueRule, Snapshot, WaitingContact } from './routing-snapshot.js';

const now = Date.UTC(2026, 0, 5, 8);

function rule(changes: Partial<QueueRule> & { queue: string }): QueueRule {
  return { hours: 'always', relax: [], offerMs: 20_000, ...changes };
}

function contact(changes: Partial<WaitingContact> & { id: string }): WaitingContact {
  return {
    queue: 'general',
    channel: 'chat',
    needs: [],
    priority: 0,
    queuedAt: now - 1000,
    enteredQueueAt: now - 1000,
    due: null,
    preferredAgent: null,
    reservedFor: null,
    passedOver: new Map(),
    ...changes,
  };
}

function agent(changes: Partial<AgentRoom> & { agent: string }): AgentRoom {
  return {
    routable: true,
    queues: ['general'],
    skills: {},
    capacity: { voice: 1, chat: 2, mail: 3 },
    used: 0,
    availableSince: now - 5000,
    ...changes,
  };
}

function snapshot(changes: Partial<Snapshot>): Snapshot {
  return {
    queues: new Map([['general', rule({ queue: 'general' })]]),
    waiting: [],
    offers: [],
    wrapUps: [],
    agents: [],
    ageingMs: 60_000,
    timezone: 'Europe/Amsterdam',
    ...changes,
  };
}

const pairs = (offers: NewOffer[]): string[] => offers.map((offer) => `${offer.interaction}>${offer.agent}`);

describe('decide', () => {
  it('offers the longest available of equals first', () => {
    const agents = [
      agent({ agent: 'late', availableSince: now - 10 }),
      agent({ agent: 'early', availableSince: now - 20 }),
    ];
    const waiting = [contact({ id: 'a' })];
    expect(pairs(decide(snapshot({ agents, waiting }), now).offers)).toEqual(['a>early']);
  });

  it('prefers who spoke with the customer, then proficiency, then who has less to do', () => {
    const needs = [{ skill: 'billing', level: 1 }];
    const agents = [
      agent({ agent: 'expert', skills: { billing: 5 }, used: 0.5 }),
      agent({ agent: 'able', skills: { billing: 3 } }),
      agent({ agent: 'able-busy', skills: { billing: 3 }, used: 0.3, availableSince: now - 60_000 }),
      agent({ agent: 'known', skills: { billing: 1 } }),
      agent({ agent: 'unskilled' }),
    ];
    const waiting = [1, 2, 3, 4, 5].map((n) =>
      contact({ id: `c${n}`, needs, queuedAt: now - 1000 + n, preferredAgent: n === 1 ? 'known' : null }),
    );
    expect(pairs(decide(snapshot({ agents, waiting }), now).offers)).toEqual([
      'c1>known',
      'c2>expert',
      'c3>able',
      'c4>able-busy',
    ]);
  });

  it('relaxes needs in timed steps, then moves the contact on, and says when to look again', () => {
    const queues = new Map([
      [
        'outages',
        rule({
          queue: 'outages',
          relax: [
            { after: 60_000, needs: [{ skill: 'outage', level: 1 }] },
            { after: 180_000, to: 'general' },
          ],
        }),
      ],
    ]);
    const waiting = [
      contact({ id: 'a', queue: 'outages', needs: [{ skill: 'outage', level: 3 }], enteredQueueAt: now }),
    ];
    const agents = [agent({ agent: 'junior', queues: ['outages'], skills: { outage: 1 } })];
    const first = decide(snapshot({ queues, waiting, agents }), now);
    expect(first).toMatchObject({ offers: [], overflows: [], wakeAt: now + 60_000 });
    const second = decide(snapshot({ queues, waiting, agents }), now + 60_000);
    expect(second.offers).toMatchObject([
      { agent: 'junior', reason: 'outages; outage 1 (needed 1); needs relaxed after 60 s; available for 65 s' },
    ]);
    expect(decide(snapshot({ queues, waiting, agents }), now + 180_000).overflows).toEqual([
      { interaction: 'a', from: 'outages', to: 'general' },
    ]);
  });

  it('lets priority go first, and due time decide among equals', () => {
    const waiting = [
      contact({ id: 'first', queuedAt: now - 30_000 }),
      contact({ id: 'due', queuedAt: now - 2000, due: now + 1000 }),
      contact({ id: 'vip', queuedAt: now, priority: 5 }),
    ];
    expect(lineUp(waiting, 60_000, now).map((each) => each.id)).toEqual(['vip', 'due', 'first']);
  });

  it('ends offers nobody took and wrap-ups whose time is over, and offers the freed contact only afterwards', () => {
    const offers = [{ id: 'a', agent: 'anna', token: 3, expiresAt: now }];
    const wrapUps = [
      { id: 'b', until: now - 1 },
      { id: 'c', until: now + 5000 },
    ];
    expect(decide(snapshot({ offers, wrapUps }), now)).toEqual({
      offers: [],
      expiries: [{ interaction: 'a', agent: 'anna', token: 3 }],
      overflows: [],
      completions: [{ interaction: 'b' }],
      wakeAt: now + 5000,
    });
  });

  it('does not ask again an agent who let the offer go by, until the pause is over', () => {
    const waiting = [contact({ id: 'a', passedOver: new Map([['anna', now + 30_000]]) })];
    const agents = [agent({ agent: 'anna' })];
    expect(decide(snapshot({ waiting, agents }), now)).toMatchObject({ offers: [], wakeAt: now + 30_000 });
    expect(pairs(decide(snapshot({ waiting, agents }), now + 30_000).offers)).toEqual(['a>anna']);
  });

  it('keeps what a supervisor gave to one agent for that agent, whatever its queues and skills', () => {
    const waiting = [contact({ id: 'a', needs: [{ skill: 'billing', level: 5 }], reservedFor: 'bert' })];
    const agents = [agent({ agent: 'anna', skills: { billing: 5 } }), agent({ agent: 'bert', queues: [] })];
    expect(pairs(decide(snapshot({ waiting, agents }), now).offers)).toEqual(['a>bert']);
    expect(decide(snapshot({ waiting, agents: agents.slice(0, 1) }), now).offers).toEqual([]);
  });

  it('offers nothing of a queue outside its hours', () => {
    const queues = new Map([
      ['general', rule({ queue: 'general', hours: [{ days: [1], from: 10 * 60, to: 12 * 60 }] })],
    ]);
    const state = snapshot({ queues, waiting: [contact({ id: 'a' })], agents: [agent({ agent: 'anna' })] });
    // 08:00 UTC is 09:00 in Amsterdam in winter.
    expect(decide(state, now).offers).toEqual([]);
    expect(decide(state, now + 3_600_000).offers).toHaveLength(1);
  });
});

const name = fc.constantFrom('anna', 'bert', 'cees', 'dora', 'emma', 'fons');
const queueName = fc.constantFrom('general', 'billing', 'outages');
const channelName = fc.constantFrom('voice', 'chat', 'mail');
const skillNeed = fc.record({ skill: fc.constantFrom('billing', 'outage'), level: fc.integer({ min: 1, max: 5 }) });
const past = fc.integer({ min: now - 600_000, max: now });
const anyContact: fc.Arbitrary<Omit<WaitingContact, 'id'>> = fc.record({
  queue: queueName,
  channel: channelName,
  needs: fc.array(skillNeed, { maxLength: 2 }),
  priority: fc.integer({ min: 0, max: 10 }),
  queuedAt: past,
  enteredQueueAt: past,
  due: fc.option(fc.integer({ min: now, max: now + 100_000 })),
  preferredAgent: fc.option(name),
  reservedFor: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, name),
  passedOver: fc
    .array(fc.tuple(name, fc.integer({ min: now - 10, max: now + 10 })), { maxLength: 2 })
    .map((each) => new Map(each)),
});
const anyAgent: fc.Arbitrary<AgentRoom> = fc.record({
  agent: name,
  routable: fc.boolean(),
  queues: fc.uniqueArray(queueName),
  skills: fc.record({ billing: fc.integer({ min: 0, max: 5 }), outage: fc.integer({ min: 0, max: 5 }) }),
  capacity: fc.constantFrom({ voice: 1, chat: 2, mail: 3 }, { voice: 0, chat: 3 }, {}),
  used: fc.constantFrom(0, 1 / 3, 0.5, 2 / 3, 1),
  availableSince: past,
});
const anySnapshot: fc.Arbitrary<Snapshot> = fc.record({
  queues: fc.constant(
    new Map([
      ['general', rule({ queue: 'general' })],
      [
        'billing',
        rule({
          queue: 'billing',
          hours: [{ days: [1], from: 0, to: 600 }],
          relax: [{ after: 300_000, to: 'general' }],
        }),
      ],
      [
        'outages',
        rule({
          queue: 'outages',
          relax: [
            { after: 100_000, needs: [{ skill: 'outage', level: 1 }] },
            { after: 200_000, needs: [] },
          ],
        }),
      ],
    ]),
  ),
  waiting: fc
    .array(anyContact, { maxLength: 12 })
    .map((all) => all.map((each, index) => ({ ...each, id: `i${index}` }))),
  offers: fc.constant([]),
  wrapUps: fc.constant([]),
  agents: fc.uniqueArray(anyAgent, { selector: (each) => each.agent, maxLength: 6 }),
  ageingMs: fc.constantFrom(30_000, 60_000),
  timezone: fc.constant('Europe/Amsterdam'),
});

/** What `decide` promises, written the slow way: for each contact in turn, look at every agent and sort. */
function reference(state: Snapshot): string[] {
  const free = new Set(state.agents.filter((each) => each.routable));
  const offers: string[] = [];
  for (const each of lineUp(state.waiting, state.ageingMs, now)) {
    let needs = each.needs;
    let overflows = false;
    for (const step of state.queues.get(each.queue)?.relax ?? []) {
      if (each.enteredQueueAt + step.after > now || overflows) break;
      if ('needs' in step) needs = step.needs;
      else overflows = each.reservedFor === null;
    }
    if (overflows) continue;
    const level = (one: AgentRoom): number => needs.reduce((sum, need) => sum + (one.skills[need.skill] ?? 0), 0);
    const able = [...free].filter(
      (one) =>
        (each.passedOver.get(one.agent) ?? 0) <= now &&
        fits(one.used, weight(one.capacity, each.channel)) &&
        (each.reservedFor === null
          ? one.queues.includes(each.queue) && needs.every((need) => (one.skills[need.skill] ?? 0) >= need.level)
          : one.agent === each.reservedFor),
    );
    able.sort(
      (a, b) =>
        Number(b.agent === each.preferredAgent) - Number(a.agent === each.preferredAgent) ||
        level(b) - level(a) ||
        a.used - b.used ||
        a.availableSince - b.availableSince ||
        a.agent.localeCompare(b.agent),
    );
    const best = able[0];
    if (best === undefined) continue;
    free.delete(best);
    offers.push(`${each.id}>${best.agent}`);
  }
  return offers;
}

describe('decide, for any floor', () => {
  it('decides as the slow reference does', () => {
    const same = fc.property(anySnapshot, (state) => {
      expect(pairs(decide(state, now).offers)).toEqual(reference(state));
    });
    fc.assert(same, { numRuns: 500 });
  });

  it('never offers a contact twice, an agent twice, or beyond capacity', () => {
    fc.assert(
      fc.property(anySnapshot, (state) => {
        const { offers, overflows } = decide(state, now);
        const contacts = [...offers, ...overflows].map((each) => each.interaction);
        expect(new Set(contacts).size).toBe(contacts.length);
        expect(new Set(offers.map((each) => each.agent)).size).toBe(offers.length);
        for (const each of offers) {
          const to = state.agents.find((one) => one.agent === each.agent);
          const what = state.waiting.find((one) => one.id === each.interaction);
          expect(to?.routable).toBe(true);
          expect(fits(to?.used ?? 1, weight(to?.capacity ?? {}, what?.channel ?? ''))).toBe(true);
        }
      }),
    );
  });

  it('is deterministic: the order of the snapshot does not matter', () => {
    fc.assert(
      fc.property(anySnapshot, (state) => {
        const turned = { ...state, waiting: [...state.waiting].reverse(), agents: [...state.agents].reverse() };
        expect(decide(turned, now).offers).toEqual(decide(state, now).offers);
      }),
    );
  });

  it('starves nobody: what came late enough never goes before what waits, whatever its priority', () => {
    const priority = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(priority, priority, fc.integer({ min: 1, max: 120_000 }), past, (low, high, ageingMs, queuedAt) => {
        const old = contact({ id: 'old', priority: low, queuedAt });
        const late = contact({
          id: 'late',
          priority: high,
          queuedAt: queuedAt + (Math.max(0, high - low) + 1) * ageingMs,
        });
        const at = Math.max(now, late.queuedAt);
        expect(lineUp([late, old], ageingMs, at)[0]?.id).toBe('old');
      }),
    );
  });
});
