import { z } from 'zod';
import { basis } from './basis.ts';

/**
 * The one vocabulary that every exporter's names are mapped to (docs/sources.md has the table). `share` is 0..1;
 * `perS` is per second, from a counter's growth or an exporter's own rate. The text says what it is, not how
 * any one exporter calls it.
 */
export const resourceMetrics = {
  // Accelerators. DCGM field definitions: https://docs.nvidia.com/datacenter/dcgm/latest/dcgm-api/dcgm-api-field-ids.html
  kernelShare: [
    'share',
    'time in which any kernel ran; 1 says nothing about how full the device was',
  ],
  smActiveShare: ['share', 'cycles in which a multiprocessor had a warp, over all multiprocessors'],
  smOccupancyShare: ['share', 'resident warps over the most that fit'],
  tensorActiveShare: ['share', 'cycles in which the tensor (matrix) pipe worked'],
  fp64ActiveShare: ['share', 'cycles in which the FP64 pipe worked'],
  fp32ActiveShare: ['share', 'cycles in which the FP32 pipe worked'],
  fp16ActiveShare: ['share', 'cycles in which the FP16 pipe worked'],
  graphicsActiveShare: ['share', 'time in which the compute or graphics engine was active'],
  dramActiveShare: ['share', 'cycles in which device memory was read or written'],
  memoryCopyShare: ['share', 'time in which device memory was read or written, coarse (NVML)'],
  memoryUsedBytes: ['bytes', 'device memory in use'],
  memoryFreeBytes: ['bytes', 'device memory free'],
  memoryTotalBytes: ['bytes', 'device memory in all'],
  pcieTxBytesPerS: ['bytes/s', 'sent by the device over PCIe'],
  pcieRxBytesPerS: ['bytes/s', 'received by the device over PCIe'],
  nvlinkTxBytesPerS: ['bytes/s', 'sent over NVLink or Infinity Fabric'],
  nvlinkRxBytesPerS: ['bytes/s', 'received over NVLink or Infinity Fabric'],
  powerW: ['W', 'power draw, a gauge'],
  powerLimitW: ['W', 'power limit in force'],
  energyRateW: ['W', 'power from the growth of an energy counter: exact over the interval'],
  smClockMhz: ['MHz', 'clock of the multiprocessors'],
  memoryClockMhz: ['MHz', 'clock of the device memory'],
  temperatureC: ['degC', 'of the chip'],
  memoryTemperatureC: ['degC', 'of the device memory'],
  throttledPowerShare: ['share', 'time held down by a power limit or power brake'],
  throttledHeatShare: ['share', 'time held down by temperature'],
  throttledOtherShare: [
    'share',
    'time held down by anything else (board limit, sync boost, low voltage)',
  ],
  idleClockShare: ['share', 'time in which clocks were low because nothing ran'],
  lastXidCode: ['code', 'the last XID error, 0 for none'],
  eccErrorsPerS: ['1/s', 'uncorrectable memory errors'],
  pcieReplaysPerS: ['1/s', 'PCIe packets sent again'],
  // Hosts.
  cpuIdleShare: ['share', 'mean over the CPUs: idle'],
  cpuIowaitShare: ['share', 'mean over the CPUs: idle with I/O outstanding'],
  cpuUserShare: ['share', 'mean over the CPUs: user and nice'],
  cpuSystemShare: ['share', 'mean over the CPUs: kernel and interrupts'],
  cpuStealShare: ['share', 'mean over the CPUs: taken by the hypervisor'],
  load1: ['tasks', 'load average over a minute'],
  hostMemoryTotalBytes: ['bytes', 'memory of the host'],
  hostMemoryAvailableBytes: ['bytes', 'memory that programs can still get'],
  diskReadBytesPerS: ['bytes/s', 'read from whole disks, their sum'],
  diskWriteBytesPerS: ['bytes/s', 'written to whole disks, their sum'],
  diskBusyShare: ['share', 'mean over whole disks: time with I/O in flight'],
  networkRxBytesPerS: ['bytes/s', 'received on physical interfaces, their sum'],
  networkTxBytesPerS: ['bytes/s', 'sent on physical interfaces, their sum'],
  infinibandRxBytesPerS: ['bytes/s', 'received over InfiniBand, sum of ports'],
  infinibandTxBytesPerS: ['bytes/s', 'sent over InfiniBand, sum of ports'],
  cpuPressureShare: ['share', 'time in which some task waited for a CPU (PSI)'],
  ioPressureShare: ['share', 'time in which some task waited for I/O (PSI)'],
  memoryPressureShare: ['share', 'time in which some task waited for memory (PSI)'],
  packagePowerW: ['W', 'CPU packages, from energy counters (RAPL)'],
  dramPowerW: ['W', 'host memory, from energy counters (RAPL)'],
  platformPowerW: ['W', 'the whole machine, from energy counters'],
  // Inference engines.
  requestsRunning: ['requests', 'in the batch'],
  requestsWaiting: ['requests', 'in the engine queue'],
  requestsDonePerS: ['1/s', 'finished'],
  kvUsageShare: ['share', 'of the KV cache blocks in use'],
  promptTokensPerS: ['1/s', 'prompt tokens processed'],
  outputTokensPerS: ['1/s', 'tokens generated'],
  cachedTokensPerS: ['1/s', 'prompt tokens found in the prefix cache'],
  queriedTokensPerS: ['1/s', 'prompt tokens looked up in the prefix cache'],
  cacheHitShare: ['share', 'of prompt tokens found in the prefix cache, by the engine itself'],
  preemptionsPerS: ['1/s', 'requests put back for want of KV cache'],
  queueSecondsPerS: ['s/s', 'request-seconds spent in the engine queue'],
  prefillSecondsPerS: ['s/s', 'request-seconds spent in prefill'],
  decodeSecondsPerS: ['s/s', 'request-seconds spent in decode'],
  ttftSecondsPerS: ['s/s', 'sum of times to first token'],
  e2eSecondsPerS: ['s/s', 'sum of request durations'],
  flopsPerS: ['FLOP/s', 'estimated by the engine'],
  memoryReadBytesPerS: ['bytes/s', 'device memory reads estimated by the engine'],
  memoryWriteBytesPerS: ['bytes/s', 'device memory writes estimated by the engine'],
} as const satisfies Record<string, readonly [unit: string, meaning: string]>;

