import type { WorkMetrics } from './why-report.ts';

/**
 * Model FLOPs utilization: FLOPs that the model needs for the work, over what the accelerators' peak could have done in that
 * time. Rematerialization does not count. Chowdhery et al., PaLM, arXiv 2204.02311, appendix B. `peakSeconds`: those FLOPs
 * over the peak of one accelerator. Null when it is unknown or no time passed.
 */
export const modelFlopsUtilization = (
  peakSeconds: number | null,
  acceleratorSeconds: number,
): number | null =>
  peakSeconds === null || acceleratorSeconds <= 0 ? null : peakSeconds / acceleratorSeconds;

/**
 * Hardware FLOPs utilization: as MFU, with the forward pass that activation recomputation does again. With all of it recomputed
 * a token costs 4/3 of the model's FLOPs (one forward more than forward and twice-as-long backward); Korthikanti et
 * al., arXiv 2205.05198, section 5.
 */
export const hardwareFlopsUtilization = (
  mfu: number | null,
  recompute: 'none' | 'full' | null,
): number | null =>
  mfu === null || recompute === null ? null : mfu * (recompute === 'full' ? 4 / 3 : 1);

/**
 * ML productivity goodput = scheduling x runtime x program (Google Cloud, "Introducing ML Productivity Goodput", 2024):
 * share of time in which the resources were there, share of that in which kept progress was made, share of peak in that
 * (MFU). Null where any factor is.
 */
export function goodput(factors: {
  scheduling: number | null;
  runtime: number | null;
  program: number | null;
}): NonNullable<WorkMetrics['goodput']> {
  const { scheduling, runtime, program } = factors;
  const isKnown = scheduling !== null && runtime !== null && program !== null;
  return { scheduling, runtime, program, total: isKnown ? scheduling * runtime * program : null };
}

/**
 * Accelerator utilization of MLPerf Storage (rules of v1.0, "AU"): compute time over total time, where the rest is waiting for
 * data. Null without time.
 */
export const acceleratorUtilization = (computeS: number, dataWaitS: number): number | null =>
  computeS + dataWaitS > 0 ? computeS / (computeS + dataWaitS) : null;

/** Share of a limit from which a device counts as bound by it. */
const BOUND = 0.6;

/**
 * Position on the roofline (Williams, Waterman, Patterson 2009, doi:10.1145/1498765.1498785) by DCGM's counters: the
 * roof whose share of cycles is larger, where it is near its limit. DCGM documents that DRAM_ACTIVE peaks near 0.8 in practice.
 */
export function rooflinePosition(
  tensorActive: number | null,
  dramActive: number | null,
): WorkMetrics['rooflinePosition'] {
  if (tensorActive === null || dramActive === null) return null;
  if (Math.max(tensorActive, dramActive) < BOUND) return 'neither';
  return tensorActive >= dramActive ? 'compute-bound' : 'memory-bound';
}
