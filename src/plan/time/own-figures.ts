import { findAccelerator } from '../../catalog/accelerators.ts';
import { findModel } from '../../catalog/models.ts';
import type { Quantization } from '../../catalog/footprint.ts';
import type { ReplicaHardware } from './footprint.ts';

/**
 * The roofline of one engine of one's own: shares of the published peaks and overhead of a step, recovered from its
 * records (`tailrace plan calibrate --records`), or those that a simulated engine is configured with.
 */
export interface OwnFigures {
  /** Names of the catalog. */
  model: string;
  accelerator: string;
  quantization: Quantization;
  tensorParallel: number;
  /** Shares of peak arithmetic and memory bandwidth that its kernels reach. */
  computeShare: number;
  bandwidthShare: number;
  stepOverheadMs: number;
  /** By how much its durations may differ from these, as a share. */
  errorShare: number;
}

/** The figures of exactly that hardware; the last of several counts. */
export const ownFiguresOf = (
  all: readonly OwnFigures[],
  { model, accelerator, quantization, tensorParallel }: ReplicaHardware,
): OwnFigures | null =>
  all.findLast(
    (one) =>
      findModel(one.model)?.id === model.id &&
      findAccelerator(one.accelerator)?.id === accelerator.id &&
      one.quantization === quantization &&
      one.tensorParallel === tensorParallel,
  ) ?? null;
