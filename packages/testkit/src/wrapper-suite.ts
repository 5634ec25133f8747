import type { Needs, Provides } from '@caruso/service-manager/contract';
import { describe, test } from 'vitest';
import type { z } from 'zod';
import { conformance } from './conformance.js';
import type { WrapperSuite } from './suite-definition.js';

/** Milliseconds for one test: a machine under load is slow, and a wrapper that hangs is told by the test itself. */
const LIMIT = 120_000;

/**
 * The tests every wrapper passes: with its real legacy system as it should be, and out of order in every way there is.
 *
 * @example
 * wrapperSuite({
 *   component: erp,
 *   legacy: () => httpLegacy('http://127.0.0.1:4100'),
 *   config: (address) => ({ url: address }),
 *   calls: { stock: { article: 'METER-3F' } },
 * });
 */
export function wrapperSuite<P extends Provides, N extends Needs, S extends z.ZodType>(
  suite: WrapperSuite<P, N, S>,
): void {
  describe('as every wrapper, it', () => {
    for (const check of conformance(suite)) test(`${check.name}`, { timeout: LIMIT }, () => check.run());
  });
}
