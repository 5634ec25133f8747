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
      for (const until of contact.passedOver.values()) wake(until);
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

/** The agents with room, indexed by queue and by what is asked of them, so that a contact looks at few of them. */
class Floor {
  readonly #byName = new Map<string, AgentRoom>();
  readonly #byQueue = new Map<string, AgentRoom[]>();
  readonly #groups = new Map<string, AgentRoom[]>();
  readonly #heads = new Map<AgentRoom[], number>();
  readonly #taken = new Set<AgentRoom>();
  #left: number;

  constructor(agents: readonly AgentRoom[]) {
    const routable = agents.filter((agent) => agent.routable).sort(byAvailability);
    this.#left = routable.length;
    for (const agent of routable) {
      this.#byName.set(agent.agent, agent);
      for (const queue of agent.queues) {
        const served = this.#byQueue.get(queue);
        if (served === undefined) this.#byQueue.set(queue, [agent]);
        else served.push(agent);
      }
    }
  }

  get empty(): boolean {
    return this.#left === 0;
  }

  pick(candidate: Candidate, now: number): AgentRoom | undefined {
    const { contact } = candidate;
    const found = contact.reservedFor === null ? this.#best(candidate, now) : this.#reserved(contact, now);
    if (found !== undefined) {
      this.#taken.add(found);
      this.#left -= 1;
    }
    return found;
  }

  #reserved(contact: WaitingContact, now: number): AgentRoom | undefined {
    const agent = this.#byName.get(contact.reservedFor ?? '');
    if (agent === undefined || this.#taken.has(agent) || passedOver(contact, agent, now)) return undefined;
    return fits(agent.used, weight(agent.capacity, contact.channel)) ? agent : undefined;
  }

  #best(candidate: Candidate, now: number): AgentRoom | undefined {
    const { contact } = candidate;
    const preferred = contact.preferredAgent === null ? undefined : this.#byName.get(contact.preferredAgent);
    if (preferred !== undefined && !this.#taken.has(preferred) && !passedOver(contact, preferred, now)) {
      const serves = preferred.queues.includes(contact.queue);
      if (serves && isEligible(preferred, contact.channel, needsAt(candidate))) return preferred;
    }
    const group = this.#group(candidate);
    let head = this.#heads.get(group) ?? 0;
    while (head < group.length && this.#taken.has(group[head] as AgentRoom)) head += 1;
    this.#heads.set(group, head);
    for (let at = head; at < group.length; at += 1) {
      const agent = group[at] as AgentRoom;
      if (!this.#taken.has(agent) && !passedOver(contact, agent, now)) return agent;
    }
    return undefined;
  }

  /** Eligible agents for one queue, channel and set of needs, best first. */
  #group(candidate: Candidate): AgentRoom[] {
    const { queue, channel } = candidate.contact;
    const needs = needsAt(candidate);
    let key = `${queue}\n${channel}`;
    for (const need of needs) key += `\n${need.skill}=${need.level}`;
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const eligible = (this.#byQueue.get(queue) ?? []).filter((agent) => isEligible(agent, channel, needs));
    // The sort is stable: equals in proficiency keep the order of load and availability.
    if (needs.length > 0) eligible.sort((left, right) => proficiency(right, needs) - proficiency(left, needs));
    this.#groups.set(key, eligible);
    return eligible;
  }
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
  const until = contact.passedOver.get(agent.agent);
  return until !== undefined && until > now;
}

function reason(candidate: Candidate, agent: AgentRoom, now: number): string {
  const { contact, step } = candidate;
  const needs = needsAt(candidate);
  const parts = [contact.queue];
  if (contact.reservedFor === agent.agent) parts.push('given by a supervisor');
  else if (contact.preferredAgent === agent.agent) parts.push('spoke with this customer last');
  for (const need of needs) parts.push(`${need.skill} ${agent.skills[need.skill] ?? 0} (needed ${need.level})`);
  if (step > 0) parts.push(`needs relaxed after ${Math.round((now - contact.enteredQueueAt) / 1000)} s`);
  parts.push(`available for ${Math.max(0, Math.round((now - agent.availableSince) / 1000))} s`);
  return parts.join('; ');
}
