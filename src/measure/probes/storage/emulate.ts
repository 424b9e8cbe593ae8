import { blockUse } from '../../bench-files/accelerator-utilization.ts';
import type { EmulatedRank, EmulatedStep } from './emulated-rank.ts';
import { startRank } from './emulated-rank.ts';
import type { Emulation, EmulationResult, ReadSample, Timing } from './emulation.ts';

/**
 * Emulates data-parallel accelerators on a reader, as MLPerf Storage does: a step begins on all of them
 * when each has its batch and the step before has ended (the gradient exchange is the barrier).
 * Steps are kept on a time line of their own: one that is due while a timer is late begins when it was
 * due, so a timer's lateness is not counted as computing. Rejects with the first error of the
 * reader; an aborted `signal` ends it after the step under way.
 */
export async function emulate(
  emulation: Emulation,
  read: ReadSample,
  timing: Timing,
  signal?: AbortSignal,
): Promise<EmulationResult> {
  const startMs = timing.nowMs();
  const ranks = Array.from({ length: emulation.accelerators }, (_, rank) =>
    startRank(rank, emulation, read, timing),
  );
  try {
    const steps = await runSteps(emulation, ranks, timing, signal);
    return summarize(emulation, ranks, steps, startMs);
  } finally {
    await Promise.allSettled(ranks.map((rank) => rank.stop()));
  }
}

async function runSteps(
  emulation: Emulation,
  ranks: readonly EmulatedRank[],
  timing: Timing,
  signal: AbortSignal | undefined,
): Promise<EmulatedStep[]> {
  const steps: EmulatedStep[] = [];
  const startMs = timing.nowMs();
  let askedMs = startMs;
  const isDue = (): boolean =>
    signal?.aborted !== true &&
    (steps.length < emulation.minSteps || askedMs - startMs < emulation.durationMs);
  while (isDue()) {
    const batches = await Promise.all(ranks.map((rank) => rank.nextBatch()));
    const stepStartMs = Math.max(askedMs, ...batches.map((batch) => batch.readyMs));
    const endMs = stepStartMs + emulation.computeMs;
    const bytes = batches.reduce((sum, batch) => sum + batch.bytes, 0);
    steps.push({ askedMs, startMs: stepStartMs, endMs, bytes });
    await timing.sleepUntil(endMs);
    askedMs = endMs;
  }
  return steps;
}

function summarize(
  emulation: Emulation,
  ranks: readonly EmulatedRank[],
  steps: readonly EmulatedStep[],
  startMs: number,
): EmulationResult {
  const { accelerators, batchSize, computeMs } = emulation;
  const [first] = steps;
  const wallMs = (steps.at(-1)?.endMs ?? startMs) - startMs;
  const use = blockUse({
    computeS: steps.map(() => computeMs / 1000),
    firstStepS: first === undefined ? 0 : (first.endMs - startMs) / 1000,
    wallS: wallMs / 1000,
  });
  const bytes = steps.reduce((sum, step) => sum + step.bytes, 0);
  const perS = (amount: number): number => (wallMs > 0 ? (amount / wallMs) * 1000 : 0);
  return {
    accelerators,
    au: use.au,
    wallAu: use.wallAu,
    steps: steps.length,
    wallMs,
    samplesPerS: perS(steps.length * batchSize * accelerators),
    mbPerS: perS(bytes) / 1e6,
    readMs: ranks.flatMap((rank) => rank.readMs),
    stepMbPerS: steps.slice(1).map((step) => step.bytes / 1e3 / (step.endMs - step.askedMs)),
  };
}