export type ResourceMetric = keyof typeof resourceMetrics;

export const isResourceMetric = (name: string): name is ResourceMetric =>
  Object.hasOwn(resourceMetrics, name);

export const subjectKind = z.enum(['accelerator', 'host', 'engine']);
export type SubjectKind = z.infer<typeof subjectKind>;

/**
 * What a sample is about. `id` is unique among subjects of a kind: an accelerator's UUID (with `/instance` for a
 * partition) or else `node/index`; a host's name; an engine's `node/model/rank`. `model`: of accelerator or LLM.
 */
export const resourceSubject = z.strictObject({
  kind: subjectKind,
  id: z.string(),
  node: z.string().nullable(),
  index: z.string().nullable(),
  model: z.string().nullable(),
});
export type ResourceSubject = z.infer<typeof resourceSubject>;

/**
 * Mean of one metric of one subject over an interval in which it is known. `part`: one of several that make the
 * figure up (a CPU, a disk, a pod that shares the device); `combine` says how they do.
 */
export interface ResourceSample {
  source: string;
  subject: ResourceSubject;
  metric: ResourceMetric;
  part: string;
  combine: 'same' | 'sum' | 'mean';
  fromMs: number;
  toMs: number;
  value: number;
  basis: z.infer<typeof basis>;
}

/** Who held an accelerator, as an exporter in Kubernetes saw it. */
export interface ResourceHolder {
  source: string;
  subject: ResourceSubject;
  /** `namespace/pod/container`, what is missing left out. */
  holder: string;
  fromMs: number;
  toMs: number;
}
