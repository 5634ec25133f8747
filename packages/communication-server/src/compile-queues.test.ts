import { formatFault, sourceOf } from '@caruso/declarations';
import { describe, expect, it } from 'vitest';
import { compileCampaigns, fill } from './campaign-file.js';
import { compileQueues } from './compile-queues.js';

const objects = { Customer: { name: 'text', segment: 'text', email: 'text', since: 'date' } } as const;

const faultsOf = (text: string): string[] =>
  compileQueues([sourceOf('queues.yaml', text)], objects).faults.map(formatFault);

const sound = `
skills: { outage: 0..5 }
queues:
  general: { hours: "mo-fr 08:00-18:00", target: { answered within: 20s, share: 0.8 }, wrapUp: 30s }
  outages:
    needs: [outage >= 3]
    relax: [{ after: 3m, to: general }, { after: 60s, needs: [outage] }]
    priority: "customer.segment = 'key account' ? 10 : 5"
    wrapUp: { limit: 1m, complete: true }
    offer: 10s
channels: { chat: { queue: "like(text, '%dark%') ? 'outages' : 'general'", greeting: Hello } }
contacts: { object: Customer, match: { chat: email } }
offer: { expires: 15s, missed: 3 }
ageing: 30s
`;

describe('queues.yaml', () => {
  it('is compiled into what routing needs, steps of relaxing in their order', () => {
    const { plan, faults } = compileQueues([sourceOf('queues.yaml', sound)], objects);
    expect(faults).toEqual([]);
    expect(plan.queues.get('outages')).toMatchObject({
      label: 'outages',
      needs: [{ skill: 'outage', level: 3 }],
      wrapUp: { limit: 60_000, complete: true },
      rule: {
        offerMs: 10_000,
        relax: [
          { after: 60_000, needs: [{ skill: 'outage', level: 1 }] },
          { after: 180_000, to: 'general' },
        ],
      },
    });
    expect(plan.queues.get('general')).toMatchObject({
      target: { withinMs: 20_000, share: 0.8 },
      wrapUp: { limit: 30_000, complete: false },
      rule: { offerMs: 15_000, hours: [{ days: [1, 2, 3, 4, 5], from: 480, to: 1080 }] },
    });
    expect(plan).toMatchObject({ missedOffers: 3, ageingMs: 30_000 });
  });

  it('absent or empty still gives a queue, so that no contact is lost', () => {
    expect([...compileQueues([], objects).plan.queues.keys()]).toEqual(['general']);
    expect([...compileQueues([sourceOf('queues.yaml', '')], objects).plan.queues.keys()]).toEqual(['general']);
  });

  it('names every fault with its place and what would be right', () => {
    const faulty = `skills: { outage: 0..5 }
queues:
  general:
    needs: [outrage >= 3, outage >= 9]
    relax: [{ after: 60s, to: genral }]
    priority: "customer.segmnt = 'x' ? 1 : 2"
channels:
  chat: { queue: "text = 'a' ? 'genera' : 'general'" }
  mail: { queue: generall }
contacts: { object: Customer, match: { mail: mail } }
`;
    const at = (line: number, word: string): string =>
      `queues.yaml:${line}:${(faulty.split('\n')[line - 1] ?? '').indexOf(word) + 1}`;
    const faults = faultsOf(faulty);
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual([
      at(4, 'outrage'),
      at(4, 'outage >= 9'),
      at(5, 'genral'),
      at(6, 'segmnt'),
      at(8, "genera'"),
      at(9, 'generall'),
      at(10, 'mail }'),
    ]);
    expect(faults[0]).toContain("did you mean 'outage'?");
    expect(faults[1]).toContain('outside 0..5');
    expect(faults[2]).toContain("did you mean 'general'?");
  });

  it.each([
    ['queues: { a: { hours: nine to five } }', 'are no hours'],
    ['queues: { a: { needs: [outage => 3] } }', 'is not a need'],
    ['skills: { a: five }', 'is not a range of levels'],
    ['ageing: 2 workdays', 'workdays are not of use here'],
    ['queues: { a: { wrapup: 3s } }', "did you mean 'wrapUp'?"],
    ['channels: { chat: {} }', 'queue'],
  ])('refuses %s', (text, message) => {
    expect(faultsOf(text).join('\n')).toContain(message);
  });
});

describe('campaigns', () => {
  const text = `campaign: spring
label: Spring
for: Customer
where: segment = 'household'
channel: mail
subject: Hello {{ name }}
text: "{{ name }}, since {{ year(since) }}: {{ email }}!"
pace: 30 per hour
`;

  it('are compiled with their placeholders', () => {
    const { campaigns, faults } = compileCampaigns([sourceOf('campaigns/spring.yaml', text)], objects);
    expect(faults).toEqual([]);
    const plan = campaigns.get('spring');
    expect(plan?.pace).toBe(0.5);
    const context = { now: new Date(0), timezone: 'UTC' };
    expect(fill(plan?.text ?? [], { name: 'Ann', since: '2020-02-03', email: null }, context)).toBe(
      'Ann, since 2020: !',
    );
  });

  it('name a misspelt attribute in a placeholder by line and column', () => {
    const wrong = text.replace('{{ email }}', '{{ emial }}').replace("segment = 'household'", 'segment');
    const faults = compileCampaigns([sourceOf('campaigns/spring.yaml', wrong)], objects).faults.map(formatFault);
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual([
      'campaigns/spring.yaml:4:8',
      'campaigns/spring.yaml:7:48',
    ]);
    expect(faults[1]).toContain("unknown name 'emial' (write 'email')");
  });
});
