import { defineConfig } from 'vitest/config';

/** One browser and one instance for all of it, so nothing runs side by side. */
export default defineConfig({
  test: {
    include: ['test/console/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
  },
});
