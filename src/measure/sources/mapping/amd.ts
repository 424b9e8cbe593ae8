import { acceleratorSubject, type ExporterMapping, type Rule } from './mapping.ts';
import { kubernetesHolder } from './dcgm.ts';

const MIB = 1_048_576;

/**
 * AMD device-metrics-exporter (https://instinct.docs.amd.com/projects/device-metrics-exporter, "List of available
 * metrics"). GPU_PROF_* percentages are 0..100, memory is in MB (2^20), energy in microjoules. An `amd_` before every name,
 * which some installations set, is passed over.
 */
export const amd: ExporterMapping = {
  exporter: 'amd-device-metrics-exporter',
  rules: {
    gpu_gfx_activity: { metric: 'kernelShare', scale: 0.01 },
    gpu_umc_activity: { metric: 'memoryCopyShare', scale: 0.01 },
    gpu_prof_gui_util_percent: { metric: 'graphicsActiveShare', scale: 0.01 },
    gpu_prof_sm_active: { metric: 'smActiveShare', scale: 0.01 },
    gpu_prof_occupancy_percent: { metric: 'smOccupancyShare', scale: 0.01 },
    gpu_prof_tensor_active_percent: { metric: 'tensorActiveShare', scale: 0.01 },
    gpu_used_vram: { metric: 'memoryUsedBytes', scale: MIB },
    gpu_free_vram: { metric: 'memoryFreeBytes', scale: MIB },
    gpu_total_vram: { metric: 'memoryTotalBytes', scale: MIB },
    gpu_package_power: { metric: 'powerW' },
    gpu_average_package_power: { metric: 'powerW' },
    gpu_energy_consumed: { metric: 'energyRateW', counter: true, scale: 1e-6 },
    gpu_clock: { metric: 'smClockMhz', only: (labels) => isFirst(labels, 'GPU_CLOCK_TYPE_SYSTEM') },
    gpu_junction_temperature: { metric: 'temperatureC' },
    gpu_memory_temperature: { metric: 'memoryTemperatureC' },
    gpu_ecc_uncorrect_total: { metric: 'eccErrorsPerS', counter: true },
    pcie_replay_count: { metric: 'pcieReplaysPerS', counter: true },
    gpu_xgmi_link_tx: link('nvlinkTxBytesPerS'),
    gpu_xgmi_link_rx: link('nvlinkRxBytesPerS'),
  },
  subject: (labels, target) => {
    // Partition 0 is the whole device where there are no partitions.
    const partition = labels.get('gpu_partition_id');
    const named = partition === '0' ? new Map([...labels, ['gpu_partition_id', '']]) : labels;
    return acceleratorSubject(named, target, {
      uuid: ['gpu_uuid', 'serial_number'],
      index: ['gpu_id'],
      model: ['card_model', 'card_series'],
      instance: ['gpu_partition_id'],
    });
  },
  holder: kubernetesHolder,
};

/** Kilobytes since the driver was loaded, one counter a link. */
function link(metric: 'nvlinkTxBytesPerS' | 'nvlinkRxBytesPerS'): Rule {
  return { metric, counter: true, scale: 1000, part: 'link_index', combine: 'sum' };
}

const isFirst = (labels: ReadonlyMap<string, string>, type: string): boolean =>
  labels.get('clock_type') === type && (labels.get('clock_index') ?? '0') === '0';
