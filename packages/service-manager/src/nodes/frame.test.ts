import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CarusoError } from '../caruso-error.js';
import {
  callPlace,
  decodeAnswer,
  decodeAnswers,
  decodeCall,
  decodeCalls,
  encodeActors,
  encodeAnswer,
  encodeAnswerAt,
  encodeCall,
  encodeError,
  MAX_ANCESTORS,
  readPlace,
} from './frame.js';

const heads = fc.record({
  id: fc.string(),
  timeout: fc.option(fc.nat(), { nil: undefined }),
  provider: fc.string(),
  contract: fc.string(),
  method: fc.string(),
  actor: fc.nat(),
  ancestors: fc.array(fc.string(), { maxLength: MAX_ANCESTORS }),
  trace: fc.option(fc.string(), { nil: undefined }),
});
const values = fc.option(fc.jsonValue(), { nil: undefined });
const text = (value: unknown): string | undefined => (value === undefined ? undefined : JSON.stringify(value));
/** As JSON knows it: 0 is -0. */
const normal = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

describe('calls between nodes', () => {
  test('arrive as they were sent', () => {
    fc.assert(
      fc.property(heads, values, (head, input) => {
        expect(decodeCall(encodeCall(head, text(input)))).toEqual({ head, input: normal(input) });
      }),
    );
  });

  test('forget their farthest ancestors', () => {
    const ancestors = Array.from({ length: 100 }, (_, index) => String(index));
    const head = { id: '', timeout: 1, provider: '', contract: '', method: '', actor: 0, trace: undefined, ancestors };
    expect(decodeCall(encodeCall(head, '1')).head.ancestors).toEqual(ancestors.slice(0, 32));
  });

  test('that are anything else are refused with a reason', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((json) => `${json}\n`),
        ),
        (given) => {
          expect(() => decodeCall(given)).toThrow(expect.objectContaining({ code: 'CALL_MALFORMED' }));
          expect(() => decodeCalls(given)).toThrow(expect.objectContaining({ code: 'CALL_MALFORMED' }));
        },
      ),
    );
  });

  test('arrive together with whose they are, in their order', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.array(fc.string(), { minLength: 1 }),
        fc.array(fc.tuple(heads, values), { minLength: 1 }),
        (from, actors, given) => {
          const calls = given.map(([head, input]) => encodeCall(head, text(input)));
          const parcel = decodeCalls([encodeActors(from, actors), ...calls].join('\n'));
          expect(parcel).toEqual({ from, actors, calls });
          expect(parcel.calls.map((call) => decodeCall(call).head)).toEqual(given.map(([head]) => head));
        },
      ),
    );
  });
});

describe('answers between nodes', () => {
  test('arrive as they were given', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(decodeAnswer(encodeAnswer(text(value)))).toEqual(normal(value));
      }),
    );
  });

  test('arrive together, each at the place of its call', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(), values)), (given) => {
        const parcel = given.map(([number, index, value]) =>
          encodeAnswerAt(callPlace(number, index), encodeAnswer(text(value))),
        );
        const seen: unknown[] = [];
        decodeAnswers(parcel.join('\n'), (place, answer) => seen.push([readPlace(place), decodeAnswer(answer)]));
        expect(seen).toEqual(given.map(([number, index, value]) => [{ parcel: number, index }, normal(value)]));
      }),
    );
  });

  test('keep code, message, remedy, status and details of an error', () => {
    const info = { code: 'X', message: 'no\nway', remedy: 'go', status: 418, details: { at: [1, 'a'] } };
    const thrown = thrownBy(() => decodeAnswer(encodeError(new CarusoError(info))));
    expect(thrown).toBeInstanceOf(CarusoError);
    expect((thrown as CarusoError).toJSON()).toEqual(info);
  });

  test('leave details behind that are no plain data', () => {
    const thrown = thrownBy(() => decodeAnswer(encodeError({ code: 'X', message: 'm', details: 1n })));
    expect(thrown).toMatchObject({ code: 'X', message: 'm', details: undefined });
  });

  test('that are anything else are refused with a reason', () => {
    for (const given of ['', 'x', '-', '-{}', '-null', '+{']) {
      expect(() => decodeAnswer(given)).toThrow(expect.objectContaining({ code: 'CALL_MALFORMED' }));
    }
  });
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
