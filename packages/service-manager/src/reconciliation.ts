import { serves } from './life-cycle.js';
import { candidates, explain, type NeedFact, type ProviderFact } from './need-resolution.js';

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
  const kept = supported(all);
  const steps: Steps = { start: [], stop: [], wait: new Map() };
  const leaving = all.filter((s) => s.alive && !kept.has(s));

  for (const standing of leaving) {
    if (standing.busy) continue;
    const held = leaving.some((other) => other !== standing && uses(other, standing));
    if (!held) steps.stop.push(standing.name);
  }
  // Alternatives may have come to lean on each other; then the youngest goes first.
  if (steps.stop.length === 0 && leaving.length > 0 && !all.some((s) => s.busy)) {
    const youngest = leaving.reduce((a, b) => (b.order > a.order ? b : a));
    steps.stop.push(youngest.name);
  }

  const ready = [...kept].filter((s) => serves(s.state));
  for (const standing of all) {
    if (!standing.wanted || standing.alive || standing.busy) continue;
    const unmet = standing.needs.find((need) => candidates(need, others(ready, standing)).length === 0);
    if (unmet !== undefined) steps.wait.set(standing.name, explain(`'${standing.name}'`, unmet, others(all, standing)));
    else if (standing.state !== 'failed') steps.start.push(standing.name);
  }
  return steps;
}

/** Those alive that may stay: wanted, and each required need met by another that may stay. */
function supported(all: readonly Standing[]): Set<Standing> {
  const kept = new Set(all.filter((s) => s.alive && s.wanted));
  for (let changed = true; changed; ) {
    changed = false;
    for (const standing of kept) {
      const pool = others([...kept], standing);
      if (standing.needs.every((need) => candidates(need, pool).length > 0)) continue;
      kept.delete(standing);
      changed = true;
    }
  }
  return kept;
}

function uses(consumer: Standing, provider: Standing): boolean {
  return consumer.needs.some((need) => candidates(need, [provider]).length > 0);
}

function others(all: readonly Standing[], self: Standing): Standing[] {
  return all.filter((s) => s.name !== self.name || s.node !== self.node);
}
