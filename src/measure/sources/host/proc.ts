import type { Reading } from '../series-tracker.ts';

/**
 * Files of /proc as readings under the names of node_exporter, so that one mapping serves both. Formats: proc(5) and
 * https://docs.kernel.org/accounting/psi.html. A line that is not as described is passed over: kernels differ.
 */
const USER_HZ = 100;
const SECTOR_BYTES = 512;

const reading = (
  name: string,
  value: number,
  labels: ReadonlyArray<[string, string]> = [],
): Reading => ({
  name,
  labels: new Map(labels),
  value,
  timestampMs: null,
});

const CPU_MODES = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const;

/** /proc/stat: ticks per CPU and mode. */
export const parseStat = (text: string): Reading[] =>
  [...text.matchAll(/^cpu(\d+) (.*)$/gm)].flatMap(([, cpu = '', rest = '']) => {
    const ticks = rest.trim().split(/ +/).map(Number);
    return CPU_MODES.flatMap((mode, i) => {
      const value = ticks[i];
      if (value === undefined || !Number.isFinite(value)) return [];
      const labels: Array<[string, string]> = [
        ['cpu', cpu],
        ['mode', mode],
      ];
      return [reading('node_cpu_seconds_total', value / USER_HZ, labels)];
    });
  });

/** /proc/meminfo: kibibytes. */
export const parseMeminfo = (text: string): Reading[] =>
  [...text.matchAll(/^(MemTotal|MemAvailable): +(\d+) kB$/gm)].map(([, key = '', kib = '0']) =>
    reading(`node_memory_${key}_bytes`, Number(kib) * 1024),
  );

export function parseLoadavg(text: string): Reading[] {
  const first = /^(\d+\.?\d*) /.exec(text)?.[1];
  return first === undefined ? [] : [reading('node_load1', Number(first))];
}

/** /proc/diskstats: fields 6 and 10 are sectors of 512 bytes read and written, 13 milliseconds with I/O in flight. */
export const parseDiskstats = (text: string): Reading[] =>
  text.split('\n').flatMap((line) => {
    const [, , device, , , read, , , , written, , , busyMs] = line.trim().split(/ +/);
    if (device === undefined || busyMs === undefined) return [];
    const own: Array<[string, string]> = [['device', device]];
    const all = [
      reading('node_disk_read_bytes_total', Number(read) * SECTOR_BYTES, own),
      reading('node_disk_written_bytes_total', Number(written) * SECTOR_BYTES, own),
      reading('node_disk_io_time_seconds_total', Number(busyMs) / 1000, own),
    ];
    return all.every(({ value }) => Number.isFinite(value)) ? all : [];
  });

/** /proc/net/dev: bytes received are the first column after the colon, bytes sent the ninth. */
export const parseNetDev = (text: string): Reading[] =>
  [...text.matchAll(/^ *([^\s:]+): *(\d[\d ]*)$/gm)].flatMap(([, device = '', rest = '']) => {
    const columns = rest.trim().split(/ +/).map(Number);
    const [received] = columns;
    const sent = columns[8];
    if (received === undefined || sent === undefined) return [];
    const own: Array<[string, string]> = [['device', device]];
    return [
      reading('node_network_receive_bytes_total', received, own),
      reading('node_network_transmit_bytes_total', sent, own),
    ];
  });

/** /proc/pressure/*: `some ... total=` is microseconds. */
export function parsePressure(resource: 'cpu' | 'io' | 'memory', text: string): Reading[] {
  const total = /^some .*\btotal=(\d+)/m.exec(text)?.[1];
  if (total === undefined) return [];
  return [reading(`node_pressure_${resource}_waiting_seconds_total`, Number(total) / 1e6)];
}
