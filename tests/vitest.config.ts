import { defineConfig } from 'vitest/config';

export default defineConfig({
  // These tests drive what is built and shipped: real processes, real browsers, real servers, each in folders, ports and databases of its
  // own. Much of their time is spent waiting for another process, so two files go side by side.
  test: {
    root: import.meta.dirname,
    include: ['src/**/*.test.ts'],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
  },
});
