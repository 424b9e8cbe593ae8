import { findModel } from '../../catalog/models.ts';
import type { Candidate } from '../search/candidate.ts';

/** Name under which weights are published; the catalog's id where it has none. */
export function publishedName(modelId: string): string {
  const model = findModel(modelId);
  return model?.aliases.find((alias) => alias.includes('/')) ?? modelId;
}

/** What vLLM calls each form. bf16 is the checkpoint's own; 4-bit forms need a checkpoint made for them. */
const QUANTIZATION_ARGUMENTS: Readonly<Record<Candidate['quantization'], readonly string[]>> = {
  bf16: ['--dtype', 'bfloat16'],
  fp8: ['--quantization', 'fp8'],
  int8: ['--quantization', 'compressed-tensors'],
  int4: ['--quantization', 'awq'],
  fp4: ['--quantization', 'modelopt_fp4'],
};

/** Arguments of `vllm serve` (docs.vllm.ai, "Engine Arguments") for one replica of a candidate. */
export const vllmArguments = (candidate: Candidate, modelId: string): string[] => [
  publishedName(modelId),
  ...QUANTIZATION_ARGUMENTS[candidate.quantization],
  '--tensor-parallel-size',
  String(candidate.tensorParallel),
  '--max-num-seqs',
  String(candidate.maxSequences),
  '--max-num-batched-tokens',
  String(candidate.maxBatchedTokens),
  '--gpu-memory-utilization',
  String(candidate.gpuMemoryShare),
  '--enable-chunked-prefill',
];
