import type { ReplicaHardware } from '../footprint.ts';
import { ROOFLINE_CONSTANTS } from '../roofline.ts';
import type { StepTimeModel } from '../step-time.ts';
import { expertTime } from './expert-time.ts';
import { defaultGraphSizes } from './graph-sizes.ts';
import { ringMs } from './ring-time.ts';
import { findShippedTable } from './shipped-tables.ts';
import { tableStepTime } from './table-step-time.ts';

/** Skew where a bucket was not measured: the profiles' own default is 0.05 to 0.07. */
const SKEW_DEFAULT = 0.06;

/**
 * Step time of a replica from the tables that come with the product; null when there is none for it, or
 * the link that it needs is not in the catalog. `stepOverheadMs` is host work that nothing overlaps: none with
 * asynchronous scheduling and CUDA graphs.
 */
export async function shippedStepTime(
  hardware: ReplicaHardware,
  options: { maxSequences: number; stepOverheadMs?: number },
): Promise<StepTimeModel | null> {
  const { model, accelerator, quantization, tensorParallel: p } = hardware;
  const { scaleUpGbPerS } = accelerator;
  if (p > 1 && scaleUpGbPerS === null) return null;
  const table = await findShippedTable({
    model: model.id,
    hardware: accelerator.id,
    numberFormat: quantization,
    tensorParallel: p,
  });
  if (table === null) return null;
  // As in the roofline: one direction of the link, at the share that large collectives reach.
  const bytesPerS = ((scaleUpGbPerS ?? 0) / 2) * 1e9 * ROOFLINE_CONSTANTS.linkShare;
  const ring = ringMs({ bytesPerS, latencyS: ROOFLINE_CONSTANTS.allReduceBaseUs / 2e6 }, p);
  const reduces = 2 * model.layers + 1;
  return tableStepTime(table, {
    layers: model.layers,
    headsPerKv: model.heads / model.kvHeads,
    graphSizes: defaultGraphSizes(options.maxSequences),
    collectiveMs: (tokens, sampled) =>
      p === 1
        ? 0
        : reduces * ring.allReduce(tokens * model.hidden * 2) +
          ring.allGather(sampled * (model.vocab / p) * 2),
    stepOverheadMs: options.stepOverheadMs ?? 0,
    expertsUs:
      table.moe === null || model.experts === null ? null : expertTime(table.moe, model.experts, p),
    skewDefault: SKEW_DEFAULT,
  });
}
