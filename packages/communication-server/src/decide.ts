import { fits, weight } from './agent-row.js';
import { isOpenAt } from './hours.js';
import type { SkillNeed } from './interaction-row.js';
import type { AgentRoom, Decision, QueueRule, Snapshot, WaitingContact } from './routing-snapshot.js';

/**
 * Who is offered what, which offers lapsed, who moves on. Pure: the same snapshot and time give the same decision.
 *
 * Contacts are taken by priority, which grows by one point for each `ageingMs` of waiting, then by due time, arrival and id. An agent
 * must serve the queue, have each needed skill at its level (less after the steps of `relax`) and room for the channel. Of several, the
 * one who last spoke with the customer comes first, then the most proficient in the needed skills, the least loaded, the longest
 * available. An agent has one offer at a time. What lapses or moves is not offered in the same decision; it is in the next one.
 *
 * @example
 * const { offers, wakeAt } = decide(snapshot, clock.now());
 */
export function decide(snapshot: Snapshot, now: number): Decision {
  const decision: Decision = { offers: [], expiries: [], overflows: [], completions: [], wakeAt: null };
  const wake = (at: number): void => {
    if (at > now && (decision.wakeAt === null || at < decision.wakeAt)) decision.wakeAt = at;
  };
  for (const offer of snapshot.offers) {
    if (offer.expiresAt <= now) {
      decision.expiries.push({ interaction: offer.id, agent: offer.agent, token: offer.token });
    } else wake(offer.expiresAt);
  }
  for (const wrapUp of snapshot.wrapUps) {
    if (wrapUp.until <= now) decision.completions.push({ interaction: wrapUp.id });
    else wake(wrapUp.until);
  }
  const candidates: Candidate[] = [];
  for (const contact of snapshot.waiting) {
    const rule = snapshot.queues.get(contact.queue);
    const stage = stageOf(contact, rule, now, wake);
    if (stage.to !== null) {
      decision.overflows.push({ interaction: contact.id, from: contact.queue, to: stage.to });
    } else if (rule === undefined || isOpenAt(rule.hours, now, snapshot.timezone)) {
      if (contact.passedOver.size > 0) for (const until of contact.passedOver.values()) wake(until);
      candidates.push({ contact, rule, step: stage.step, points: points(contact, snapshot.ageingMs, now) });
    }
  }
  if (candidates.length > 0) offer(candidates, new Floor(snapshot.agents), now, decision, wake);
  return decision;
}

/** How long an offer rings where the queue is no longer declared. */
const defaultOfferMs = 30_000;

interface Candidate {
  contact: WaitingContact;
  rule: QueueRule | undefined;
  /** How many steps of `relax` are behind it. */
  step: number;
  points: number;
}

function offer(
  candidates: Candidate[],
  floor: Floor,
  now: number,
  decision: Decision,
  wake: (at: number) => void,
): void {
  if (floor.empty) return;
  candidates.sort(byTurn);
  for (const candidate of candidates) {
    const { contact, rule } = candidate;
    const agent = floor.pick(candidate, now);
    if (agent === undefined) continue;
    const expiresAt = now + (rule?.offerMs ?? defaultOfferMs);
    wake(expiresAt);
    decision.offers.push({
      interaction: contact.id,
      agent: agent.agent,
      expiresAt,
      reason: reason(candidate, agent, now),
    });
    if (floor.empty) return;
  }
}

/** Whole points, so that contacts of the same minute are told apart by due time. */
function points(contact: WaitingContact, ageingMs: number, now: number): number {
  return contact.priority + Math.floor(Math.max(0, now - contact.queuedAt) / ageingMs);
}

function byTurn(left: Candidate, right: Candidate): number {
  return right.points - left.points || inLine(left.contact, right.contact);
}

function inLine(left: WaitingContact, right: WaitingContact): number {
  const due = (left.due ?? Number.POSITIVE_INFINITY) - (right.due ?? Number.POSITIVE_INFINITY);
  // Infinity - Infinity is NaN: neither has a due time.
  if (due !== 0 && !Number.isNaN(due)) return due;
  return left.queuedAt - right.queuedAt || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0);
}

