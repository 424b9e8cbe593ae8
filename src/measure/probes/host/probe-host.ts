import { createRequire } from 'node:module';
import type { Accelerator } from '../../../catalog/accelerators.ts';
import { findWorkload } from '../../bench-files/mlperf-workloads.ts';
import { startSelfContained } from '../self-contained-worker.ts';
import {
  preprocessWorker,
  type PreprocessJob,
  type PreprocessReply,
  type PreprocessSetup,
  type PreprocessTask,
} from './preprocess-worker.ts';
import { documents, packedImages } from './sample-data.ts';

export interface HostProbeOptions {
  threads: number;
  durationMs: number;
  rounds: number;
  /** Whose appetite the host is held against. */
  accelerator: Accelerator;
  onRound?: (task: PreprocessTask, round: number) => void;
}

/** What all cores of this host prepare per second, and how many accelerators that keeps busy. */
export interface HostProbe {
  threads: number;
  tasks: HostTask[];
  samples: Record<PreprocessTask, number[]>;
}

export interface HostTask {
  task: PreprocessTask;
  unit: string;
  /** Median over rounds, all threads together. */
  perS: number;
  /** What one accelerator eats per second; null where the catalog lacks the figure. */
  demandPerS: number | null;
  demandBasis: string;
  accelerators: number | null;
}

/** Share of peak that a well-tuned training run reaches; only used to say what tokens are eaten. */
const TYPICAL_MFU = 0.4;
const MODEL_PARAMETERS = 8e9;

/** Decodes and tokenizes on all threads for `durationMs` a round. */
export async function probeHost(options: HostProbeOptions): Promise<HostProbe> {
  const setup: PreprocessSetup = {
    tokenizer: createRequire(import.meta.url).resolve('gpt-tokenizer/encoding/cl100k_base'),
    packed: packedImages(16),
    texts: documents(16),
  };
  const workers = Array.from({ length: options.threads }, () =>
    startSelfContained<PreprocessJob, PreprocessReply, PreprocessSetup>(preprocessWorker, setup),
  );
  const samples: HostProbe['samples'] = { decode: [], tokenize: [] };
  try {
    for (const task of ['decode', 'tokenize'] as const) {
      for (let round = 0; round < options.rounds; round += 1) {
        options.onRound?.(task, round);
        const job = { task, durationMs: options.durationMs };
        const replies = await Promise.all(workers.map((worker) => worker.ask(job)));
        samples[task].push(replies.reduce((sum, one) => sum + rateOf(task, one), 0));
      }
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.close()));
  }
  const tasks = [
    taskOf('decode', 'images/s', samples.decode, imageDemand(options.accelerator)),
    taskOf('tokenize', 'tokens/s', samples.tokenize, tokenDemand(options.accelerator)),
  ];
  return { threads: options.threads, tasks, samples };
}

const rateOf = (task: PreprocessTask, { samples, amount, takenMs }: PreprocessReply): number =>
  ((task === 'decode' ? samples : amount) / takenMs) * 1000;

interface Demand {
  perS: number | null;
  basis: string;
}

/** Images per second of MLPerf Storage's ResNet-50, for the accelerators that it knows. */
function imageDemand(accelerator: Accelerator): Demand {
  const resnet = findWorkload('resnet50');
  const name = accelerator.id.startsWith('a100')
    ? 'a100'
    : accelerator.id.startsWith('h100')
      ? 'h100'
      : null;
  if (resnet === null || name === null) {
    return { perS: null, basis: 'MLPerf Storage has no compute time for this accelerator' };
  }
  const perS = resnet.batchSize / resnet.computeS[name];
  return { perS, basis: `MLPerf Storage v2.0 resnet50 on ${name}` };
}

/** Training takes 6 FLOPs per parameter and token (Kaplan et al., arXiv 2001.08361, 2.1). */
function tokenDemand({ denseTflops }: Accelerator): Demand {
  const basis = `training 8B parameters at ${TYPICAL_MFU * 100} % of dense bf16 peak: modelled`;
  const { bf16 } = denseTflops;
  const perS = bf16 === null ? null : (bf16 * 1e12 * TYPICAL_MFU) / (6 * MODEL_PARAMETERS);
  return { perS, basis };
}

function taskOf(
  task: PreprocessTask,
  unit: string,
  rates: readonly number[],
  demand: Demand,
): HostTask {
  const perS = rates.toSorted((a, b) => a - b)[Math.floor(rates.length / 2)] ?? 0;
  return {
    task,
    unit,
    perS,
    demandPerS: demand.perS,
    demandBasis: demand.basis,
    accelerators: demand.perS === null ? null : perS / demand.perS,
  };
}
