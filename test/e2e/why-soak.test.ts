import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TimeTree, WhyReport } from '../../src/measure/bottleneck/why-report.ts';
import { NO_FAULTS } from '../../src/plan/training/synthetic-job/synthetic-job.ts';
import type { StepRecord } from '../../src/records/step-log/step-record.ts';
import { azureRows, createVirtualSite, jobRanks, type VirtualSite } from './virtual-site.ts';

/**
 * A site that measures badly: exporters that come and go, counters that restart, a clock that is wrong, a pod that runs twice,
 * ranks that never write, a restart from a checkpoint, an engine whose metrics fall silent while it serves.
 */
let site: VirtualSite;
let report: WhyReport;
let window: { fromMs: number; toMs: number };
beforeAll(async () => {
  site = await createVirtualSite({ rows: azureRows(), everyS: 1 });
  ({ window } = await site.run(10, NO_FAULTS, {
    exporterDown: (atS) => atS % 70 < 30,
    engineSilent: (atS) => atS % 120 === 60,
    page: restartedCounters,
    records: spoiled,
  }));
  report = await site.why(window);
});
afterAll(() => site.close());

/** Counters that begin anew about every two minutes. */
const restartedCounters = (text: string): string =>
  text.replaceAll(
    /^(DCGM_FI_DEV_(?:TOTAL_ENERGY_CONSUMPTION|POWER_VIOLATION)\{[^}]*\}) (\S+)$/gm,
    (_, series: string, value: string) => `${series} ${Number(value) % 6e7}`,
  );

const SILENT_RANKS = [6, 7];
const WRONG_CLOCK = { rank: 5, aheadS: 90 };
const TWICE = 2;
/** From this step on the job goes on from an earlier one. */
const RESTART = { at: 300, back: 40 };

function spoiled(records: readonly StepRecord[]): StepRecord[] {
  return records.flatMap((one) => {
    if (SILENT_RANKS.includes(one.rank)) return [];
    const step = one.step >= RESTART.at ? one.step - RESTART.back : one.step;
    const ts = one.rank === WRONG_CLOCK.rank ? one.ts + WRONG_CLOCK.aheadS : one.ts;
    const record = { ...one, step, ts };
    return one.rank === TWICE ? [record, { ...record, ts: ts + 0.01 }] : [record];
  });
}

const treeOf = (business: TimeTree['business']): TimeTree => {
  const tree = report.trees.find((one) => one.business === business);
  if (tree === undefined) throw new Error(`no tree of ${business}`);
  return tree;
};
const shareOf = (tree: TimeTree, cause: string): number =>
  tree.leaves.find((leaf) => leaf.cause === cause)?.share ?? 0;

test('every tree sums to 100 %, and all time that was paid for is in it', () => {
  for (const tree of report.trees) {
    expect(tree.leaves.reduce((sum, leaf) => sum + leaf.share, 0)).toBeCloseTo(1, 9);
    expect(Math.min(...tree.leaves.map((leaf) => leaf.share))).toBeGreaterThanOrEqual(0);
  }
  const hours = (window.toMs - window.fromMs) / 3_600_000;
  expect(treeOf('training').acceleratorHours).toBeCloseTo(jobRanks * hours, 1);
  expect(treeOf('inference').acceleratorHours).toBeCloseTo(hours, 2);
});

test('what ranks, clocks and pods did not tell is said, not guessed', () => {
  const tree = treeOf('training');
  expect(shareOf(tree, 'unexplained')).toBeGreaterThan(SILENT_RANKS.length / jobRanks);
  const said = tree.leaves.find((leaf) => leaf.cause === 'unexplained')?.evidence.join('\n') ?? '';
  expect(said).toContain('2 of 8 ranks write no step records');
  expect(said).toContain('the clock of rank 5 is 90.0 s off');
  expect(said).toMatch(/step records tell of time that another one told of/);
});

test('work that a restart rolled back is lost, once and for the ranks that told of it', () => {
  const telling = jobRanks - SILENT_RANKS.length;
  const stepS = 0.665;
  const lost = (RESTART.back * stepS * telling) / (600 * jobRanks);
  expect(shareOf(treeOf('training'), 'failed')).toBeGreaterThan(lost * 0.9);
  expect(shareOf(treeOf('training'), 'failed')).toBeLessThan(lost * 1.1);
});

test('an engine whose metrics fall silent while it serves is not called down', () => {
  const tree = treeOf('inference');
  expect(shareOf(tree, 'failed')).toBe(0);
  const said = tree.leaves.find((leaf) => leaf.cause === 'unexplained')?.evidence.join('\n') ?? '';
  expect(said).toMatch(/metrics did not answer for .* though it replied to requests/);
});