/** The contacts of one queue in the order in which they will be taken, for positions and for pulling. */
export function lineUp(waiting: readonly WaitingContact[], ageingMs: number, now: number): WaitingContact[] {
  const ranked = waiting.map((contact) => ({ contact, points: points(contact, ageingMs, now) }));
  ranked.sort((left, right) => right.points - left.points || inLine(left.contact, right.contact));
  return ranked.map((each) => each.contact);
}

function stageOf(
  contact: WaitingContact,
  rule: QueueRule | undefined,
  now: number,
  wake: (at: number) => void,
): { step: number; to: string | null } {
  let step = 0;
  for (const relax of rule?.relax ?? []) {
    const at = contact.enteredQueueAt + relax.after;
    if (at > now) {
      wake(at);
      break;
    }
    // A contact that a supervisor gave to one agent stays where it is.
    if ('to' in relax) {
      if (contact.reservedFor === null) return { step, to: relax.to };
    } else step += 1;
  }
  return { step, to: null };
}

function needsAt(candidate: Candidate): readonly SkillNeed[] {
  if (candidate.step === 0) return candidate.contact.needs;
  let needs = candidate.contact.needs;
  let left = candidate.step;
  for (const relax of candidate.rule?.relax ?? []) {
    if (left === 0) break;
    if (!('needs' in relax)) continue;
    needs = relax.needs;
    left -= 1;
  }
  return needs;
}

/** An agent with room, and whether this decision has given it an offer. */
interface Seat {
  room: AgentRoom;
  taken: boolean;
}

/** The agents of a queue by their level in one skill, best first; within a level by load and availability. */
interface Ranking {
  tiers: { level: number; seats: Seat[]; head: number }[];
  /** By channel, the level from which on nobody is left. */
  exhausted: Map<string, number>;
}

/** The agents with room, indexed by queue and skill, so that a contact looks at few of them. */
class Floor {
  readonly #seats: Seat[] = [];
  /** Made when a contact asks for somebody by name. */
  #byName: Map<string, Seat> | undefined;
  readonly #byQueue = new Map<string, Seat[]>();
  readonly #rankings = new Map<string, Map<string, Ranking>>();
  #left: number;

  constructor(agents: readonly AgentRoom[]) {
    const routable = agents.filter((agent) => agent.routable).sort(byAvailability);
    this.#left = routable.length;
    for (const room of routable) {
      const seat: Seat = { room, taken: false };
      this.#seats.push(seat);
      for (const queue of room.queues) {
        const served = this.#byQueue.get(queue);
        if (served === undefined) this.#byQueue.set(queue, [seat]);
        else served.push(seat);
      }
    }
  }

  get empty(): boolean {
    return this.#left === 0;
  }

  pick(candidate: Candidate, now: number): AgentRoom | undefined {
    const { contact } = candidate;
    const seat = contact.reservedFor === null ? this.#best(candidate, now) : this.#reserved(contact, now);
    if (seat === undefined) return undefined;
    seat.taken = true;
    this.#left -= 1;
    return seat.room;
  }

