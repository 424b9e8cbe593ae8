import { describe, expect, it } from 'vitest';
import { validateAiconfigurator } from '../../src/plan/validate/aiconfigurator.ts';

describe('silicon sample', () => {
  it('is predicted within the bounds, cross-validated by sweep and by accelerator', async () => {
    const { rows } = await validateAiconfigurator(
      'test/fixtures/planning/aiconfigurator',
      new Set(),
    );
    const missed = rows.filter((row) => !row.pass);
    expect(missed).toEqual([]);
    // Two metrics: mean and median by sweep, mean by accelerator, coverage in each; and every row answered.
    expect(rows.filter((row) => row.limitPct !== null).length).toBeGreaterThanOrEqual(13);
  }, 900_000);
});
