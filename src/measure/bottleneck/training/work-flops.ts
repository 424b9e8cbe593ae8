import { findAccelerator } from '../../../catalog/accelerators.ts';
import { attentionCost } from '../../../catalog/attention.ts';
import { activeParams, findModel } from '../../../catalog/models.ts';
import type { JobConfig } from '../../../config/schema.ts';

/**
 * FLOPs of forward and backward of one token: 6 per active parameter (Kaplan et al., arXiv 2001.08361, section 2.1) and three
 * times the attention of the forward pass, half of the sequence attended to on average under the causal mask (PaLM,
 * arXiv 2204.02311, appendix B, counts the whole square). Null when the job names neither model nor FLOPs.
 */
export function flopsPerToken(job: JobConfig): number | null {
  if (job.flopsPerToken !== undefined) return job.flopsPerToken;
  const shape = job.model === undefined ? null : findModel(job.model);
  if (shape === null) return null;
  const pairs = (job.sequenceTokens ?? 0) / 2;
  return 6 * activeParams(shape) + 3 * pairs * attentionCost(shape).prefillFlopsPerPair;
}

/** Peak dense FLOP/s of one accelerator in the job's arithmetic; null where the catalog has none. */
export function peakFlopsPerS({ hardware, precision }: JobConfig): number | null {
  const tflops = findAccelerator(hardware.accelerator)?.denseTflops;
  const peak = precision === 'fp8' ? (tflops?.fp8 ?? tflops?.bf16) : tflops?.bf16;
  return peak === undefined || peak === null ? null : peak * 1e12;
}
