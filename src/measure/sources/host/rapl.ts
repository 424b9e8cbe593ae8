import { join } from 'node:path';
import type { Reading } from '../series-tracker.ts';

export interface HostFiles {
  /** Text of a file, null when there is none or it may not be read. */
  read(path: string): string | null;
  /** Names in a folder, empty when there is none. */
  list(path: string): string[];
}

export const POWERCAP = '/sys/class/powercap';

/**
 * Energy counters of the CPU (Linux powercap, https://docs.kernel.org/power/powercap/powercap.html). They wrap at
 * `max_energy_range_uj`, every few minutes under load, so growth is added up here. Since 2020 only root may read them:
 * then there are no readings, and the power is unknown.
 */
export function createRapl(files: HostFiles): () => Reading[] {
  const zones = new Map<string, { lastUj: number; totalJ: number }>();
  return () =>
    files.list(POWERCAP).flatMap((zone) => {
      const name = nodeName(files.read(join(POWERCAP, zone, 'name'))?.trim() ?? '');
      const energyUj = number(files.read(join(POWERCAP, zone, 'energy_uj')));
      if (name === null || energyUj === null) return [];
      const rangeUj = number(files.read(join(POWERCAP, zone, 'max_energy_range_uj'))) ?? 0;
      const known = zones.get(zone) ?? { lastUj: energyUj, totalJ: 0 };
      const grownUj = energyUj - known.lastUj;
      known.totalJ += (grownUj < 0 ? grownUj + rangeUj : grownUj) / 1e6;
      known.lastUj = energyUj;
      zones.set(zone, known);
      const labels = new Map([['path', zone]]);
      return [{ name, labels, value: known.totalJ, timestampMs: null }];
    });
}

/** `core` and `uncore` are within the package; `psys` is left to exporters that know the machine. */
function nodeName(zone: string): string | null {
  if (zone.startsWith('package')) return 'node_rapl_package_joules_total';
  return zone === 'dram' ? 'node_rapl_dram_joules_total' : null;
}

function number(text: string | null): number | null {
  const value = text === null || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}
