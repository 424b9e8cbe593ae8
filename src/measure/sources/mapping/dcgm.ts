import type { ResourceMetric } from '../../../records/resource-sample.ts';
import { acceleratorSubject, firstLabel, type ExporterMapping, type Rule } from './mapping.ts';

const MIB = 1_048_576;

/** nvmlClocksEventReason* of NVML, the bits of `clocks_event_reasons.active`. */
const REASONS: ReadonlyArray<[mask: number, metric: ResourceMetric]> = [
  [0x4 | 0x80, 'throttledPowerShare'],
  [0x20 | 0x40, 'throttledHeatShare'],
  [0x2 | 0x10 | 0x100, 'throttledOtherShare'],
  [0x1, 'idleClockShare'],
];
/** HW slowdown says neither heat nor power; the two finer bits beside it do, where the driver has them. */
const HW_SLOWDOWN = 0x8;
const HW_FINE = 0x40 | 0x80;

/** A device held down for one reason at a time would be 1 there; several bits may be set at once. */
export function* throttleReasons(mask: number): Iterable<[ResourceMetric, number]> {
  if (!Number.isSafeInteger(mask) || mask < 0) return;
  const has = (bits: number): boolean => (Number(BigInt(mask) & 0xffffn) & bits) !== 0;
  for (const [bits, metric] of REASONS) {
    const vague = metric === 'throttledOtherShare' && has(HW_SLOWDOWN) && !has(HW_FINE);
    yield [metric, has(bits) || vague ? 1 : 0];
  }
}

const percent = (metric: ResourceMetric): Rule => ({ metric, scale: 0.01 });

/**
 * Violation counters count time. NVML's unit is the nanosecond; exporters' HELP said microseconds for years, and
 * the values of those versions are.
 */
const violation = (metric: ResourceMetric): Rule => ({
  metric,
  counter: true,
  scale: 1e-9,
  scaleByHelp: (help) => (/\bin us\b|microsec/i.test(help) ? 1e-6 : null),
});

/**
 * dcgm-exporter (https://github.com/NVIDIA/dcgm-exporter, etc/default-counters.csv). DCGM_FI_PROF_* are 0..1 though
 * their HELP says "in %"; its PCIe and NVLink fields are rates, whatever TYPE the version declares. The device's value
 * is copied to each pod that shares it, so pods are parts of the same figure.
 */
export const dcgm: ExporterMapping = {
  exporter: 'dcgm-exporter',
  rules: {
    DCGM_FI_DEV_GPU_UTIL: percent('kernelShare'),
    DCGM_FI_DEV_MEM_COPY_UTIL: percent('memoryCopyShare'),
    DCGM_FI_PROF_GR_ENGINE_ACTIVE: { metric: 'graphicsActiveShare' },
    DCGM_FI_PROF_SM_ACTIVE: { metric: 'smActiveShare' },
    DCGM_FI_PROF_SM_OCCUPANCY: { metric: 'smOccupancyShare' },
    DCGM_FI_PROF_PIPE_TENSOR_ACTIVE: { metric: 'tensorActiveShare' },
    DCGM_FI_PROF_PIPE_FP64_ACTIVE: { metric: 'fp64ActiveShare' },
    DCGM_FI_PROF_PIPE_FP32_ACTIVE: { metric: 'fp32ActiveShare' },
    DCGM_FI_PROF_PIPE_FP16_ACTIVE: { metric: 'fp16ActiveShare' },
    DCGM_FI_PROF_DRAM_ACTIVE: { metric: 'dramActiveShare' },
    DCGM_FI_PROF_PCIE_TX_BYTES: { metric: 'pcieTxBytesPerS' },
    DCGM_FI_PROF_PCIE_RX_BYTES: { metric: 'pcieRxBytesPerS' },
    DCGM_FI_DEV_PCIE_TX_THROUGHPUT: { metric: 'pcieTxBytesPerS', scale: 1000 },
    DCGM_FI_DEV_PCIE_RX_THROUGHPUT: { metric: 'pcieRxBytesPerS', scale: 1000 },
    DCGM_FI_PROF_NVLINK_TX_BYTES: { metric: 'nvlinkTxBytesPerS' },
    DCGM_FI_PROF_NVLINK_RX_BYTES: { metric: 'nvlinkRxBytesPerS' },
    DCGM_FI_DEV_FB_USED: { metric: 'memoryUsedBytes', scale: MIB },
    DCGM_FI_DEV_FB_FREE: { metric: 'memoryFreeBytes', scale: MIB },
    DCGM_FI_DEV_FB_TOTAL: { metric: 'memoryTotalBytes', scale: MIB },
    DCGM_FI_DEV_POWER_USAGE: { metric: 'powerW' },
    DCGM_FI_DEV_POWER_MGMT_LIMIT: { metric: 'powerLimitW' },
    DCGM_FI_DEV_ENFORCED_POWER_LIMIT: { metric: 'powerLimitW' },
    DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION: { metric: 'energyRateW', counter: true, scale: 1e-3 },
    DCGM_FI_DEV_SM_CLOCK: { metric: 'smClockMhz' },
    DCGM_FI_DEV_MEM_CLOCK: { metric: 'memoryClockMhz' },
    DCGM_FI_DEV_GPU_TEMP: { metric: 'temperatureC' },
    DCGM_FI_DEV_MEMORY_TEMP: { metric: 'memoryTemperatureC' },
    DCGM_FI_DEV_XID_ERRORS: { metric: 'lastXidCode' },
    DCGM_FI_DEV_ECC_DBE_VOL_TOTAL: { metric: 'eccErrorsPerS', counter: true },
    DCGM_FI_DEV_PCIE_REPLAY_COUNTER: { metric: 'pcieReplaysPerS', counter: true },
    DCGM_FI_DEV_POWER_VIOLATION: violation('throttledPowerShare'),
    DCGM_FI_DEV_THERMAL_VIOLATION: violation('throttledHeatShare'),
    DCGM_FI_DEV_BOARD_LIMIT_VIOLATION: violation('throttledOtherShare'),
    DCGM_FI_DEV_CLOCK_THROTTLE_REASONS: { metric: 'throttledPowerShare', expand: throttleReasons },
    DCGM_FI_DEV_CLOCKS_EVENT_REASONS: { metric: 'throttledPowerShare', expand: throttleReasons },
  },
  subject: (labels, target) =>
    acceleratorSubject(labels, target, {
      uuid: ['UUID', 'uuid'],
      index: ['gpu', 'device'],
      model: ['modelName', 'model_name'],
      instance: ['GPU_I_ID'],
    }),
  holder: kubernetesHolder,
};

/** `namespace/pod/container`: `exported_*` where Prometheus kept its own labels apart. Null: nobody. */
export function kubernetesHolder(labels: ReadonlyMap<string, string>): string | null {
  const pod = firstLabel(labels, ['exported_pod', 'pod', 'pod_name']);
  if (pod === null) return null;
  const namespace = firstLabel(labels, ['exported_namespace', 'namespace', 'pod_namespace']);
  const container = firstLabel(labels, ['exported_container', 'container', 'container_name']);
  return [namespace, pod, container].filter((one) => one !== null).join('/');
}
