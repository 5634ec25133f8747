import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterCall,
  afterLetting,
  afterTime,
  afterWithdrawal,
  type Circuit,
  circuitRules,
  closedCircuit,
  lets,
} from './circuit.js';

const after = (answers: readonly boolean[], now = 0): Circuit =>
  answers.reduce<Circuit>((circuit, answered) => afterCall(circuit, answered, now), closedCircuit);

describe('a circuit', () => {
  it('opens when half of the last calls were not answered, five at least', () => {
    expect(after([false, false, false, false]).state).toBe('closed');
    expect(after([false, false, false, false, false])).toMatchObject({
      state: 'open',
      until: 5_000,
      why: '5 of its last 5 calls were not answered',
    });
    expect(after([true, false, true, false, true, false, true, false]).state).toBe('closed');
  });

  it('lets one call through after a while, and stays away twice as long when that is not answered either', () => {
    const open = after([false, false, false, false, false]);
    expect(lets(afterTime(open, 4_999))).toBe(false);
    const half = afterTime(open, 5_000);
    expect(lets(half)).toBe(true);
    const trying = afterLetting(half);
    expect(lets(trying)).toBe(false);
    expect(lets(afterWithdrawal(trying))).toBe(true);
    expect(afterCall(trying, true, 5_100)).toBe(closedCircuit);
    expect(afterCall(trying, false, 5_100)).toMatchObject({ state: 'open', until: 15_100 });
  });

  it('forgets what is long ago', () => {
    const four = after([false, false, false, false]);
    expect(afterCall(four, false, circuitRules.period + 1).state).toBe('closed');
  });

  it('never stays open longer than stated, keeps no more than it looks at, and closes once calls are answered', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ pass: fc.nat(20_000), answered: fc.boolean() }), { maxLength: 60 }),
        (events) => {
          let circuit: Circuit = closedCircuit;
          let now = 0;
          for (const { pass, answered } of events) {
            now += pass;
            circuit = afterTime(circuit, now);
            if (lets(circuit)) circuit = afterCall(afterLetting(circuit), answered, now);
            if (circuit.state === 'open') expect(circuit.until - now).toBeLessThanOrEqual(circuitRules.longest);
            if (circuit.state === 'closed') expect(circuit.outcomes.length).toBeLessThanOrEqual(circuitRules.calls);
          }
          for (let i = 0; i < circuitRules.calls; i++) {
            now += circuitRules.longest;
            circuit = afterTime(circuit, now);
            expect(lets(circuit)).toBe(true);
            circuit = afterCall(afterLetting(circuit), true, now);
          }
          expect(circuit).toBe(closedCircuit);
        },
      ),
    );
  });
});
