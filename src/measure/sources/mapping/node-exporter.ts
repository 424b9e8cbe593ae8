import type { ResourceMetric } from '../../../records/resource-sample.ts';
import { hostSubject, type ExporterMapping, type Labels, type Rule } from './mapping.ts';

const cpuMode = (metric: ResourceMetric, mode: string): Rule => ({
  metric,
  counter: true,
  part: 'cpu',
  combine: 'mean',
  only: (labels) => labels.get('mode') === mode,
});

const cpu: readonly Rule[] = [
  cpuMode('cpuIdleShare', 'idle'),
  cpuMode('cpuIowaitShare', 'iowait'),
  cpuMode('cpuUserShare', 'user'),
  cpuMode('cpuSystemShare', 'system'),
  cpuMode('cpuStealShare', 'steal'),
];

/** Partitions, mapped and loop devices repeat what their disks say. */
export const isWholeDisk = (device: string): boolean =>
  /^(?:sd[a-z]+|vd[a-z]+|xvd[a-z]+|hd[a-z]+|nvme\d+n\d+|mmcblk\d+)$/.test(device);

/** Bridges, tunnels and containers' ends repeat what the physical interfaces carry. */
export const isPhysicalInterface = (device: string): boolean =>
  !/^(?:lo|veth|docker|br-|cni|flannel|cali|tun|tap|virbr|kube|dummy|ifb|wg|vxlan|bond\d+\.|team)/.test(
    device,
  );

const disk = (metric: ResourceMetric, combine: 'sum' | 'mean' = 'sum'): Rule => ({
  metric,
  counter: true,
  part: 'device',
  combine,
  only: (labels: Labels) => isWholeDisk(labels.get('device') ?? ''),
});

const network = (metric: ResourceMetric): Rule => ({
  metric,
  counter: true,
  part: 'device',
  combine: 'sum',
  only: (labels: Labels) => isPhysicalInterface(labels.get('device') ?? 'lo'),
});

const counter = (metric: ResourceMetric): Rule => ({ metric, counter: true });

const summed = (metric: ResourceMetric, part: string): Rule => ({
  metric,
  counter: true,
  part,
  combine: 'sum',
});

/** node_exporter 1.x (https://github.com/prometheus/node_exporter). */
export const nodeExporter: ExporterMapping = {
  exporter: 'node_exporter',
  rules: {
    node_cpu_seconds_total: cpu,
    node_load1: { metric: 'load1' },
    node_memory_MemTotal_bytes: { metric: 'hostMemoryTotalBytes' },
    node_memory_MemAvailable_bytes: { metric: 'hostMemoryAvailableBytes' },
    node_disk_read_bytes_total: disk('diskReadBytesPerS'),
    node_disk_written_bytes_total: disk('diskWriteBytesPerS'),
    node_disk_io_time_seconds_total: disk('diskBusyShare', 'mean'),
    node_network_receive_bytes_total: network('networkRxBytesPerS'),
    node_network_transmit_bytes_total: network('networkTxBytesPerS'),
    node_infiniband_port_data_received_bytes_total: summed('infinibandRxBytesPerS', 'device'),
    node_infiniband_port_data_transmitted_bytes_total: summed('infinibandTxBytesPerS', 'device'),
    node_pressure_cpu_waiting_seconds_total: counter('cpuPressureShare'),
    node_pressure_io_waiting_seconds_total: counter('ioPressureShare'),
    node_pressure_memory_waiting_seconds_total: counter('memoryPressureShare'),
    node_rapl_package_joules_total: summed('packagePowerW', 'path'),
    node_rapl_dram_joules_total: summed('dramPowerW', 'path'),
  },
  subject: hostSubject,
};
