import { defineConfig } from 'vitest/config';

export default defineConfig({
  // These tests drive what is built and shipped: real processes, real browsers, real servers. One file after the other: two at a time
  // save little on two processors, and people who click wait for each other's builds.
  test: {
    root: import.meta.dirname,
    include: ['src/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
  },
});
