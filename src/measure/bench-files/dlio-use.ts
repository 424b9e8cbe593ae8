import { blockUse, epochUse, type BlockUse } from './accelerator-utilization.ts';
import { benchError } from './bench-error.ts';
import type { DlioEpoch, DlioRaw } from './dlio-raw.ts';

/**
 * How a version of DLIO reports throughput, which is where the wall time of a block is kept.
 * `all-steps` (MLPerf Storage v1.0): steps x batch over the wall time.
 * `trimmed` (v2.0): (steps - 2) x batch over the wall time without the first step.
 */
type WallRule = 'all-steps' | 'trimmed';

export interface DlioUse {
  /** Shares, not percent. AU as published; wall AU counts the first step, and pays the bill. */
  au: number;
  wallAu: number;
  /** By epoch, mean over ranks. */
  epochs: Array<{ epoch: string; au: number; wallAu: number }>;
  ranks: number;
  steps: number;
  /** Seconds a step waited for its batch, over all steps; the first steps apart. */
  meanLoadS: number;
  meanFirstLoadS: number;
  batchSize: number;
  batchBasis: 'given' | 'inferred';
  wallRule: WallRule;
  /** Largest difference from what the benchmark itself recorded per block, points; null: not recorded. */
  recordedDifference: number | null;
}

/**
 * Recomputes AU from the raw steps of a run. The batch size is in the run's configuration, not in
 * its output: without `batchSize` it is inferred as the whole number under which the recorded AU of
 * every block comes out. TR_BENCH_INVALID when none fits.
 */
export function dlioUse(raw: DlioRaw, file: string, batchSize: number | null): DlioUse {
  const choice = chooseWall(raw, batchSize);
  if (choice === null) {
    const problem = 'no whole batch size gives the recorded AU';
    throw benchError(file, 'throughput', problem, 'give the batch size of the run');
  }
  const epochNumbers = [...new Set(Object.values(raw.ranks).flatMap((rank) => Object.keys(rank)))];
  const epochs = epochNumbers
    .toSorted((a, b) => Number(a) - Number(b))
    .map((epoch) => {
      const uses = Object.values(raw.ranks).flatMap((rank) => {
        const one = rank[epoch];
        return one === undefined ? [] : [epochUse(usesOf(one, choice))];
      });
      return { epoch, au: mean(uses.map((u) => u.au)), wallAu: mean(uses.map((u) => u.wallAu)) };
    });
  const blocks = allBlocks(raw);
  const loads = blocks.map(({ epoch, block }) => epoch.load[block] ?? []);
  return {
    au: mean(epochs.map((one) => one.au)),
    wallAu: mean(epochs.map((one) => one.wallAu)),
    epochs,
    ranks: Object.keys(raw.ranks).length,
    steps: loads.reduce((sum, list) => sum + list.length, 0),
    meanLoadS: mean(loads.flatMap((list) => list.slice(1))),
    meanFirstLoadS: mean(loads.flatMap((list) => list.slice(0, 1))),
    batchSize: choice.batchSize,
    batchBasis: batchSize === null ? 'inferred' : 'given',
    wallRule: choice.rule,
    recordedDifference: recordedDifference(raw, choice),
  };
}

interface Choice {
  batchSize: number;
  rule: WallRule;
}

interface Block {
  epoch: DlioEpoch;
  block: string;
}

/** Training blocks of all ranks and epochs (`eval` is not training). */
const allBlocks = (raw: DlioRaw): Block[] =>
  Object.values(raw.ranks).flatMap((rank) =>
    Object.values(rank).flatMap((epoch) => blocksOf(epoch).map((block) => ({ epoch, block }))),
  );

const blocksOf = (epoch: DlioEpoch): string[] =>
  Object.keys(epoch.compute).filter((block) => block.startsWith('block'));

const usesOf = (epoch: DlioEpoch, choice: Choice): BlockUse[] =>
  blocksOf(epoch).map((block) => useOf({ epoch, block }, choice));

function useOf({ epoch, block }: Block, { batchSize, rule }: Choice): BlockUse {
  const computeS = epoch.compute[block] ?? [];
  const firstStepS = epoch.proc[block]?.[0] ?? 0;
  const perS = epoch.throughput[block] ?? 0;
  const counted = rule === 'all-steps' ? computeS.length : computeS.length - 2;
  const reportedS = perS > 0 ? (counted * batchSize) / perS : 0;
  const wallS = rule === 'all-steps' ? reportedS : reportedS + firstStepS;
  return blockUse({ computeS, firstStepS, wallS });
}

/** Points by which a choice misses the AU that the benchmark recorded in its worst block. */
function recordedDifference(raw: DlioRaw, choice: Choice): number | null {
  const differences = allBlocks(raw).flatMap((one) => {
    const recorded = one.epoch.au?.[one.block];
    return recorded === undefined ? [] : [Math.abs(useOf(one, choice).au * 100 - recorded)];
  });
  return differences.length === 0 ? null : Math.max(...differences);
}

/** Recorded AU is a double: what misses it by more than this was computed otherwise. */
const AGREES_POINTS = 1e-6;

function chooseWall(raw: DlioRaw, given: number | null): Choice | null {
  const rules: readonly WallRule[] = ['all-steps', 'trimmed'];
  const choices = rules.flatMap((rule) =>
    (given === null ? batchCandidates(raw, rule) : [given]).map((batchSize) => ({
      batchSize,
      rule,
    })),
  );
  const scored = choices.map((choice) => ({ choice, miss: recordedDifference(raw, choice) }));
  const best = scored.toSorted((a, b) => (a.miss ?? 0) - (b.miss ?? 0))[0];
  if (best === undefined) return null;
  if (best.miss === null) return best.choice;
  return given !== null || best.miss <= AGREES_POINTS ? best.choice : null;
}

/**
 * The whole batch size under which the first block's recorded AU comes out: AU gives the wall time, and
 * throughput over it the samples. Without a recorded AU, the one under which steps follow each
 * other without a gap, which waiting at barriers makes too small.
 */
function batchCandidates(raw: DlioRaw, rule: WallRule): number[] {
  const [one] = allBlocks(raw);
  if (one === undefined) return [];
  const { epoch, block } = one;
  const procS = epoch.proc[block] ?? [];
  const recorded = (epoch.au?.[block] ?? 0) / 100;
  const restComputeS = sum((epoch.compute[block] ?? []).slice(1));
  const restS = recorded > 0 ? restComputeS / recorded : sum(procS.slice(1));
  const wallS = rule === 'all-steps' ? restS + (procS[0] ?? 0) : restS;
  const counted = rule === 'all-steps' ? procS.length : procS.length - 2;
  const samples = (epoch.throughput[block] ?? 0) * wallS;
  return counted > 0 && samples > 0 ? [Math.max(1, Math.round(samples / counted))] : [];
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length;
