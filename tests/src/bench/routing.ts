import {
  type AgentRoom,
  decide,
  type QueueRule,
  type Snapshot,
  type WaitingContact,
} from '@caruso/communication-server';
import { chance } from './chance.js';
import { type Figure, figure, rates } from './figure.js';

const agentCount = 180;
const waitingCount = 200;
const now = Date.UTC(2026, 0, 5, 9);
const skills = ['billing', 'outage', 'english', 'dutch', 'move'];
const queueNames = ['general', 'billing', 'outages', 'moves', 'business', 'mail'];

/** Whole routing decisions a second with 180 agents and 200 waiting contacts, against a naive scan of every agent for every contact. */
export function routing(): Figure[] {
  const snapshot = floor();
  const mine = decide(snapshot, now).offers.map((offer) => `${offer.interaction} ${offer.agent}`);
  const theirs = naive(snapshot).map((offer) => `${offer.interaction} ${offer.agent}`);
  if (mine.join() !== theirs.join())
    throw new Error('the naive scan decides otherwise: the figures would compare different things');
  const { ours, reference } = rates(
    () => void decide(snapshot, now),
    () => void naive(snapshot),
  );
  const what = `routing decisions a second, each over ${agentCount} agents and ${waitingCount} waiting contacts (${mine.length} offers)`;
  return [figure({ name: 'routing', ours, unit: '1/s', what, against: { 'a naive scan': reference } })];
}

/** The straightforward way: for each contact in turn look at every agent, sort those who could, take the first. */
function naive(snapshot: Snapshot): { interaction: string; agent: string }[] {
  const points = (contact: WaitingContact) =>
    contact.priority + Math.floor(Math.max(0, now - contact.queuedAt) / snapshot.ageingMs);
  const due = (contact: WaitingContact) => contact.due ?? Number.MAX_SAFE_INTEGER;
  const queue = snapshot.waiting.toSorted(
    (a, b) => points(b) - points(a) || due(a) - due(b) || a.queuedAt - b.queuedAt || (a.id < b.id ? -1 : 1),
  );
  const taken = new Set<string>();
  const offers: { interaction: string; agent: string }[] = [];
  for (const contact of queue) {
    const level = (agent: AgentRoom) => contact.needs.reduce((sum, need) => sum + (agent.skills[need.skill] ?? 0), 0);
    const [agent] = snapshot.agents
      .filter((each) => each.routable && !taken.has(each.agent) && each.queues.includes(contact.queue))
      .filter((each) => each.used + 1 / (each.capacity[contact.channel] ?? Number.NaN) <= 1 + 1e-9)
      .filter((each) => contact.needs.every((need) => (each.skills[need.skill] ?? 0) >= need.level))
      .toSorted(
        (a, b) =>
          level(b) - level(a) || a.used - b.used || a.availableSince - b.availableSince || (a.agent < b.agent ? -1 : 1),
      );
    if (agent === undefined) continue;
    taken.add(agent.agent);
    offers.push({ interaction: contact.id, agent: agent.agent });
  }
  return offers;
}

function floor(): Snapshot {
  const random = chance(7);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const queues = new Map<string, QueueRule>(
    queueNames.map((queue) => [queue, { queue, hours: 'always', relax: [], offerMs: 20_000 } as QueueRule]),
  );
  // A queue asks for one skill or the other, as declared, at its full or at its relaxed level.
  const needsOf = new Map(
    queueNames.map((queue, index) => [queue, [skills[index % 5] ?? '', skills[(index + 1) % 5] ?? '']]),
  );
  const agents: AgentRoom[] = Array.from({ length: agentCount }, (_, index) => ({
    agent: `agent-${String(index).padStart(3, '0')}`,
    routable: random() > 0.3,
    queues: queueNames.filter(() => random() > 0.5),
    skills: Object.fromEntries(skills.map((skill) => [skill, Math.floor(random() * 6)])),
    capacity: { voice: 1, chat: 2, mail: 4 },
    used: pick([0, 0, 0.25, 0.5]),
    availableSince: now - Math.floor(random() * 600_000),
  }));
  const waiting: WaitingContact[] = Array.from({ length: waitingCount }, (_, index) => {
    const queuedAt = now - Math.floor(random() * 300_000);
    const queue = pick(queueNames);
    return {
      id: `contact-${String(index).padStart(3, '0')}`,
      queue,
      channel: pick(['voice', 'chat', 'mail']),
      needs: queue === 'general' ? [] : [{ skill: pick(needsOf.get(queue) ?? skills), level: pick([2, 3]) }],
      priority: Math.floor(random() * 10),
      queuedAt,
      enteredQueueAt: queuedAt,
      due: null,
      preferredAgent: null,
      reservedFor: null,
      passedOver: new Map(),
    };
  });
  return { queues, waiting, offers: [], wrapUps: [], agents, ageingMs: 60_000, timezone: 'Europe/Amsterdam' };
}
