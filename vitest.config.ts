import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Tests of a package see the sources of the others, so that a test never runs against a stale build.
  resolve: { conditions: ['@caruso/source'] },
  // Not 'import': it would reach require() of packages outside the house too, and give pg an ES module for its pool.
  ssr: { resolve: { conditions: ['@caruso/source', 'node'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'packages/*/src/**/*.test.tsx', 'examples/*/services/*.test.ts'],
    testTimeout: 60_000,
    pool: 'forks',
    // Both processors, also where Vitest by itself would leave one to the person at the machine.
    maxWorkers: 2,
    // A process keeps the packages it has loaded: the tests share no state but what they import.
    isolate: false,
  },
});
