import { defineConfig } from 'vitest/config';

export default defineConfig({
  // These tests drive what is built and shipped: real processes, real browsers, real servers, one file after the other.
  test: {
    root: import.meta.dirname,
    include: ['src/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
  },
});
