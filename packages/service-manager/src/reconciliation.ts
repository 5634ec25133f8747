import { serves } from './life-cycle.js';
import { byContract, explain, type NeedFact, offeredVersion, type ProviderFact } from './need-resolution.js';

/** Where a registration stands, as plain data. */
export interface Standing extends ProviderFact {
  /** It should be running. */
  wanted: boolean;
  /** It holds, or is making, an instance. */
  alive: boolean;
  /** A transition is under way; no other may begin. */
  busy: boolean;
  /** Its required needs. */
  needs: readonly NeedFact[];
}

export interface Steps {
  start: string[];
  stop: string[];
  /** Why those wait that can neither start nor go on. */
  wait: Map<string, string>;
}

/**
 * What may be done now to bring every registration to where it is wanted: dependents stop before what they need, and
 * start after it.
 */
export function nextSteps(all: readonly Standing[]): Steps {
  const offering = byContract(all);
  const kept = supported(all, offering);
  const steps: Steps = { start: [], stop: [], wait: new Map() };
  const leaving = all.filter((s) => s.alive && !kept.has(s));

  const held = usedBy(leaving, offering);
  for (const standing of leaving) if (!standing.busy && !held.has(standing)) steps.stop.push(standing.name);
  // Alternatives may have come to lean on each other; then the youngest goes first.
  if (steps.stop.length === 0 && leaving.length > 0 && !all.some((s) => s.busy)) {
    const youngest = leaving.reduce((a, b) => (b.order > a.order ? b : a));
    steps.stop.push(youngest.name);
  }

  const ready = (s: Standing): boolean => kept.has(s) && serves(s.state);
  for (const standing of all) {
    if (!standing.wanted || standing.alive || standing.busy) continue;
    const unmet = standing.needs.find((need) => !isMet(need, standing, offering, ready));
    if (unmet !== undefined) steps.wait.set(standing.name, whyUnmet(standing, unmet, all, offering));
    else if (standing.state !== 'failed') steps.start.push(standing.name);
  }
  return steps;
}

type Offering = ReadonlyMap<string, readonly Standing[]>;

/** Those alive that may stay: wanted, and each required need met by another that may stay. */
function supported(all: readonly Standing[], offering: Offering): Set<Standing> {
  const kept = new Set(all.filter((s) => s.alive && s.wanted));
  const stays = (s: Standing): boolean => kept.has(s);
  for (let changed = true; changed; ) {
    changed = false;
    for (const standing of kept) {
      if (standing.needs.every((need) => isMet(need, standing, offering, stays))) continue;
      kept.delete(standing);
      changed = true;
    }
  }
  return kept;
}

/** All that any of the consumers may be using. */
function usedBy(consumers: readonly Standing[], offering: Offering): Set<Standing> {
  const used = new Set<Standing>();
  for (const consumer of consumers) {
    for (const need of consumer.needs) {
      for (const other of offering.get(need.contract) ?? []) if (meets(need, consumer, other)) used.add(other);
    }
  }
  return used;
}

function isMet(need: NeedFact, self: Standing, offering: Offering, by: (other: Standing) => boolean): boolean {
  return (offering.get(need.contract) ?? []).some((other) => by(other) && meets(need, self, other));
}

/** Whether the other would meet the need if it served. */
function meets(need: NeedFact, self: Standing, other: Standing): boolean {
  return isOther(other, self) && offeredVersion(need, other) !== undefined;
}

function whyUnmet(standing: Standing, need: NeedFact, all: readonly Standing[], offering: Offering): string {
  // Of a provider meant by its name it is told what else it offers.
  const asked = need.provider === undefined ? (offering.get(need.contract) ?? []) : all;
  const others = asked.filter((other) => isOther(other, standing));
  return explain(`'${standing.name}'`, need, others);
}

function isOther(other: Standing, self: Standing): boolean {
  return other.name !== self.name || other.node !== self.node;
}
