import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Principal } from '../call.js';
import { PrincipalTokens } from './principal-token.js';

const secret = 'a secret of twenty-four c';
const principals = fc.record(
  {
    kind: fc.constantFrom<Principal['kind'][]>('system', 'user', 'visitor', 'script', 'policy'),
    id: fc.string(),
    name: fc.string(),
    roles: fc.array(fc.string()),
    attributes: fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
    ),
  },
  { requiredKeys: ['kind', 'id', 'name', 'roles'] },
);
const ann: Principal = { kind: 'user', id: 'u1', name: 'Ann', roles: ['agent'] };

describe('tokens of principals', () => {
  test('say at the other end who acts', () => {
    fc.assert(
      fc.property(principals, (principal) => {
        const token = new PrincipalTokens('lumen', secret).issue(principal, 0).token;
        expect(new PrincipalTokens('lumen', secret).verify(token, 'x', 0)).toEqual(principal);
      }),
    );
  });

  test('altered in any character are refused', () => {
    const token = new PrincipalTokens('lumen', secret).issue(ann, 0).token;
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom('A', 'b', '7', '-', '.'), (at, sign) => {
        const altered = `${token.slice(0, at)}${sign}${token.slice(at + 1)}`;
        fc.pre(altered !== token);
        expect(() => new PrincipalTokens('lumen', secret).verify(altered, 'A node', 0)).toThrow(
          expect.objectContaining({ code: 'NODE_NOT_TRUSTED' }),
        );
      }),
    );
  });

  test('of another secret or another front office are refused', () => {
    const here = new PrincipalTokens('lumen', secret);
    const stranger = new PrincipalTokens('lumen', 'another secret altogether').issue(ann, 0).token;
    expect(() => here.verify(stranger, 'A node', 0)).toThrow('is not signed with the secret of this cluster');
    const neighbour = new PrincipalTokens('harbour', secret).issue(ann, 0).token;
    expect(() => here.verify(neighbour, 'A node', 0)).toThrow("is for the front office 'harbour'");
    expect(() => here.verify('', 'A node', 0)).toThrow('is not trusted');
  });

  test('once verified are known by their signature, and by nothing else', () => {
    const { token, signature } = new PrincipalTokens('lumen', secret).issue(ann, 0);
    const tokens = new PrincipalTokens('lumen', secret);
    expect(tokens.recall(signature, 'A node', 0)).toBeUndefined();
    tokens.verify(token, 'A node', 0);
    expect(tokens.recall(signature, 'A node', 0)).toEqual(ann);
    expect(tokens.recall(`${signature.slice(1)}A`, 'A node', 0)).toBeUndefined();
    expect(() => tokens.recall(signature, 'A node', 3_600_001)).toThrow('has expired');
  });

  test('expire, also those seen before, and are made anew before they do', () => {
    const tokens = new PrincipalTokens('lumen', secret);
    const first = tokens.issue(ann, 0).token;
    expect(tokens.issue(ann, 1_000).token).toBe(first);
    expect(tokens.verify(first, 'A node', 3_600_000)).toEqual(ann);
    expect(() => tokens.verify(first, 'A node', 3_600_001)).toThrow('has expired');
    expect(tokens.issue(ann, 1_800_000).token).not.toBe(first);
  });
});
