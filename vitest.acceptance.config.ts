import { defineConfig } from 'vitest/config';

/** Models against published real data: minutes, not seconds, so apart from `npm test`. */
export default defineConfig({
  test: {
    include: ['test/acceptance/**/*.test.ts'],
    testTimeout: 900_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
    setupFiles: ['test/setup/property-seed.ts'],
    passWithNoTests: true,
  },
});
