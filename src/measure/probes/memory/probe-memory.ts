import { startSelfContained } from '../self-contained-worker.ts';
import {
  STREAM_KERNELS,
  streamWorker,
  type StreamKernel,
  type StreamSetup,
} from './stream-worker.ts';

/** Bytes that a kernel moves per element, as STREAM counts them: no write-allocate. */
const BYTES_PER_ELEMENT: Readonly<Record<StreamKernel, number>> = {
  copy: 16,
  scale: 16,
  add: 24,
  triad: 24,
};

export interface MemoryProbeOptions {
  threads: number;
  /** Of each of three arrays; at least four times the last-level cache. */
  arrayBytes: number;
  rounds: number;
  onRound?: (round: number) => void;
}

/** GB are 1e9 bytes. */
export interface MemoryProbe {
  threads: number;
  arrayBytes: number;
  rounds: number;
  kernels: Array<{ kernel: StreamKernel; bestGbPerS: number; medianGbPerS: number }>;
  samples: Record<StreamKernel, number[]>;
}

/** Runs the four kernels over all threads, `rounds` times after one that warms up. */
export async function probeMemory(options: MemoryProbeOptions): Promise<MemoryProbe> {
  const { threads, arrayBytes, rounds, onRound } = options;
  const length = Math.floor(arrayBytes / 8);
  const arrays = new SharedArrayBuffer(3 * length * 8);
  const barrier = new SharedArrayBuffer(8);
  const edge = (thread: number): number => Math.floor((length * thread) / threads);
  const workers = Array.from({ length: threads }, (_, i) =>
    startSelfContained<StreamKernel, number, StreamSetup>(streamWorker, {
      arrays,
      length,
      from: edge(i),
      to: edge(i + 1),
      barrier,
      threads,
    }),
  );
  const samples: Record<StreamKernel, number[]> = { copy: [], scale: [], add: [], triad: [] };
  try {
    for (let round = 0; round <= rounds; round += 1) {
      onRound?.(round);
      for (const kernel of STREAM_KERNELS) {
        const takenMs = await Promise.all(workers.map((worker) => worker.ask(kernel)));
        const gbPerS = (length * BYTES_PER_ELEMENT[kernel]) / Math.max(...takenMs) / 1e6;
        if (round > 0) samples[kernel].push(gbPerS);
      }
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.close()));
  }
  const kernels = STREAM_KERNELS.map((kernel) => {
    const sorted = samples[kernel].toSorted((a, b) => a - b);
    return {
      kernel,
      bestGbPerS: sorted.at(-1) ?? 0,
      medianGbPerS: sorted[Math.floor(sorted.length / 2)] ?? 0,
    };
  });
  return { threads, arrayBytes: length * 8, rounds, kernels, samples };
}
