import { findAccelerator } from '../../../catalog/accelerators.ts';
import { footprintOf } from '../../../catalog/footprint.ts';
import { findModel } from '../../../catalog/models.ts';
import type { HardwareConfig } from '../../../config/schema.ts';
import { rooflineShare } from '../../cost/roofline-share.ts';

/** Requests that an engine served, and their tokens. */
export interface Served {
  requests: number;
  tokensIn: number;
  tokensCachedIn: number;
  tokensOut: number;
}

/** Accelerator-seconds that the roofline gives for the served tokens. */
export interface ServedRoofline {
  /** At the largest batch that memory and target allow: the useful part. */
  usefulSeconds: number;
  /** At the batch that was there. */
  atBatchSeconds: number;
  batch: number;
  largestBatch: number;
  limitedBy: 'memory' | 'target';
}

/** Share of device memory that engines use; vLLM's default of gpu_memory_utilization. */
const MEMORY_SHARE = 0.9;
const MAX_BATCH = 4096;

/**
 * Roofline time of what was served, at the batch it ran in and at the largest one: as many mean requests as fit in the memory beside
 * the weights, and whose decode step stays within the time-per-token target (p95). The roofline is that of `rooflineShare`
 * (with the shares of peak that engines reach). Null when catalog or hardware do not describe the engine, or nothing was served.
 */
export function servedRoofline(
  hardware: HardwareConfig,
  served: Served,
  facts: { batch: number; tpotTargetMs: number | null },
): ServedRoofline | null {
  const share = rooflineShare(hardware);
  if (share === null || served.requests === 0 || served.tokensOut + served.tokensIn === 0)
    return null;
  const per = (tokens: number): number => tokens / served.requests;
  const mean = {
    in: per(served.tokensIn),
    cachedIn: per(served.tokensCachedIn),
    cacheWrite: null,
    out: per(served.tokensOut),
    reasoning: null,
  };
  const secondsAt = (batch: number): number => (share(mean, batch) ?? 0) * served.requests;
  const stepMs = (batch: number): number => {
    const decodeS = (share(mean, batch) ?? 0) - (share({ ...mean, out: 0 }, batch) ?? 0);
    return mean.out <= 0 ? 0 : ((decodeS / mean.out) * batch * 1000) / hardware.tensorParallel;
  };
  const byMemory = memoryBatch(hardware, mean.in + mean.out);
  const byTarget =
    facts.tpotTargetMs === null ? MAX_BATCH : largestBelow(facts.tpotTargetMs, stepMs);
  const largestBatch = Math.max(facts.batch, 1, Math.min(byMemory, byTarget));
  return {
    usefulSeconds: secondsAt(largestBatch),
    atBatchSeconds: secondsAt(Math.max(1, facts.batch)),
    batch: facts.batch,
    largestBatch,
    limitedBy: byMemory <= byTarget ? 'memory' : 'target',
  };
}

/** Requests of that many tokens that fit in one replica's memory beside its weights. */
function memoryBatch(hardware: HardwareConfig, tokens: number): number {
  const accelerator = findAccelerator(hardware.accelerator);
  const shape = findModel(hardware.model);
  if (accelerator === null || shape === null) return 1;
  const memoryBytes = accelerator.memoryGb * 1e9 * MEMORY_SHARE * hardware.tensorParallel;
  const size = footprintOf(shape, hardware.quantization);
  const freeBytes = memoryBytes - size.weightBytes;
  const perRequest = tokens * size.kvBytesPerToken;
  if (perRequest <= 0) return MAX_BATCH;
  return Math.min(MAX_BATCH, Math.max(1, Math.floor(freeBytes / perRequest)));
}

/** Largest batch whose step takes at most `limitMs`; steps only grow with the batch. */
function largestBelow(limitMs: number, stepMs: (batch: number) => number): number {
  let low = 1;
  let high = MAX_BATCH;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (stepMs(middle) <= limitMs) low = middle;
    else high = middle - 1;
  }
  return low;
}
