import {
  formatBytes,
  formatCompact,
  formatMean,
  formatShare,
  formatWatts,
  formatCelsius,
  formatBytesPerS,
} from '../format.ts';

/** One figure of a table of devices. Names and units are those of docs/sources.md. */
export interface Column {
  metric: string;
  label: string;
  title: string;
  format: (value: number | null) => string;
  /** The mean over the window unless told. */
  pick?: 'max';
}

const share = (metric: string, label: string, title: string): Column => ({
  metric,
  label,
  title,
  format: formatShare,
});

const rate = (metric: string, label: string, title: string): Column => ({
  metric,
  label,
  title,
  format: formatBytesPerS,
});

export const COMPUTE: readonly Column[] = [
  share('smActiveShare', 'SM active', 'Cycles in which a multiprocessor had work'),
  share('tensorActiveShare', 'Tensor active', 'Cycles in which the matrix pipe worked'),
  share('dramActiveShare', 'Memory active', 'Cycles in which device memory was read or written'),
  share('kernelShare', '\u201cGPU util\u201d', 'Time in which any kernel ran: 100 % may be idle'),
  { metric: 'memoryUsedBytes', label: 'Memory used', title: 'Device memory', format: formatBytes },
  share('throttledPowerShare', 'Held by power', 'Time held down by a power limit'),
  share('throttledHeatShare', 'Held by heat', 'Time held down by temperature'),
  { metric: 'powerW', label: 'Power', title: 'Mean power draw', format: formatWatts },
];

export const FACILITIES: readonly Column[] = [
  { metric: 'energyRateW', label: 'From energy', title: 'Exact mean', format: formatWatts },
  { metric: 'powerW', label: 'Power', title: 'Mean of the gauge', format: formatWatts },
  { metric: 'powerW', label: 'Highest', title: 'Highest draw', format: formatWatts, pick: 'max' },
  { metric: 'powerLimitW', label: 'Limit', title: 'Power limit in force', format: formatWatts },
  share('throttledPowerShare', 'Held by power', 'Time held down by a power limit'),
  share('throttledHeatShare', 'Held by heat', 'Time held down by temperature'),
  {
    metric: 'temperatureC',
    label: 'Hottest',
    title: 'Highest temperature of the chip',
    format: formatCelsius,
    pick: 'max',
  },
];

export const HOST_POWER: readonly Column[] = [
  { metric: 'platformPowerW', label: 'Machine', title: 'The whole machine', format: formatWatts },
  { metric: 'packagePowerW', label: 'CPUs', title: 'CPU packages (RAPL)', format: formatWatts },
  { metric: 'dramPowerW', label: 'Memory', title: 'Host memory (RAPL)', format: formatWatts },
];

export const LINKS: readonly Column[] = [
  rate('nvlinkTxBytesPerS', 'NVLink out', 'Sent over NVLink or Infinity Fabric'),
  rate('nvlinkRxBytesPerS', 'NVLink in', 'Received over NVLink or Infinity Fabric'),
  rate('pcieTxBytesPerS', 'PCIe out', 'Sent over PCIe'),
  rate('pcieRxBytesPerS', 'PCIe in', 'Received over PCIe'),
  {
    metric: 'pcieReplaysPerS',
    label: 'PCIe replays/s',
    title: 'Packets sent again',
    format: formatMean,
  },
];

export const HOST_NETWORK: readonly Column[] = [
  rate('infinibandTxBytesPerS', 'InfiniBand out', 'Sum of ports'),
  rate('infinibandRxBytesPerS', 'InfiniBand in', 'Sum of ports'),
  rate('networkTxBytesPerS', 'Network out', 'Physical interfaces'),
  rate('networkRxBytesPerS', 'Network in', 'Physical interfaces'),
];

export const HOST_STORAGE: readonly Column[] = [
  rate('diskReadBytesPerS', 'Disk reads', 'Whole disks, their sum'),
  rate('diskWriteBytesPerS', 'Disk writes', 'Whole disks, their sum'),
  share('diskBusyShare', 'Disk busy', 'Time with I/O in flight'),
  share('cpuIowaitShare', 'CPU waits for I/O', 'Idle with I/O outstanding'),
  share('ioPressureShare', 'I/O pressure', 'Time in which some task waited for I/O'),
];

export const HOST_CPU: readonly Column[] = [
  share('cpuIdleShare', 'CPU idle', 'Mean over the CPUs'),
  share('cpuPressureShare', 'CPU pressure', 'Time in which some task waited for a CPU'),
  share('memoryPressureShare', 'Memory pressure', 'Time in which some task waited for memory'),
  {
    metric: 'hostMemoryAvailableBytes',
    label: 'Memory free',
    title: 'What programs can still get',
    format: formatBytes,
  },
];

export const ENGINES: readonly Column[] = [
  { metric: 'requestsRunning', label: 'Batch', title: 'Requests running', format: formatMean },
  { metric: 'requestsWaiting', label: 'Queue', title: 'Requests waiting', format: formatMean },
  share('kvUsageShare', 'KV cache', 'Blocks in use'),
  share('cacheHitShare', 'Prefix hits', 'Prompt tokens found in the prefix cache'),
  { metric: 'outputTokensPerS', label: 'Tokens/s', title: 'Generated', format: formatCompact },
  { metric: 'preemptionsPerS', label: 'Preemptions/s', title: 'Put back', format: formatMean },
];
