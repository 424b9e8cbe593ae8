import type { DeviceTotals } from './device-meter.ts';

/** One simulated accelerator as an exporter shows it. */
export interface ShownDevice {
  index: number;
  /** Node that it says to be on. */
  host: string;
  model: string;
  totals: DeviceTotals;
  /** Watts in force. */
  powerLimitW: number;
}

export interface DevicePage {
  /** Series of every device, named as dcgm-exporter does. */
  text(devices: readonly ShownDevice[]): string;
}

/** Stands for the boost clock: only its ratio means anything. */
const FULL_CLOCK_MHZ = 1980;
/** Gauges are means over about this much time before a look, as DCGM's are over its sampling interval. */
const GAUGE_S = 10;
/** Looks that are remembered. */
const MAX_LOOKS = 64;

/**
 * Pages of simulated devices in the names and units of dcgm-exporter, so that they are read as real ones are. `speed`: simulated
 * seconds per real one; counters of time and energy are shown per real second, since that is what readers divide by.
 */
export function createDevicePage(speed: number): DevicePage {
  const looks = new Map<string, DeviceTotals[]>();
  return {
    text(devices) {
      const rows = devices.map((device) => {
        const labels = labelsOf(device);
        return { labels, device, ...meansOf(looks, labels, device.totals, speed) };
      });
      const fields: Array<[string, 'gauge' | 'counter', (row: (typeof rows)[number]) => number]> = [
        ['DCGM_FI_PROF_GR_ENGINE_ACTIVE', 'gauge', (row) => row.mean('activeS')],
        ['DCGM_FI_PROF_SM_ACTIVE', 'gauge', (row) => row.mean('smS')],
        ['DCGM_FI_PROF_PIPE_TENSOR_ACTIVE', 'gauge', (row) => row.mean('tensorS')],
        ['DCGM_FI_PROF_DRAM_ACTIVE', 'gauge', (row) => row.mean('dramS')],
        ['DCGM_FI_DEV_SM_CLOCK', 'gauge', (row) => FULL_CLOCK_MHZ * row.mean('clockShareS')],
        ['DCGM_FI_DEV_POWER_USAGE', 'gauge', (row) => row.mean('energyJ')],
        ['DCGM_FI_DEV_ENFORCED_POWER_LIMIT', 'gauge', ({ device }) => device.powerLimitW],
        [
          'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION',
          'counter',
          ({ device }) => (device.totals.energyJ * 1000) / speed,
        ],
        [
          'DCGM_FI_DEV_POWER_VIOLATION',
          'counter',
          ({ device }) => (device.totals.throttledS * 1e9) / speed,
        ],
        ['DCGM_FI_DEV_THERMAL_VIOLATION', 'counter', () => 0],
      ];
      return fields
        .map(([name, type, value]) =>
          [
            `# TYPE ${name} ${type}`,
            ...rows.map((row) => `${name}{${row.labels}} ${value(row)}`),
            '',
          ].join('\n'),
        )
        .join('');
    },
  };
}

const escapeLabel = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

const labelsOf = ({ index, host, model }: ShownDevice): string =>
  `gpu="${index}",UUID="SIM-${escapeLabel(host)}-${index}",modelName="${escapeLabel(model)} (simulated)",` +
  `Hostname="${escapeLabel(host)}"`;

/** Means since the newest look that is old enough, or else the oldest. */
function meansOf(
  looks: Map<string, DeviceTotals[]>,
  key: string,
  totals: DeviceTotals,
  speed: number,
): { mean(of: keyof DeviceTotals): number } {
  const seen = looks.get(key) ?? [];
  const from =
    seen.findLast((one) => totals.clockS - one.clockS >= GAUGE_S * speed) ?? seen[0] ?? null;
  seen.push(totals);
  if (seen.length > MAX_LOOKS) seen.shift();
  looks.set(key, seen);
  const lengthS = totals.clockS - (from?.clockS ?? 0);
  return {
    mean: (of) => {
      const gained = totals[of] - (from?.[of] ?? 0);
      if (lengthS > 0) return of === 'energyJ' ? gained / lengthS : Math.min(1, gained / lengthS);
      return of === 'clockShareS' ? 1 : 0;
    },
  };
}
