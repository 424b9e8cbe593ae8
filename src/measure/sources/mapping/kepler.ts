import { hostSubject, type ExporterMapping, type Rule } from './mapping.ts';

const joules = (zone: string | null, metric: Rule['metric'], part = 'package'): Rule => ({
  metric,
  counter: true,
  part,
  combine: 'sum',
  ...(zone === null ? {} : { only: (labels) => labels.get('zone') === zone }),
});

/**
 * Kepler (https://sustainable-computing.io): `kepler_node_*_joules_total` up to 0.9 (dynamic and idle are parts of one
 * sum), `kepler_node_cpu_joules_total{zone=...}` since the rewrite (0.10).
 */
export const kepler: ExporterMapping = {
  exporter: 'kepler',
  rules: {
    kepler_node_package_joules_total: joules(null, 'packagePowerW', 'mode'),
    kepler_node_dram_joules_total: joules(null, 'dramPowerW', 'mode'),
    kepler_node_platform_joules_total: joules(null, 'platformPowerW', 'mode'),
    kepler_node_cpu_joules_total: [
      joules('package', 'packagePowerW', 'path'),
      joules('dram', 'dramPowerW', 'path'),
      joules('psys', 'platformPowerW', 'path'),
    ],
  },
  subject: hostSubject,
};
