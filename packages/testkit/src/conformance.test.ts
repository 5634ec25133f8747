import { describe, expect, it } from 'vitest';
import { conformance } from './conformance.js';
import { httpLegacy } from './http-legacy.js';
import { type Flaw, stockServer, stockWrapper } from './testing/stock-system.js';
import { wrapperSuite } from './wrapper-suite.js';

const suite = (flaw?: Flaw) => ({
  component: stockWrapper(flaw),
  legacy: () => httpLegacy(stockServer()),
  config: (address: string) => ({ url: address }),
  calls: { of: { article: 'A1' }, take: { article: 'A1', pieces: 2 } },
  names: ['the stock system'],
});

describe('a wrapper as it should be', () => {
  wrapperSuite(suite());
});

describe('a wrapper with a flaw is told of it', () => {
  const told: [Flaw, RegExp, RegExp][] = [
    ['raw errors', /that is down/, /is unclear while the legacy system is down[\s\S]*no CarusoError/],
    ['no limit', /that floods/, /bytes of a flood|does not answer while the legacy system floods/],
    ['unchecked', /that lies/, /OUTPUT_INVALID: what the legacy system said was not checked/],
    ['no signal', /lets go/, /still open although nobody waits: hand call.signal on/],
    ['weak signal', /that drips/, /still open although nobody waits: [^]* GET \/ \(\d+ ms\)/],
    ['no health', /health/, /although the legacy system is down/],
    ['timer left', /leaves nothing/, /timers of the clock are left/],
    ['handle left', /leaves nothing/, /it left open: \d Timeout/],
    ['asks in create', /starts while/, /'stock' is failed: The stock system at .* does not answer/],
    ['loses its reference', /sent twice/, /stock.take says it is idempotent/],
  ];

  it.each(told)('%s', { timeout: 120_000 }, async (flaw, check, message) => {
    const found = conformance(suite(flaw)).find(({ name }) => check.test(name));
    await expect(found?.run()).rejects.toThrow(message);
  });
});
