import { findAccelerator } from '../../../catalog/accelerators.ts';
import { fail, ok, type Result } from '../../../records/errors.ts';
import { powerModel } from '../../time/power.ts';
import type { SyntheticJobShape } from './synthetic-job.ts';

/** Share of peak and of bandwidth that large training kernels reach; general knowledge (0.6 to 0.75 of peak in one kernel). */
const TENSOR_SHARE = 0.65;
const DRAM_SHARE = 0.8;

/**
 * A data-parallel job with steps of two thirds of a second: four fifths of its computing is arithmetic, a tenth of the
 * step exchange. `flopsPerToken` settles how many tokens that arithmetic is. TR_CONFIG_INVALID for an accelerator without figures.
 */
export function usualShape(ask: {
  job: string;
  host: string;
  ranks: number;
  accelerator: string;
  flopsPerToken: number;
  seed: number;
}): Result<SyntheticJobShape> {
  const { flopsPerToken, accelerator: id, ...rest } = ask;
  const accelerator = findAccelerator(id);
  const tflops = accelerator?.denseTflops.bf16 ?? null;
  if (accelerator === null || tflops === null) {
    const message = `accelerator: the catalog has no figures of "${id}"`;
    return fail('TR_CONFIG_INVALID', message, { field: 'accelerator' });
  }
  const power = powerModel(accelerator);
  if (!power.ok) return power;
  const arithmeticMs = 480;
  const flops = TENSOR_SHARE * tflops * 1e12 * (arithmeticMs / 1000);
  return ok({
    ...rest,
    accelerator,
    power: power.value,
    arithmeticMs,
    memoryMs: 120,
    exchangeMs: 60,
    loaderMs: 5,
    tokensPerRank: Math.round(flops / flopsPerToken),
    tensorShare: TENSOR_SHARE,
    dramShare: DRAM_SHARE,
    variation: 0.01,
  });
}
