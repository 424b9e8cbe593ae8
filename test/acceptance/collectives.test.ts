import { describe, expect, it } from 'vitest';
import {
  readAiconfiguratorComm,
  readVidurNetwork,
} from '../../src/plan/time/collectives/read-collectives.ts';
import { collectiveRows } from '../../src/plan/validate/collective-rows.ts';

/** Issue 3, acceptance 6: fitted on half of the tables, the other half within 15 %, in every group. */
describe('collectives', () => {
  it('are predicted within 15 % by operation, number format and ranks', async () => {
    const measured = [
      ...(await readAiconfiguratorComm('test/fixtures/planning/aiconfigurator/data')),
      ...readVidurNetwork('test/fixtures/planning/collectives/network'),
    ];
    expect(measured.length).toBeGreaterThan(15_000);
    const rows = collectiveRows('collectives', measured);
    for (const row of rows) console.log(`${row.run} ${row.stat}: ${row.errorPct.toFixed(2)} %`);
    expect(rows.filter((row) => !row.pass)).toEqual([]);
    expect(rows.filter((row) => row.limitPct !== null).length).toBeGreaterThan(35);
  });
});
