/** Where a circuit stands, as plain data. Times in milliseconds. */
export type Circuit =
  | { state: 'closed'; outcomes: readonly Outcome[] }
  | { state: 'open'; until: number; lasted: number; why: string }
  /** One call is let through to see whether it is answered. */
  | { state: 'half-open'; trying: boolean; lasted: number; why: string };

interface Outcome {
  at: number;
  answered: boolean;
}

export interface CircuitRules {
  /** How many of the last calls are looked at. */
  calls: number;
  /** How long a call counts, in milliseconds. */
  period: number;
  /** Fewest calls without an answer that open the circuit. */
  least: number;
  /** Share of calls without an answer that opens it, 0 to 1. */
  share: number;
  /** How long it stays open the first time; twice as long each further time, up to `longest`. Milliseconds. */
  open: number;
  longest: number;
}

export const circuitRules: CircuitRules = {
  calls: 20,
  period: 30_000,
  least: 5,
  share: 0.5,
  open: 5_000,
  longest: 60_000,
};

export const closedCircuit: Circuit = { state: 'closed', outcomes: [] };

/**
 * The circuit after a call was answered, or was not. A wrong answer is an answer: it is cheap, and fencing the provider off
 * would not mend it. After M. Nygard, Release It!, "Circuit Breaker".
 */
export function afterCall(
  circuit: Circuit,
  answered: boolean,
  now: number,
  rules: CircuitRules = circuitRules,
): Circuit {
  if (circuit.state === 'open') return circuit;
  if (circuit.state === 'half-open') {
    return answered ? closedCircuit : opened(now, Math.min(circuit.lasted * 2, rules.longest), circuit.why);
  }
  // Nothing to keep while all is well.
  if (answered && circuit.outcomes.length === 0) return circuit;
  const recent = circuit.outcomes.filter((outcome) => outcome.at > now - rules.period);
  const outcomes = [...recent, { at: now, answered }].slice(-rules.calls);
  const lost = outcomes.filter((outcome) => !outcome.answered).length;
  if (lost === 0) return closedCircuit;
  if (lost < rules.least || lost < outcomes.length * rules.share) return { state: 'closed', outcomes };
  return opened(now, rules.open, `${lost} of its last ${outcomes.length} calls were not answered`);
}

/** The circuit once time has passed. */
export function afterTime(circuit: Circuit, now: number): Circuit {
  if (circuit.state !== 'open' || now < circuit.until) return circuit;
  return { state: 'half-open', trying: false, lasted: circuit.lasted, why: circuit.why };
}

/** The circuit after a call was withdrawn, which says nothing about its provider. */
export function afterWithdrawal(circuit: Circuit): Circuit {
  return circuit.state === 'half-open' ? { ...circuit, trying: false } : circuit;
}

/** Whether a call may pass now. */
export function lets(circuit: Circuit): boolean {
  return circuit.state === 'closed' || (circuit.state === 'half-open' && !circuit.trying);
}

/** The circuit after a call was let through. */
export function afterLetting(circuit: Circuit): Circuit {
  return circuit.state === 'half-open' ? { ...circuit, trying: true } : circuit;
}

function opened(now: number, lasted: number, why: string): Circuit {
  return { state: 'open', until: now + lasted, lasted, why };
}
