import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,test,bench,console/src}/**/*.test.ts'],
    setupFiles: ['test/setup/property-seed.ts'],
    exclude: [
      'test/pack/**',
      'test/console/**',
      'test/acceptance/**',
      '**/node_modules/**',
      'bench/peers/**',
    ],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
