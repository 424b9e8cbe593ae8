import { findAccelerator } from '../../catalog/accelerators.ts';
import { findModel } from '../../catalog/models.ts';
import { kernelTimes, type KernelWork } from '../../catalog/roofline.ts';
import type { HardwareConfig } from '../../config/schema.ts';
import type { TokenCounts } from '../../records/request-record.ts';

const MAX_DECODE_BATCH = 4096;

/** Estimates one request's accelerator-seconds from its tokens; null when the counts are unknown. */
export type RooflineShare = (tokens: TokenCounts, inFlight: number) => number | null;

/**
 * Builds the estimate for described hardware, or null when the catalog lacks the card or model. Kernels take
 * what the roofline of the catalog gives (`kernelTimes`). The request has its share by tokens of the layers and the head of
 * its steps, which the requests in flight run through together, and its own attention: its fresh prompt tokens in one
 * step beside a token of each other request, then one token a step. Tensor parallelism divides time and multiplies accelerators, so
 * accelerator-seconds do not depend on it. Communication, sampling and gaps are left out: an estimate, not a measurement.
 */
export function rooflineShare(hardware: HardwareConfig): RooflineShare | null {
  const accelerator = findAccelerator(hardware.accelerator);
  const model = findModel(hardware.model);
  if (accelerator === null || model === null) return null;
  const times = kernelTimes({ accelerator, model, quantization: hardware.quantization });
  if (times === null) return null;
  const seconds = (work: Partial<KernelWork>): number => {
    const { computeMs, memoryMs } = times({ ...NO_WORK, ...work });
    return (computeMs + memoryMs) / 1000;
  };
  return (tokens, inFlight) => {
    if (tokens.in === null || tokens.out === null) return null;
    const batch = Math.min(Math.max(1, inFlight), MAX_DECODE_BATCH);
    const fresh = Math.max(0, tokens.in - (tokens.cachedIn ?? 0));
    const cached = tokens.in - fresh;
    const together = fresh + batch - 1;
    // Each fresh token attends to all cached ones and, by the causal mask, to half of the fresh ones.
    const prefillS =
      fresh === 0
        ? 0
        : (seconds({ tokens: together }) * fresh) / together +
          seconds({ prefillPairs: fresh * (cached + fresh / 2), prefillContextTokens: tokens.in });
    const context = tokens.in + tokens.out / 2;
    const tokenS =
      seconds({ tokens: batch, sampledTokens: batch }) / batch +
      seconds({ decodeContextTokens: context });
    return prefillS + tokens.out * tokenS;
  };
}

const NO_WORK: KernelWork = {
  tokens: 0,
  prefillPairs: 0,
  prefillContextTokens: 0,
  decodeContextTokens: 0,
  sampledTokens: 0,
};
