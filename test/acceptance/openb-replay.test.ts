/**
 * Published results of placement policies on Alibaba's OpenB cluster (Weng et al., ATC'23) against
 * ours. `OPENB` names a folder with the node list, pod lists and `expected_fgd_summary.csv`; every
 * workload that the summary has rows for and whose pod list is there is replayed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PlacementName } from '../../src/plan/cluster-replay/placement/placements.ts';
import { replayFill } from '../../src/plan/cluster-replay/replay-fill.ts';
import { readCsvRows } from '../../src/records/cluster-trace/csv-rows.ts';
import { readNodes } from '../../src/records/cluster-trace/read-nodes.ts';
import { readPods } from '../../src/records/cluster-trace/read-pods.ts';

const FOLDER =
  process.env['OPENB'] ??
  new URL('../../../shared/data/utilization/openb_gpu_2023', import.meta.url).pathname;

const POLICIES: Readonly<Record<string, PlacementName>> = {
  '01-Random': 'random',
  '02-DotProd': 'dot-product',
  '03-GpuClustering': 'clustering',
  '04-GpuPacking': 'packing',
  '05-BestFit': 'best-fit',
  '06-FGD': 'fgd',
};
const SEEDS = Array.from({ length: 10 }, (_, i) => 42 + i);
/** Least tolerance, in points; two published standard deviations where those are more. */
const LEAST_POINTS = 0.5;

const text = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
const has = existsSync(join(FOLDER, 'expected_fgd_summary.csv'));
const expected = has ? readCsvRows(text('expected_fgd_summary.csv')).rows : [];
const workloads = [...new Set(expected.map((row) => row.text('workload') ?? ''))].filter((name) =>
  existsSync(join(FOLDER, `${name}.csv`)),
);

describe.skipIf(!has)('OpenB', () => {
  it.each(workloads)('%s', async (workload) => {
    const nodes = readNodes(text('openb_node_list_gpu_node.csv'));
    const { pods } = readPods(text(`${workload}.csv`));
    const startMs = performance.now();
    const result = await replayFill(
      {
        nodes,
        pods,
        policies: Object.values(POLICIES),
        seeds: SEEDS,
        fillTo: 1.3,
        usdPerGpuHour: null,
      },
      { signal: new AbortController().signal, onRun: () => {} },
    );
    if (!result.ok || result.value === null) throw new Error('the replay did not end');
    const seconds = (performance.now() - startMs) / 1000;
    const { points, runs } = result.value;
    const podsPerS = runs.reduce((sum, { arrived }) => sum + arrived, 0) / seconds;
    console.log(`${workload}: ${Math.round(podsPerS)} pods/s over all policies`);

    const misses: string[] = [];
    let checked = 0;
    for (const row of expected) {
      const policy = POLICIES[row.text('policy') ?? ''];
      const arrivedPct = Number(row.text('arrived_gpu_pct'));
      if (row.text('workload') !== workload || policy === undefined) continue;
      const ours = points.find((p) => p.policy === policy && p.arrivedPct === arrivedPct);
      for (const [figure, value] of [
        ['alloc_pct', ours?.allocatedPctMean],
        ['frag', ours?.fragmentedPctMean],
      ] as const) {
        const mean = Number(row.text(`${figure}_mean`));
        const within = Math.max(LEAST_POINTS, 2 * Number(row.text(`${figure}_sd`)));
        checked += 1;
        if (value !== undefined && Math.abs(value - mean) <= within) continue;
        misses.push(
          `${policy} ${figure} at ${arrivedPct} %: ${value} against ${mean} +- ${within}`,
        );
      }
    }
    console.log(`${workload}: ${checked} figures, ${misses.length} out of bounds`);
    expect(checked).toBeGreaterThan(0);
    expect(misses).toEqual([]);
  });
});