  #named(agent: string): Seat | undefined {
    this.#byName ??= new Map(this.#seats.map((seat) => [seat.room.agent, seat]));
    return this.#byName.get(agent);
  }

  #reserved(contact: WaitingContact, now: number): Seat | undefined {
    const seat = this.#named(contact.reservedFor ?? '');
    if (seat === undefined || seat.taken || passedOver(contact, seat.room, now)) return undefined;
    return fits(seat.room.used, weight(seat.room.capacity, contact.channel)) ? seat : undefined;
  }

  #best(candidate: Candidate, now: number): Seat | undefined {
    const { contact } = candidate;
    const needs = needsAt(candidate);
    if (contact.preferredAgent !== null) {
      const seat = this.#named(contact.preferredAgent);
      if (seat !== undefined && !seat.taken && seat.room.queues.includes(contact.queue)) {
        if (!passedOver(contact, seat.room, now) && isEligible(seat.room, contact.channel, needs)) return seat;
      }
    }
    return needs.length > 1 ? this.#mostProficient(contact, needs, now) : this.#highest(contact, needs[0], now);
  }

  /** For one skill or none: the first that is free, from the highest level down. */
  #highest(contact: WaitingContact, need: SkillNeed | undefined, now: number): Seat | undefined {
    const ranking = this.#ranking(contact.queue, need?.skill ?? '');
    const least = need?.level ?? 0;
    if (least >= (ranking.exhausted.get(contact.channel) ?? Number.POSITIVE_INFINITY)) return undefined;
    let passed = false;
    for (const tier of ranking.tiers) {
      if (tier.level < least) break;
      while (tier.seats[tier.head]?.taken === true) tier.head += 1;
      for (let at = tier.head; at < tier.seats.length; at += 1) {
        const seat = tier.seats[at];
        if (seat === undefined || seat.taken) continue;
        if (!fits(seat.room.used, weight(seat.room.capacity, contact.channel))) continue;
        if (!passedOver(contact, seat.room, now)) return seat;
        passed = true;
      }
    }
    if (!passed) ranking.exhausted.set(contact.channel, least);
    return undefined;
  }

  /** For several skills: who has most of them together. */
  #mostProficient(contact: WaitingContact, needs: readonly SkillNeed[], now: number): Seat | undefined {
    let best: Seat | undefined;
    let most = Number.NEGATIVE_INFINITY;
    for (const seat of this.#byQueue.get(contact.queue) ?? []) {
      if (seat.taken || !isEligible(seat.room, contact.channel, needs) || passedOver(contact, seat.room, now)) continue;
      const level = proficiency(seat.room, needs);
      if (level <= most) continue;
      best = seat;
      most = level;
    }
    return best;
  }

  #ranking(queue: string, skill: string): Ranking {
    let bySkill = this.#rankings.get(queue);
    if (bySkill === undefined) this.#rankings.set(queue, (bySkill = new Map()));
    let ranking = bySkill.get(skill);
    if (ranking === undefined) bySkill.set(skill, (ranking = rank(this.#byQueue.get(queue) ?? [], skill)));
    return ranking;
  }
}

/** `''` ranks without a skill: all are equal. */
function rank(seats: readonly Seat[], skill: string): Ranking {
  const tiers = new Map<number, Seat[]>();
  for (const seat of seats) {
    const level = skill === '' ? 0 : (seat.room.skills[skill] ?? 0);
    const tier = tiers.get(level);
    if (tier === undefined) tiers.set(level, [seat]);
    else tier.push(seat);
  }
  const sorted = [...tiers].sort(([left], [right]) => right - left);
  return { tiers: sorted.map(([level, found]) => ({ level, seats: found, head: 0 })), exhausted: new Map() };
}

function byAvailability(left: AgentRoom, right: AgentRoom): number {
  return (
    left.used - right.used ||
    left.availableSince - right.availableSince ||
    (left.agent < right.agent ? -1 : left.agent > right.agent ? 1 : 0)
  );
}

function isEligible(agent: AgentRoom, channel: string, needs: readonly SkillNeed[]): boolean {
  if (!fits(agent.used, weight(agent.capacity, channel))) return false;
  for (const need of needs) if ((agent.skills[need.skill] ?? 0) < need.level) return false;
  return true;
}

function proficiency(agent: AgentRoom, needs: readonly SkillNeed[]): number {
  let sum = 0;
  for (const need of needs) sum += agent.skills[need.skill] ?? 0;
  return sum;
}

function passedOver(contact: WaitingContact, agent: AgentRoom, now: number): boolean {
  if (contact.passedOver.size === 0) return false;
  const until = contact.passedOver.get(agent.agent);
  return until !== undefined && until > now;
}

function reason(candidate: Candidate, agent: AgentRoom, now: number): string {
  const { contact, step } = candidate;
  let text = contact.queue;
  if (contact.reservedFor === agent.agent) text += '; given by a supervisor';
  else if (contact.preferredAgent === agent.agent) text += '; spoke with this customer last';
  for (const { skill, level } of needsAt(candidate)) text += `; ${skill} ${agent.skills[skill] ?? 0} (needed ${level})`;
  if (step > 0) text += `; needs relaxed after ${Math.round((now - contact.enteredQueueAt) / 1000)} s`;
  return `${text}; available for ${Math.max(0, Math.round((now - agent.availableSince) / 1000))} s`;
}
