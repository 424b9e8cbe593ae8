/** Reads one sample: all of its bytes. `readMs` has the time of each single read it took. */
export type ReadSample = (sample: number) => Promise<{ bytes: number; readMs: readonly number[] }>;

/** The time that an emulation runs in; handed in, so that tests run it in virtual time. */
export interface Timing {
  nowMs(): number;
  sleepUntil(atMs: number): Promise<void>;
}

/** What is emulated: accelerators that take batches and compute for a fixed time, as in MLPerf Storage. */
export interface Emulation {
  accelerators: number;
  batchSize: number;
  computeMs: number;
  /** Samples read at once for one accelerator. */
  readThreads: number;
  /** Batches read ahead of the one in computation, per accelerator. */
  prefetchBatches: number;
  /** No step begins after this time, once `minSteps` are done. */
  durationMs: number;
  minSteps: number;
  /** Which sample an accelerator reads as its n-th, n from 0. */
  sampleOf(accelerator: number, n: number): number;
}

export interface EmulationResult {
  accelerators: number;
  /** Shares: AU as MLPerf Storage publishes it, and the wall AU that counts the first step. */
  au: number;
  wallAu: number;
  /** Steps of each accelerator. */
  steps: number;
  wallMs: number;
  samplesPerS: number;
  /** MB are 1e6 bytes, over the wall time of computed batches. */
  mbPerS: number;
  /** Of each single read. */
  readMs: number[];
  /** What each step after the first received, over the time since the step before. */
  stepMbPerS: number[];
}
