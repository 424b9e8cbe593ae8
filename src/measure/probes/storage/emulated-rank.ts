import type { Emulation, ReadSample, Timing } from './emulation.ts';
import { createGate } from './gate.ts';

export interface EmulatedStep {
  /** When the accelerator was free and asked for the batch; milliseconds of the run's clock. */
  askedMs: number;
  startMs: number;
  endMs: number;
  bytes: number;
}

/** One emulated accelerator with its read threads. */
export interface EmulatedRank {
  readMs: number[];
  /** Resolves when the batch of the next step is there: since when, and its bytes. */
  nextBatch(): Promise<{ readyMs: number; bytes: number }>;
  /** Ends the read threads after the reads under way; rejects with the first error of a read. */
  stop(): Promise<void>;
}

interface Batch {
  missing: number;
  bytes: number;
  readyMs: number;
}

/** Starts the read threads of one accelerator: they read ahead as far as `prefetchBatches` allows. */
export function startRank(
  rank: number,
  emulation: Emulation,
  read: ReadSample,
  timing: Timing,
): EmulatedRank {
  const { batchSize, prefetchBatches, readThreads } = emulation;
  const batches = new Map<number, Batch>();
  const readMs: number[] = [];
  const changed = createGate();
  let nextSample = 0;
  let taken = 0;
  let stopped = false;
  let failure: { error: unknown } | null = null;

  const isFull = (): boolean => nextSample >= (taken + prefetchBatches) * batchSize;
  const readOne = async (): Promise<void> => {
    const n = nextSample;
    nextSample += 1;
    const number = Math.floor(n / batchSize);
    const batch = batches.get(number) ?? { missing: batchSize, bytes: 0, readyMs: 0 };
    batches.set(number, batch);
    const done = await read(emulation.sampleOf(rank, n));
    for (const ms of done.readMs) readMs.push(ms);
    batch.missing -= 1;
    batch.bytes += done.bytes;
    batch.readyMs = timing.nowMs();
    if (batch.missing === 0) changed.open();
  };
  const thread = async (): Promise<void> => {
    try {
      while (!isStopped()) await (isFull() ? changed.wait() : readOne());
    } catch (error) {
      failure ??= { error };
      changed.open();
    }
  };
  const isStopped = (): boolean => stopped || failure !== null;
  const threads = Array.from({ length: readThreads }, thread);

  return {
    readMs,
    async nextBatch() {
      for (;;) {
        if (failure !== null) throw failure.error;
        const batch = batches.get(taken);
        if (batch?.missing === 0) {
          batches.delete(taken);
          taken += 1;
          changed.open();
          return { readyMs: batch.readyMs, bytes: batch.bytes };
        }
        await changed.wait();
      }
    },
    async stop() {
      stopped = true;
      changed.open();
      await Promise.all(threads);
      if (failure !== null) throw failure.error;
    },
  };
}
