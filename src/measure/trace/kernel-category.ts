/** What a kernel does, by its name; the first pattern that fits wins. */
export type KernelCategory =
  | 'communication'
  | 'attention'
  | 'convolution'
  | 'matrix-multiply'
  | 'normalization'
  | 'optimizer'
  | 'reduction'
  | 'softmax'
  | 'embedding'
  | 'elementwise'
  | 'copy'
  | 'other';

/**
 * Names of libraries: NCCL and RCCL (`ncclDevKernel`, `ncclKernel`), vLLM and SGLang's own
 * all-reduce, DeepEP, cuDNN, CUTLASS, cuBLAS, hipBLASLt (`Cijk_`), Triton and ATen.
 */
const PATTERNS: ReadonlyArray<readonly [KernelCategory, RegExp]> = [
  [
    'communication',
    /^(?:void )?(?:nccl|rccl|msccl)|nccl(?:Dev)?Kernel|cross_device_reduce|all_?reduce_(?:kernel|one|two)|nvshmem|deep_ep::/i,
  ],
  ['attention', /flash|fmha|attention|attn|paged_kv|mla_|rotary/i],
  ['optimizer', /multi_tensor_apply|adam|lamb_|sgd/i],
  ['normalization', /batch_?norm|layer_?norm|rms_?norm|group_?norm|bn_(?:fw|bw)|norm_(?:fwd|bwd)/i],
  ['convolution', /conv|cudnn|winograd|dgrad|wgrad|implicit_gemm|nchwTo|nhwcTo/i],
  ['matrix-multiply', /gemm|gemv|Cijk_|cublas|cutlass|matmul|xmma|splitK|wmma|_mm_/i],
  ['softmax', /softmax|log_softmax|cross_entropy|nll_loss/i],
  ['embedding', /embedding|indexSelect|index_select|gather|scatter/i],
  ['reduction', /reduce|cumsum|scan|topk|sort|argmax/i],
  ['copy', /copy|memcpy|memset|transpose|CatArray|cast/i],
  ['elementwise', /elementwise|vectorized|pointwise|fused|triton_|act_and_mul|dropout|fill/i],
];

export const kernelCategory = (name: string): KernelCategory =>
  PATTERNS.find(([, pattern]) => pattern.test(name))?.[0] ?? 'other';

/** A kernel that moves data between devices; it may also be waiting for its peers. */
export const isCommunication = (name: string): boolean => PATTERNS[0]?.[1].test(name) === true;
