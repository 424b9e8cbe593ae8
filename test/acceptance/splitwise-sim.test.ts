import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { validateSplitwiseSim } from '../../src/plan/validate/splitwise-sim.ts';

/** Issue 3, acceptance 3, at the stretch bounds: prompt times 5 %, token times 2.5 %. */
const FOLDER = join(import.meta.dirname, '../fixtures/planning/splitwise-sim');
const STRETCH: Readonly<Record<string, number>> = { promptMs: 5, tokenMs: 2.5, powerShare: 5 };

describe('measured phase tables with interior levels left out', () => {
  it('predicts within the stretch bounds, by sweep', async () => {
    const { rows } = await validateSplitwiseSim(FOLDER, new Set());
    const mapes = rows.filter((row) => row.stat === 'mape' && row.limitPct !== null);
    expect(mapes).toHaveLength(8);
    for (const { run, metric, errorPct } of mapes) {
      console.log(`${run} ${metric}: ${errorPct.toFixed(2)} %`);
      expect(errorPct, `${run} ${metric}`).toBeLessThan(STRETCH[metric] ?? 0);
    }
  });
});
