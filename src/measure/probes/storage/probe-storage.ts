import type { Clock } from '../../../records/clock.ts';
import { TailraceError } from '../../../records/errors.ts';
import type { MlperfWorkload } from '../../bench-files/mlperf-workloads.ts';
import { quantile } from '../evidence/quantile.ts';
import { shuffledSample, type DatasetPlan } from './dataset-plan.ts';
import type { CacheState, DatasetReader, DatasetStore } from './dataset-store.ts';
import { emulate } from './emulate.ts';
import type { Emulation, EmulationResult } from './emulation.ts';
import { findFed, pointOf, type Feed } from './feed-curve.ts';
import { lostAt, lostBeyond, type LostMoney } from './lost-money.ts';
import { realTiming } from './real-timing.ts';
import { throttle } from './throttle.ts';

export interface StorageProbeOptions {
  workload: MlperfWorkload;
  accelerator: keyof MlperfWorkload['computeS'];
  /** Attached accelerators; null: find out how many this storage feeds. */
  accelerators: number | null;
  maxAccelerators: number;
  /** Of each run. */
  durationMs: number;
  /** Holds reads to this rate, to see what a slower storage would do; null does not. */
  limitMbPerS: number | null;
  usdPerAcceleratorHour: number | null;
  /** CPU microseconds that this process has used so far. */
  cpuUs: () => number;
  cores: number;
  onRun?: (accelerators: number) => void;
  signal?: AbortSignal;
}

/** What the storage did for emulated accelerators. Shares are 0 to 1, MB are 1e6 bytes. */
export interface StorageProbe {
  workload: string;
  accelerator: string;
  /** Of the count that was asked for, else of the most that were fed, else of one. */
  result: Omit<EmulationResult, 'readMs' | 'stepMbPerS'>;
  auThreshold: number;
  meetsThreshold: boolean;
  demandMbPerSPerAccelerator: number;
  readP50Ms: number;
  readP99Ms: number;
  feed: Feed | null;
  lost: LostMoney[];
  cache: CacheState;
  scale: number;
  datasetBytes: number;
  /** The probe used most of this machine's CPU: the storage may be faster than it could ask. */
  cpuBound: boolean;
  samples: { readMs: number[]; stepMbPerS: number[] };
}

/**
 * Measures a written data set. Bounded: at most O(log maxAccelerators) runs of `durationMs`, each ended
 * by its time or by three steps, whichever is later.
 */
export async function probeStorage(
  store: DatasetStore,
  plan: DatasetPlan,
  clock: Clock,
  options: StorageProbeOptions,
): Promise<StorageProbe> {
  const most = options.accelerators ?? options.maxAccelerators;
  const reader = await store.openReader(plan, most * options.workload.readThreads);
  const startMs = clock.monoMs();
  const startCpuUs = options.cpuUs();
  try {
    const run = runner(reader, plan, clock, options);
    const found = await measure(run, options);
    const cpuShare =
      (options.cpuUs() - startCpuUs) / 1000 / (clock.monoMs() - startMs) / options.cores;
    return report(plan, reader, found, options, cpuShare > 0.85);
  } finally {
    await reader.close();
  }
}

type Run = (accelerators: number) => Promise<EmulationResult>;

function runner(
  reader: DatasetReader,
  plan: DatasetPlan,
  clock: Clock,
  options: StorageProbeOptions,
): Run {
  const timing = realTiming(clock);
  const { limitMbPerS, onRun, signal } = options;
  const read =
    limitMbPerS === null ? reader.read : throttle(reader.read, limitMbPerS * 1e6, timing);
  return async (accelerators) => {
    onRun?.(accelerators);
    const result = await emulate(emulationOf(plan, accelerators, options), read, timing, signal);
    if (signal?.aborted !== true) return result;
    throw new TailraceError('TR_PROBE_FAILED', 'stopped by hand; nothing was kept', {
      field: 'signal',
    });
  };
}

function emulationOf(
  plan: DatasetPlan,
  accelerators: number,
  { workload, accelerator, durationMs }: StorageProbeOptions,
): Emulation {
  const { batchSize, readThreads } = workload;
  return {
    accelerators,
    batchSize,
    computeMs: workload.computeS[accelerator] * 1000 * plan.scale,
    readThreads,
    // PyTorch's loader keeps two batches a worker; small batches need as many to keep threads busy.
    prefetchBatches: Math.max(2, Math.ceil((2 * readThreads) / batchSize)),
    durationMs,
    minSteps: 3,
    sampleOf: (rank, n) => shuffledSample(plan.samples, n * accelerators + rank),
  };
}

interface Found {
  chosen: EmulationResult;
  feed: Feed | null;
}

async function measure(run: Run, options: StorageProbeOptions): Promise<Found> {
  const { accelerators, maxAccelerators, workload } = options;
  if (accelerators !== null) return { chosen: await run(accelerators), feed: null };
  const { results, ...feed } = await findFed(run, {
    auThreshold: workload.auThreshold,
    startAt: 1,
    maxAccelerators,
  });
  const chosen = results.find((one) => one.accelerators === Math.max(1, feed.fed));
  return { chosen: chosen ?? (await run(1)), feed };
}

function report(
  plan: DatasetPlan,
  reader: DatasetReader,
  { chosen, feed }: Found,
  options: StorageProbeOptions,
  cpuBound: boolean,
): StorageProbe {
  const { workload, accelerator } = options;
  const { readMs, stepMbPerS, ...result } = chosen;
  const sampleBytes = plan.bytes / plan.samples;
  const computeS = workload.computeS[accelerator] * plan.scale;
  const demandMbPerSPerAccelerator = (workload.batchSize * sampleBytes) / computeS / 1e6;
  return {
    workload: workload.name,
    accelerator,
    result,
    auThreshold: workload.auThreshold,
    meetsThreshold: result.au >= workload.auThreshold,
    demandMbPerSPerAccelerator,
    readP50Ms: quantile(readMs, 0.5) ?? 0,
    readP99Ms: quantile(readMs, 0.99) ?? 0,
    feed,
    lost: moneyOf(chosen, feed, demandMbPerSPerAccelerator, options),
    cache: reader.cache,
    scale: plan.scale,
    datasetBytes: plan.bytes,
    cpuBound,
    samples: { readMs, stepMbPerS },
  };
}

/** Money at what was measured, and at twice the accelerators that are fed. */
function moneyOf(
  chosen: EmulationResult,
  feed: Feed | null,
  demandMbPerS: number,
  { usdPerAcceleratorHour }: StorageProbeOptions,
): LostMoney[] {
  if (usdPerAcceleratorHour === null) return [];
  const here = lostAt(pointOf(chosen), usdPerAcceleratorHour);
  if (feed === null || feed.atLeast) return [here];
  const storage = { mbPerS: Math.max(...feed.curve.map((one) => one.mbPerS)), demandMbPerS };
  const twice = lostBeyond(2 * Math.max(1, feed.fed), storage, usdPerAcceleratorHour);
  return [here, twice];
}
