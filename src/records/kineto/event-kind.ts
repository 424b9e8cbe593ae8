/**
 * What an event of a Kineto trace is, as a small number for a column. The names are those of both
 * schemas: 2021 (`Kernel`, `Memcpy`, `Operator`, `Runtime`) and now (`kernel`, `gpu_memcpy`,
 * `cpu_op`, `cuda_runtime`).
 */
export const KIND = {
  other: 0,
  kernel: 1,
  memcpy: 2,
  memset: 3,
  /** A call of the runtime API: cudaLaunchKernel, hipLaunchKernel. */
  runtime: 4,
  /** A call of the driver API: cuLaunchKernel. */
  driver: 5,
  operator: 6,
  annotation: 7,
  /** A range of the host copied onto the device's timeline; never a kernel. */
  deviceAnnotation: 8,
  /** `cuda_sync` rows, which appear on streams and are no work. */
  sync: 9,
  /** The profiler's own span. */
  span: 10,
  /** A Python or C frame; read past and counted, not kept. */
  frame: 11,
} as const;

const KIND_OF: Readonly<Record<string, number>> = {
  kernel: KIND.kernel,
  memcpy: KIND.memcpy,
  gpu_memcpy: KIND.memcpy,
  memset: KIND.memset,
  gpu_memset: KIND.memset,
  runtime: KIND.runtime,
  cuda_runtime: KIND.runtime,
  mtia_runtime: KIND.runtime,
  glow_runtime: KIND.runtime,
  xpu_runtime: KIND.runtime,
  privateuse1_runtime: KIND.runtime,
  cuda_driver: KIND.driver,
  xpu_driver: KIND.driver,
  operator: KIND.operator,
  cpu_op: KIND.operator,
  python: KIND.operator,
  user_annotation: KIND.annotation,
  gpu_user_annotation: KIND.deviceAnnotation,
  cuda_sync: KIND.sync,
  trace: KIND.span,
  python_function: KIND.frame,
};

/** Kind of a category (`cat`), whatever its case. */
export const kindOf = (category: string): number =>
  KIND_OF[category] ?? KIND_OF[category.toLowerCase()] ?? KIND.other;

/** Kernels, copies and fills: what keeps a device busy. */
export const isDeviceWork = (kind: number): boolean =>
  kind === KIND.kernel || kind === KIND.memcpy || kind === KIND.memset;
